//! [`Outcome`]: what became of a query, as a handler must state it.

use std::sync::Arc;

use super::{Answer, By, Flight, Press};
use crate::error::{BoxError, Error};

/// What a handler did with its query. Only the query itself gives one out, so a handler that returns it has not
/// forgotten the answer, and has not answered twice.
///
/// An answer that could not be sent, or that the server refuses, is in here too: the dispatcher hands it to the error
/// handler, so that most handlers need not look.
#[derive(Debug)]
#[must_use = "return the outcome from the handler"]
pub struct Outcome(OutcomeKind);

pub(crate) enum OutcomeKind {
    Answered(Arc<Press>),
    /// On its way; what the server says to it is still to come.
    Written(Written),
    Failed(Arc<Press>, Error),
    Passed(Arc<Press>),
    Later(Arc<Press>),
    /// Not sent yet: the dispatcher does.
    Reply(Answer),
}

/// An answer that is on its way. Dropped (by a handler that fails after it has answered), a task waits for what the
/// server says.
pub(crate) struct Written {
    press: Arc<Press>,
    flight: Option<Flight>,
}

impl Written {
    /// The answer, for whoever waits for the server in its place.
    pub(crate) fn into_flight(mut self) -> (Arc<Press>, Option<Flight>) {
        (Arc::clone(&self.press), self.flight.take())
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        // Outside a runtime nobody can wait.
        if let Some(flight) = self.flight.take()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            let press = Arc::clone(&self.press);
            runtime.spawn(async move {
                if let Err(error) = press.read(flight, By::Handler).await {
                    press.desk.not_sent(&press, error, None).await;
                }
            });
        }
    }
}

impl Outcome {
    pub(super) fn written(press: Arc<Press>, flight: Flight) -> Self {
        Outcome(match flight.has_landed() {
            true => OutcomeKind::Answered(press),
            false => OutcomeKind::Written(Written {
                press,
                flight: Some(flight),
            }),
        })
    }

    pub(super) fn answered(press: Arc<Press>) -> Self {
        Outcome(OutcomeKind::Answered(press))
    }

    pub(super) fn failed(press: Arc<Press>, error: Error) -> Self {
        Outcome(OutcomeKind::Failed(press, error))
    }

    pub(crate) fn passed(press: Arc<Press>) -> Self {
        Outcome(OutcomeKind::Passed(press))
    }

    pub(super) fn later(press: Arc<Press>) -> Self {
        Outcome(OutcomeKind::Later(press))
    }

    pub(crate) fn into_kind(self) -> OutcomeKind {
        self.0
    }

    pub(crate) fn kind(&self) -> &OutcomeKind {
        &self.0
    }

    /// Waits for the server where it has not said yet what it thinks of the answer.
    async fn settle(&mut self) {
        if !matches!(self.0, OutcomeKind::Written(_)) {
            return;
        }
        let press = Arc::clone(self.press());
        let written = std::mem::replace(&mut self.0, OutcomeKind::Answered(Arc::clone(&press)));
        if let OutcomeKind::Written(written) = written
            && let (_, Some(flight)) = written.into_flight()
            && let Err(error) = press.read(flight, By::Handler).await
        {
            self.0 = OutcomeKind::Failed(press, error);
        }
    }

    /// Why the answer could not be sent, or why the server has refused it, if so. Waits for the server: the user's
    /// next press waits with it.
    ///
    /// ```
    /// use ringback::{ApiErrorKind, CallbackQuery, Outcome};
    ///
    /// async fn save(query: CallbackQuery) -> Outcome {
    ///     let mut outcome = query.answer().text("Saved.").await;
    ///     if outcome.error().await.is_some_and(|error| error.is(ApiErrorKind::QueryTooOld)) {
    ///         // … the user has not seen it: a message would be better
    ///     }
    ///     outcome
    /// }
    /// ```
    pub async fn error(&mut self) -> Option<&Error> {
        self.settle().await;
        match &self.0 {
            OutcomeKind::Failed(_, error) => Some(error),
            _ => None,
        }
    }

    /// Whether an answer was sent, and the server took it. Waits for the server, as [`error`](Self::error).
    pub async fn is_answered(&mut self) -> bool {
        self.settle().await;
        matches!(self.0, OutcomeKind::Answered(_))
    }

    pub(crate) fn is_passed(&self) -> bool {
        matches!(self.0, OutcomeKind::Passed(_))
    }

    /// Whose query this is the outcome of.
    pub(crate) fn press(&self) -> &Arc<Press> {
        match &self.0 {
            OutcomeKind::Answered(press)
            | OutcomeKind::Failed(press, _)
            | OutcomeKind::Passed(press)
            | OutcomeKind::Later(press)
            | OutcomeKind::Written(Written { press, .. }) => press,
            OutcomeKind::Reply(answer) => answer.press(),
        }
    }
}

impl std::fmt::Debug for OutcomeKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            OutcomeKind::Answered(_) => f.write_str("Answered"),
            OutcomeKind::Written(_) => f.write_str("Written"),
            OutcomeKind::Failed(_, error) => f.debug_tuple("Failed").field(error).finish(),
            OutcomeKind::Passed(_) => f.write_str("Passed"),
            OutcomeKind::Later(_) => f.write_str("Later"),
            OutcomeKind::Reply(answer) => answer.fmt(f),
        }
    }
}

impl From<Answer> for Outcome {
    /// The answer, for the dispatcher to send.
    fn from(answer: Answer) -> Self {
        Outcome(OutcomeKind::Reply(answer))
    }
}

/// What a callback handler may return: an [`Outcome`], an [`Answer`] for the dispatcher to send, or a `Result` of
/// one of them. After an `Err` the dispatcher answers for the handler and tells the error handler.
#[diagnostic::on_unimplemented(
    message = "a callback handler must say what became of its query; `{Self}` does not",
    label = "this must return `Outcome`, `Answer` or a `Result` of one of them",
    note = "end every path with `query.answer().await`, `query.pass()` or `query.answer_later()`"
)]
pub trait IntoOutcome {
    /// The outcome, or the handler's error.
    #[doc(hidden)]
    fn into_outcome(self) -> Result<Outcome, BoxError>;
}

impl IntoOutcome for Outcome {
    fn into_outcome(self) -> Result<Outcome, BoxError> {
        Ok(self)
    }
}

impl IntoOutcome for Answer {
    fn into_outcome(self) -> Result<Outcome, BoxError> {
        Ok(self.into())
    }
}

impl<O: IntoOutcome, E: Into<BoxError>> IntoOutcome for Result<O, E> {
    fn into_outcome(self) -> Result<Outcome, BoxError> {
        self.map_err(Into::into)?.into_outcome()
    }
}
