//! [`Retry`]: what is sent again, and when.

use std::time::Duration;

use tokio::time::Instant;

use super::Class;
use crate::backoff::Backoff;
use crate::error::{ApiErrorKind, Error};

/// An answer that comes later than this ends nobody's waiting any more (Telegram waits 10 to 15 seconds).
const ANSWER: Duration = Duration::from_secs(10);

/// Which calls a bot sends again by itself, and for how long.
///
/// What may be repeated depends on the method: [the table](crate::outgoing::table) says it for each. Between tries is a
/// pause that grows from 0.2 s to 15 s and is never the same for two bots; after a 429 it is as long as the server
/// asks for. Such a 429 also holds up the other calls for the same chat (but no other chat's, and no answer), and when
/// three chats are refused within a second, all new messages: then the bot as a whole is too fast.
///
/// By default a call is tried four times in all, and no try begins more than a minute after the first. A 429 that asks
/// for more than that is an error at once.
///
/// An answer to a query is worth nothing to a user who has gone on: its tries take [five seconds](crate::Builder::answer_timeout)
/// each at most, and none begins later than ten seconds after the first.
///
/// A file that is [read while it is sent](crate::upload) is not sent again once any of it was read, unless it is a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retry {
    times: u32,
    patience: Duration,
}

impl Retry {
    /// No call is sent again, and no 429 holds up anything: the caller does what is to be done.
    pub fn none() -> Self {
        Retry {
            times: 0,
            patience: Duration::ZERO,
        }
    }

    /// How often a call is sent again at most. Default: 3.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = times;
        self
    }

    /// How long after the first try the last one may begin. Default: a minute.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// For how long a chat may be held up, if at all.
    pub(super) fn holds(&self) -> Option<Duration> {
        (self.times > 0).then_some(self.patience)
    }

    /// For one call, whose first try has failed like this now.
    pub(super) fn start(&self, class: Class, error: &Error) -> Tries {
        let taken = match error {
            Error::Timeout { limit, .. } => *limit,
            _ => Duration::ZERO,
        };
        let patience = match class {
            Class::Answer => self.patience.min(ANSWER),
            _ => self.patience,
        };
        Tries {
            left: self.times,
            until: Instant::now() + patience.saturating_sub(taken),
            backoff: Backoff::default(),
            class,
        }
    }
}

impl Default for Retry {
    fn default() -> Self {
        Retry {
            times: 3,
            patience: Duration::from_secs(60),
        }
    }
}

/// What is left for one call.
pub(super) struct Tries {
    left: u32,
    until: Instant,
    backoff: Backoff,
    class: Class,
}

impl Tries {
    /// How long to wait before the next try; `None` if there is to be none.
    pub(super) fn after(&mut self, error: &Error) -> Option<Duration> {
        let again = match is_safe(error) {
            Safe::Always => true,
            Safe::IfRepeatable => self.class.is_repeatable(),
            Safe::Never => false,
        };
        if !again || self.left == 0 {
            return None;
        }
        self.left -= 1;
        let pause = error.retry_after().unwrap_or_else(|| self.backoff.next());
        (Instant::now() + pause <= self.until).then_some(pause)
    }
}

enum Safe {
    /// The server has certainly not carried it out.
    Always,
    /// Nobody knows.
    IfRepeatable,
    /// It would be refused again.
    Never,
}

fn is_safe(error: &Error) -> Safe {
    match error {
        Error::Network { sent: false, .. } => Safe::Always,
        Error::Api(refusal) if refusal.kind == ApiErrorKind::TooManyRequests => Safe::Always,
        // A gateway's own page: 429 from it has no time in it, and nothing behind it has seen the call.
        Error::Response { status: 429, .. } => Safe::Always,
        error if error.is_uncertain() => Safe::IfRepeatable,
        _ => Safe::Never,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ApiError;

    fn refused(code: u16, text: &str) -> Error {
        ApiError::new("sendMessage", code, text.into()).into()
    }

    fn broken(sent: bool) -> Error {
        Error::Network {
            method: "sendMessage",
            sent,
            source: "broken".into(),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_message_is_not_sent_twice() {
        for (error, sends, sets) in [
            (broken(false), true, true),
            (broken(true), false, true),
            (refused(429, "Too Many Requests: retry after 1"), true, true),
            (refused(500, "Internal Server Error"), false, true),
            (refused(400, "Bad Request: chat not found"), false, false),
            (
                refused(403, "Forbidden: bot was blocked by the user"),
                false,
                false,
            ),
            (
                refused(409, "Conflict: terminated by other getUpdates request"),
                false,
                false,
            ),
            (
                Error::Response {
                    method: "m",
                    status: 502,
                    source: "html".into(),
                },
                false,
                true,
            ),
            (
                Error::Response {
                    method: "m",
                    status: 200,
                    source: "html".into(),
                },
                false,
                false,
            ),
            (
                Error::Timeout {
                    method: "m",
                    limit: Duration::from_secs(1),
                },
                false,
                true,
            ),
        ] {
            let again = |class| Retry::default().start(class, &error).after(&error).is_some();
            assert_eq!(again(Class::Send), sends, "{error}");
            assert_eq!(again(Class::Once), sends, "{error}");
            assert_eq!(again(Class::Set), sets, "{error}");
            assert_eq!(again(Class::Read), sets, "{error}");
            assert_eq!(again(Class::Answer), sets, "{error}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn tries_come_to_an_end() {
        let mut tries = Retry::default().start(Class::Read, &broken(true));
        let pauses: Vec<_> = std::iter::from_fn(|| tries.after(&broken(true))).collect();
        assert_eq!(pauses.len(), 3);
        assert!(pauses.iter().all(|pause| *pause > Duration::ZERO));
        assert!(
            Retry::none()
                .start(Class::Read, &broken(false))
                .after(&broken(false))
                .is_none()
        );

        // No try begins when the patience is over.
        let mut tries = Retry::default()
            .patience(Duration::from_secs(5))
            .start(Class::Read, &broken(true));
        tokio::time::advance(Duration::from_secs(6)).await;
        assert!(tries.after(&broken(true)).is_none());

        // Nor when the first try alone has taken that long.
        let slow = Error::Timeout {
            method: "m",
            limit: Duration::from_secs(60),
        };
        assert!(Retry::default().start(Class::Read, &slow).after(&slow).is_none());

        // Nobody waits a minute for an answer.
        let mut asked = ApiError::new("m", 429, "Too Many Requests: retry after 11".into());
        asked.retry_after = Some(Duration::from_secs(11));
        let asked = Error::from(asked);
        assert!(
            Retry::default()
                .start(Class::Answer, &asked)
                .after(&asked)
                .is_none()
        );
        assert_eq!(
            Retry::default().start(Class::Send, &asked).after(&asked),
            Some(Duration::from_secs(11))
        );
    }
}
