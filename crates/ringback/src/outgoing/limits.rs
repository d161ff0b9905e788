//! [`Limits`]: how fast Telegram takes messages.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// How fast a bot sends messages: calls that put one into a chat wait until it is their turn.
///
/// Telegram's own limits, which are the default: about 30 messages a second in all, one a second in a private chat
/// with short bursts (here: 5 in 5 seconds), 20 a minute in a group or channel. Telegram publishes no exact numbers and
/// changes them; who comes near to them is told to wait (429), and this, too, is [obeyed](crate::Retry).
///
/// ```
/// # fn example() -> Result<(), ringback::Error> {
/// use ringback::{Bot, Limits, Rate};
///
/// // A bot whose owner has agreed higher limits with Telegram.
/// let limits = Limits::telegram().overall(Some(Rate::per_second(100)));
/// let bot = Bot::builder("7000000001:AAE-the-rest-of-the-token").limits(limits).build()?;
/// # Ok(()) }
/// ```
///
/// # Why they are on
///
/// A bot that sends too fast loses messages, or its place in the queue: a refused call costs the whole chat the time
/// that the 429 states, a call that waits here costs a second. Bots that never come near the limits pay nothing: an idle
/// chat's message goes at once. Switch them off ([`Limits::none`]) where nobody counts, as on a local server.
///
/// # What waits
///
/// Only calls that put a message into a chat (see [the table](crate::outgoing::table)). One chat's wait in the order in
/// which they were made, and hold up no other chat. Answers to queries never wait. A broadcast that
/// [pays](ringback_botapi::SendMessage::allow_paid_broadcast) does not count as one of the 30. An album, and a batch of
/// copies, counts as one message. A call waits for as long as the limit says; who does not want to wait so long drops
/// it (`tokio::time::timeout`), and it has counted for nothing.
///
/// Waiting calls are the only thing that grows: they are as many as the bot makes at a time. What is remembered of a
/// chat is forgotten when its limit can't matter any more.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// All chats together.
    pub overall: Option<Rate>,
    /// One private chat.
    pub private: Option<Rate>,
    /// One group, supergroup or channel, or a chat that is named by its `@username`.
    pub group: Option<Rate>,
}

impl Limits {
    /// Those that Telegram states in its documents for bots.
    pub fn telegram() -> Self {
        Limits {
            overall: Some(Rate::per_second(30)),
            private: Some(Rate::new(5, Duration::from_secs(5))),
            group: Some(Rate::new(20, Duration::from_secs(60))),
        }
    }

    /// None: calls go as they come. A 429 still holds up its chat.
    pub fn none() -> Self {
        Limits {
            overall: None,
            private: None,
            group: None,
        }
    }

    /// Another limit for all chats together; `None` for none.
    #[must_use]
    pub fn overall(mut self, rate: Option<Rate>) -> Self {
        self.overall = rate;
        self
    }

    /// Another limit for one private chat; `None` for none.
    #[must_use]
    pub fn private(mut self, rate: Option<Rate>) -> Self {
        self.private = rate;
        self
    }

    /// Another limit for one group or channel; `None` for none.
    #[must_use]
    pub fn group(mut self, rate: Option<Rate>) -> Self {
        self.group = rate;
        self
    }
}

impl Default for Limits {
    /// Telegram's.
    fn default() -> Self {
        Limits::telegram()
    }
}

/// No more than so many messages in any stretch of this length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    count: u32,
    per: Duration,
}

impl Rate {
    /// No more than `count` (at least 1) in any `per`.
    pub fn new(count: u32, per: Duration) -> Self {
        Rate {
            count: count.max(1),
            per,
        }
    }

    /// No more than `count` in any second.
    pub fn per_second(count: u32) -> Self {
        Self::new(count, Duration::from_secs(1))
    }

    /// The average distance between two.
    pub(super) fn interval(self) -> Duration {
        self.per / self.count
    }
}

/// The latest messages under a rate.
#[derive(Debug, Default)]
pub(super) struct Window(VecDeque<Instant>);

impl Window {
    /// When the next may go: now or earlier, or at that time.
    pub(super) fn free(&self, rate: Rate) -> Option<Instant> {
        let last = usize::try_from(rate.count).unwrap_or(usize::MAX);
        let earliest = self.0.len().checked_sub(last)?;
        Some(*self.0.get(earliest)? + rate.per)
    }

    pub(super) fn newest(&self) -> Option<Instant> {
        self.0.back().copied()
    }

    pub(super) fn take(&mut self, rate: Rate, now: Instant) {
        while self.0.front().is_some_and(|at| *at + rate.per <= now) {
            self.0.pop_front();
        }
        self.0.push_back(now);
    }

    /// Whether nothing in it can matter any more.
    pub(super) fn is_over(&self, rate: Option<Rate>, now: Instant) -> bool {
        match (self.newest(), rate) {
            (Some(newest), Some(rate)) => newest + rate.per <= now,
            _ => true,
        }
    }
}
