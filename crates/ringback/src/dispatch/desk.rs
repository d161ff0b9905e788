//! Where what a handler left undone is finished: fallback answers and reports.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use ringback_botapi::AnswerCallbackQuery;

use super::Hold;
use crate::bot::Bot;
use crate::data::DataError;
use crate::error::{ApiErrorKind, BoxError, Error};
use crate::handler::BoxFuture;
use crate::meter;
use crate::query::{By, Flight, Press};
use crate::session::SessionError;

/// Something that went wrong with an update, for the error handler. [`Display`](fmt::Display) says it in one line.
#[derive(Debug)]
#[non_exhaustive]
pub struct Report {
    /// The update, if it is about one.
    pub update_id: Option<i64>,
    /// The user whose press it was, if it was one.
    pub user_id: Option<i64>,
    /// What went wrong.
    pub failure: Failure,
}

/// What went wrong with an update.
#[derive(Debug)]
#[non_exhaustive]
pub enum Failure {
    /// The handler returned this error, or one of its extractors did.
    Handler(BoxError),
    /// The handler panicked with this message.
    Panic(String),
    /// The handler has not answered within this time. The dispatcher has; the handler goes on.
    Deadline(Duration),
    /// The handler has not ended within this time, and was dropped.
    Abandoned(Duration),
    /// An answer could not be sent, or the server has refused it.
    NotSent(Error),
    /// An answer was sent, more than once if there was time, and it is [not known](Error::is_uncertain) whether the
    /// server has taken it. It did not respond; or a repeated try was told that the query is not known any more, be it
    /// that an earlier try had answered it or that it is too old.
    Unconfirmed(Error),
    /// A button's data has its type's mark, but not its form: an old button, or a forgery.
    Data(DataError),
    /// The handler returned the outcome of another query.
    WrongOutcome,
    /// A [`Later`](crate::Later) was dropped without an answer.
    Dropped,
    /// The program stops, and the answer that was left to a [`Later`](crate::Later) has not come within the time for
    /// [draining](crate::Polling::drain). The dispatcher has answered.
    Stopped,
    /// The [store of what has been handled](crate::Polling::dedupe) can't be asked or written. The update is handled.
    Dedupe(BoxError),
    /// The update has not the form that it should have; no handler has seen it.
    Unreadable(String),
    /// What was kept of a session can't be read: it is begun anew, and handled so.
    Session(SessionError),
    /// Updates can't be received; polling goes on.
    Polling(Error),
    /// The [inbox](crate::Polling::inbox) can't be written, for want of room on the disk, say. It is tried again, and
    /// nothing more is received until it can be.
    Inbox(std::io::Error),
}

impl Failure {
    /// What has become of an answer that the server has not taken, as far as is known.
    fn answer(error: Error) -> Self {
        match error.is_uncertain() {
            true => Failure::Unconfirmed(error),
            false => Failure::NotSent(error),
        }
    }
}

impl Report {
    pub(crate) fn new(update_id: Option<i64>, failure: Failure) -> Self {
        Report {
            update_id,
            user_id: None,
            failure,
        }
    }

    pub(crate) fn of(press: &Press, failure: Failure) -> Self {
        Report {
            update_id: Some(press.update_id),
            user_id: Some(press.query.from.id),
            failure,
        }
    }

    /// An old button or a forged one: the visitors' doing, for which nobody is to be woken.
    fn is_about_a_button(&self) -> bool {
        matches!(&self.failure, Failure::Data(error) if !matches!(error, DataError::Unavailable(_)))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(id) = self.update_id {
            write!(f, "update {id}: ")?;
        }
        match &self.failure {
            Failure::Handler(error) => write!(f, "the handler failed: {error}"),
            Failure::Panic(message) => write!(f, "the handler panicked: {message}"),
            Failure::Deadline(limit) => write!(f, "no answer from the handler within {limit:?}"),
            Failure::Abandoned(limit) => {
                write!(f, "the handler has not ended within {limit:?} and was dropped")
            }
            Failure::NotSent(error) => write!(f, "the answer was not sent: {error}"),
            Failure::Data(error) => write!(f, "a button can't be read: {error}"),
            Failure::WrongOutcome => write!(f, "the handler returned the outcome of another query"),
            Failure::Unconfirmed(error) => {
                write!(f, "it is not known whether the answer has come through: {error}")
            }
            Failure::Dropped => write!(f, "the answer that was to come later was dropped"),
            Failure::Stopped => write!(
                f,
                "the bot stops, and the answer that was to come later has not come"
            ),
            Failure::Dedupe(error) => write!(f, "the store of what has been handled failed: {error}"),
            Failure::Unreadable(why) => write!(f, "it can't be read: {why}"),
            Failure::Session(error) => write!(f, "{error}"),
            Failure::Polling(error) => write!(f, "can't receive updates: {error}"),
            Failure::Inbox(error) => write!(f, "the inbox can't be written: {error}"),
        }
    }
}

/// Why the dispatcher answers a query instead of a handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// No handler took it: an old button, mostly.
    Unclaimed,
    /// Its data can't be read any more, or was forged.
    Malformed,
    /// Its data is of a time that is over: a former version of its type, or a stored value that has expired or was
    /// used. See [`DataError::Outdated`].
    Outdated,
    /// It is another user's button, or another chat's, or a forgery. See [`DataError::Refused`].
    Refused,
    /// The handler failed.
    Failed,
    /// The handler takes too long.
    Late,
}

impl Reason {
    /// Why data could not be read.
    pub(crate) fn of(error: &DataError) -> Self {
        match error {
            DataError::Outdated(_) => Reason::Outdated,
            DataError::Refused(_) => Reason::Refused,
            DataError::Unavailable(_) => Reason::Failed,
            _ => Reason::Malformed,
        }
    }
}

/// What is seldom done, kept apart: it would make every handler's task larger.
type Cold<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// What is left to do about a press whose answer is on its way: to hear what the server says, and to report.
pub(crate) struct Rest {
    /// The answer; or why it could not be written.
    answer: Result<Flight, Error>,
    by: By,
    /// Why there is a fallback.
    failure: Option<Box<Failure>>,
    /// Who is told: a route's own error handler, or the bot's.
    to: Option<ErrorHandler>,
    /// The update is in hand until this is done.
    owed: Option<Arc<Hold>>,
}

impl Rest {
    /// A handler's answer; nothing if nothing is left to do about it.
    pub(super) fn of(answer: Result<Flight, Error>, to: Option<&ErrorHandler>) -> Option<Self> {
        match answer {
            Ok(flight) if flight.has_landed() => None,
            answer => Some(Rest {
                answer,
                by: By::Handler,
                failure: None,
                to: to.cloned(),
                owed: None,
            }),
        }
    }
}

pub(crate) type ErrorHandler = Arc<dyn Fn(Report) -> BoxFuture<()> + Send + Sync>;
pub(crate) type Fallback = Arc<dyn Fn(Reason, AnswerCallbackQuery) -> AnswerCallbackQuery + Send + Sync>;

/// The bot, and what to do about a query that its handler did not finish.
#[derive(Clone)]
pub(crate) struct Desk {
    pub(crate) bot: Bot,
    pub(crate) on_error: ErrorHandler,
    pub(crate) fallback: Fallback,
}

impl Desk {
    pub(crate) fn new(bot: Bot) -> Self {
        Desk {
            bot,
            on_error: Arc::new(|report| {
                // A first bot has no subscriber, and its author is to see what goes wrong all the same.
                if tracing::dispatcher::get_default(|to| to.is::<tracing::subscriber::NoSubscriber>()) {
                    eprintln!("{report}");
                } else if report.is_about_a_button() {
                    tracing::warn!("{report}");
                } else {
                    tracing::error!("{report}");
                }
                Box::pin(std::future::ready(()))
            }),
            fallback: Arc::new(|_, empty| empty),
        }
    }

    /// Tells an error handler: a route's own, or the bot's.
    pub(crate) async fn report(&self, to: Option<&ErrorHandler>, report: Report) {
        to.unwrap_or(&self.on_error)(report).await;
    }

    /// Answers for the handler, unless an answer has been sent.
    pub(crate) fn give_up<'a>(
        &'a self,
        press: &'a Press,
        reason: Reason,
        failure: Option<Failure>,
        to: Option<&'a ErrorHandler>,
    ) -> Cold<'a> {
        Box::pin(async move {
            let failure = failure.map(Box::new);
            if let Some(rest) = self.begin_giving_up(press, reason, failure, to).await {
                self.finish(press, rest).await;
            }
        })
    }

    /// The same up to the moment when the answer is on its way. It comes first: a report may take its time.
    pub(super) fn begin_giving_up<'a>(
        &'a self,
        press: &'a Press,
        reason: Reason,
        failure: Option<Box<Failure>>,
        to: Option<&'a ErrorHandler>,
    ) -> Pin<Box<dyn Future<Output = Option<Rest>> + Send + 'a>> {
        Box::pin(async move {
            let (answer, owed) = match press.claim() {
                true => {
                    let owed = press.settle();
                    (self.answer_for(press, reason).await, owed)
                }
                false => (Ok(Flight::landed()), None),
            };
            let nothing = failure.is_none() && answer.as_ref().is_ok_and(Flight::has_landed);
            (!nothing).then(|| Rest {
                answer,
                by: By::Fallback,
                failure,
                to: to.cloned(),
                owed,
            })
        })
    }

    /// Waits for what the server says to an answer, and tells whoever is to be told.
    #[allow(
        clippy::manual_async_fn,
        reason = "an async fn keeps its arguments twice, and this one is made for every answer"
    )]
    pub(super) fn finish<'a>(&'a self, press: &'a Press, rest: Rest) -> impl Future<Output = ()> + Send + 'a {
        async move {
            // Let go at the end.
            let _owed = rest.owed;
            let sent = match rest.answer {
                Ok(flight) => press.read(flight, rest.by).await,
                Err(error) => Err(error),
            };
            let to = rest.to.as_ref();
            if let Some(failure) = rest.failure {
                self.report(to, Report::of(press, *failure)).await;
            }
            match sent {
                Ok(()) => {}
                Err(error) if rest.by == By::Handler => self.not_sent(press, error, to).await,
                Err(error) => self.report(to, Report::of(press, Failure::answer(error))).await,
            }
        }
    }

    /// A handler's answer was claimed and could not be sent. What the server refused for its content leaves the user
    /// waiting: the fallback answer may still get through.
    pub(crate) fn not_sent<'a>(
        &'a self,
        press: &'a Press,
        error: Error,
        to: Option<&'a ErrorHandler>,
    ) -> Cold<'a> {
        Box::pin(self.not_sent_now(press, error, to))
    }

    async fn not_sent_now(&self, press: &Press, error: Error, to: Option<&ErrorHandler>) {
        let refused =
            error.api().is_some_and(|error| error.code == 400) && !error.is(ApiErrorKind::QueryTooOld);
        let again = match refused {
            true => match self.answer_for(press, Reason::Failed).await {
                Ok(flight) => press.read(flight, By::Fallback).await,
                Err(error) => Err(error),
            },
            false => Ok(()),
        };
        self.report(to, Report::of(press, Failure::answer(error))).await;
        if let Err(error) = again {
            self.report(to, Report::of(press, Failure::answer(error))).await;
        }
    }

    async fn answer_for(&self, press: &Press, reason: Reason) -> Result<Flight, Error> {
        let answer = (self.fallback)(reason, AnswerCallbackQuery::new(press.query.id.as_str()));
        meter::fallback(reason);
        press.write(&answer, By::Fallback).await
    }
}
