//! Running the handlers of one update, and making good what they leave undone.

use std::any::Any;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::FutureExt;

use super::{Dispatcher, Failure, Job, Reason, Work};
use crate::context::{Context, Subject};
use crate::error::BoxError;
use crate::handler::{Flow, Offer};
use crate::query::{Outcome, OutcomeKind, Press};

impl Dispatcher {
    /// Does an update's work. What panics here is no handler (those are guarded by themselves) but the bot's error
    /// handler or its fallback; the lane must go on.
    pub(super) async fn handle(&self, job: Job) {
        let update_id = job.update_id;
        if let Err(panic) = AssertUnwindSafe(self.work(job)).catch_unwind().await {
            tracing::error!(
                update_id,
                "the error handler, or the fallback, panicked: {}",
                message(&*panic)
            );
        }
    }

    async fn work(&self, job: Job) {
        match &job.work {
            Work::Press(press) => self.press(press).await,
            Work::Other { kind, json } => {
                if let Err(failure) = self.other(kind, json).await {
                    self.desk.report(Some(job.update_id), None, failure).await;
                }
            }
            Work::Unreadable(why) => {
                self.desk
                    .report(Some(job.update_id), None, Failure::Unreadable(why.clone()))
                    .await;
            }
        }
    }

    /// Offers a press to its routes, one after the other, until one keeps it.
    async fn press(&self, press: &Arc<Press>) {
        let subject = Subject::Press(Arc::clone(press));
        let context = Context::new(self.desk.bot.clone(), Arc::clone(&self.routes.states), subject);
        let mut malformed = None;
        for turn in self.routes.callbacks(press.query.data.as_deref()) {
            if !press.pending() {
                // The deadline has passed while the press waited or was passed on: there is nothing left to answer.
                return;
            }
            // Filters and decoding are the bot's code, too: they may panic like a handler.
            let offer = std::panic::catch_unwind(AssertUnwindSafe(|| match turn.lets(&context) {
                true => turn.handler.offer(press, &context),
                false => Offer::NotMine,
            }));
            let handler = match offer {
                Ok(Offer::Taken(handler)) => handler,
                Ok(Offer::NotMine) => continue,
                Ok(Offer::Malformed(error)) => {
                    malformed = Some(error);
                    continue;
                }
                Err(panic) => {
                    return self
                        .desk
                        .give_up(press, Reason::Failed, Some(Failure::Panic(message(&*panic))))
                        .await;
                }
            };
            match self.guard(handler).await {
                Ok(outcome) => match self.settle(press, outcome).await {
                    Flow::Done => return,
                    Flow::Pass => {}
                },
                Err(failure) => return self.desk.give_up(press, Reason::Failed, Some(failure)).await,
            }
        }
        match malformed {
            Some(error) => {
                self.desk
                    .give_up(press, Reason::Malformed, Some(Failure::Data(error)))
                    .await
            }
            None => self.desk.give_up(press, Reason::Unclaimed, None).await,
        }
    }

    /// Does what is left to do about an outcome; `Pass` if the next route is to be asked.
    async fn settle(&self, press: &Arc<Press>, outcome: Outcome) -> Flow {
        if !Arc::ptr_eq(outcome.press(), press) {
            self.desk
                .give_up(press, Reason::Failed, Some(Failure::WrongOutcome))
                .await;
            return Flow::Done;
        }
        match outcome.into_kind() {
            OutcomeKind::Passed(_) => return Flow::Pass,
            OutcomeKind::Answered(_) | OutcomeKind::Later(_) => {}
            OutcomeKind::Failed(_, error) => self.desk.not_sent(press, error).await,
            OutcomeKind::Reply(answer) => {
                if let OutcomeKind::Failed(_, error) = answer.deliver().await.into_kind() {
                    self.desk.not_sent(press, error).await;
                }
            }
        }
        Flow::Done
    }

    async fn other(&self, kind: &'static str, json: &Bytes) -> Result<(), Failure> {
        let mut turns = self.routes.updates(kind).peekable();
        let Some(first) = turns.peek() else { return Ok(()) };
        let content = first.parse()(json).map_err(|error| Failure::Unreadable(error.to_string()))?;
        let subject = Subject::Other {
            kind,
            json: json.clone(),
            content: Arc::clone(&content),
        };
        let context = Context::new(self.desk.bot.clone(), Arc::clone(&self.routes.states), subject);
        for turn in turns {
            let lets = || turn.lets(&context, self.me.get().map(String::as_str));
            let lets = std::panic::catch_unwind(AssertUnwindSafe(lets));
            if !lets.map_err(|panic| Failure::Panic(message(&*panic)))? {
                continue;
            }
            if let Some(handler) = turn.handler().call(&content, &context)
                && self.guard(handler).await? == Flow::Done
            {
                break;
            }
        }
        Ok(())
    }

    /// Runs a handler: its panic, its error and its hanging are values.
    async fn guard<T>(&self, handler: impl Future<Output = Result<T, BoxError>>) -> Result<T, Failure> {
        let limit = self.settings.abandon_after;
        match tokio::time::timeout(limit, AssertUnwindSafe(handler).catch_unwind()).await {
            Ok(Ok(Ok(value))) => Ok(value),
            Ok(Ok(Err(error))) => Err(Failure::Handler(error)),
            Ok(Err(panic)) => Err(Failure::Panic(message(&*panic))),
            Err(_) => Err(Failure::Abandoned(limit)),
        }
    }
}

/// What a panic said.
fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".to_owned())
}
