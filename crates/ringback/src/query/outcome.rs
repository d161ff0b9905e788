//! [`Outcome`]: what became of a query, as a handler must state it.

use std::sync::Arc;

use super::{Answer, Press};
use crate::error::{BoxError, Error};

/// What a handler did with its query. Only the query itself gives one out, so a handler that returns it has not
/// forgotten the answer, and has not answered twice.
///
/// An answer that could not be sent is in here too: the dispatcher hands it to the error handler, so that most
/// handlers need not look.
#[derive(Debug)]
#[must_use = "return the outcome from the handler"]
pub struct Outcome(OutcomeKind);

pub(crate) enum OutcomeKind {
    Answered(Arc<Press>),
    Failed(Arc<Press>, Error),
    Passed(Arc<Press>),
    Later(Arc<Press>),
    /// Not sent yet: the dispatcher does.
    Reply(Answer),
}

impl Outcome {
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

    /// Why the answer could not be sent, if it could not.
    pub fn error(&self) -> Option<&Error> {
        match &self.0 {
            OutcomeKind::Failed(_, error) => Some(error),
            _ => None,
        }
    }

    /// Whether an answer was sent, and the server took it.
    pub fn is_answered(&self) -> bool {
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
            | OutcomeKind::Later(press) => press,
            OutcomeKind::Reply(answer) => answer.press(),
        }
    }
}

impl std::fmt::Debug for OutcomeKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            OutcomeKind::Answered(_) => f.write_str("Answered"),
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
