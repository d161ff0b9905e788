//! [`Later`]: the obligation to answer, for a task that outlives the handler.

use std::sync::Arc;

use tokio::runtime::Handle;

use super::{Answer, By, Press};
use crate::dispatch::{Failure, Reason};

/// The obligation to answer a query, outside its handler. See
/// [`answer_later`](super::CallbackQuery::answer_later).
///
/// ```
/// use ringback::{CallbackQuery, Outcome};
///
/// async fn report(query: CallbackQuery) -> Outcome {
///     let (later, outcome) = query.answer_later();
///     tokio::spawn(async move {
///         // … something that takes two seconds
///         later.answer_with(|answer| answer.text("The report is ready.")).await;
///     });
///     outcome
/// }
/// ```
#[must_use = "the query is still to be answered"]
pub struct Later {
    press: Option<Arc<Press>>,
    /// The bot's, for a task that lives elsewhere.
    runtime: Option<Handle>,
}

impl Later {
    pub(super) fn new(press: Arc<Press>) -> Self {
        press.owe();
        Later {
            press: Some(press),
            runtime: Handle::try_current().ok(),
        }
    }

    /// Answers with nothing to show. What goes wrong is told to the error handler.
    pub async fn answer(self) {
        self.answer_with(|answer| answer).await;
    }

    /// Answers with what `fill` puts into the answer. What goes wrong is told to the error handler.
    pub async fn answer_with(mut self, fill: impl FnOnce(Answer) -> Answer) {
        let Some(press) = self.press.clone() else { return };
        // If it panics, the obligation is dropped.
        let answer = fill(Answer::new(Arc::clone(&press)));
        self.press = None;
        if !press.claim() {
            // The dispatcher has answered, and has reported that.
            return;
        }
        let _owed = press.settle();
        let sent = match press.write(answer.method(), By::Handler).await {
            Ok(flight) => press.read(flight, By::Handler).await,
            Err(error) => Err(error),
        };
        if let Err(error) = sent {
            press.desk.not_sent(&press, error, None).await;
        }
    }
}

impl Drop for Later {
    fn drop(&mut self) {
        let Some(press) = self.press.take().filter(|press| press.pending()) else {
            return;
        };
        if let Some(runtime) = self.runtime.take() {
            runtime.spawn(async move {
                press
                    .desk
                    .give_up(&press, Reason::Failed, Some(Failure::Dropped), None)
                    .await
            });
        }
    }
}

impl std::fmt::Debug for Later {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Later")
            .field("id", &self.press.as_ref().map(|press| &press.query.id))
            .finish()
    }
}
