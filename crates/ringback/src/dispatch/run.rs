//! Running the handlers of one update, and making good what they leave undone.

use std::any::Any;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::FutureExt;
use ringback_botapi::AnswerCallbackQuery;
use tokio::time::Instant;
use tracing::Instrument;

use super::desk::Rest;
use super::lanes::Key;
use super::{Dispatcher, ErrorHandler, Failure, Job, Reason, Report, Work};
use crate::context::{Context, Subject};
use crate::error::BoxError;
use crate::handler::{Flow, Offer};
use crate::middleware;
use crate::query::{By, OutcomeKind, Press};
use crate::time::timeout_at;

/// Gives an update's sessions free when its handlers are done, however that comes.
struct Sessions<'a>(&'a Context);

impl Drop for Sessions<'_> {
    fn drop(&mut self) {
        if let Some(sessions) = self.0.loaded_sessions() {
            sessions.end();
        }
    }
}

/// A press that no handler has answered, and who is told.
struct Undone<'a> {
    reason: Reason,
    failure: Option<Box<Failure>>,
    to: Option<&'a ErrorHandler>,
}

impl Dispatcher {
    /// Does an update, and then what its lane holds: the next begins when the handlers of the one before have ended
    /// and its answer has been written, whatever the server will say to that answer.
    #[allow(
        clippy::manual_async_fn,
        reason = "an async fn keeps its arguments twice, and this one is made for every update"
    )]
    pub(super) fn lane(self: Arc<Self>, key: Option<Key>, mut job: Job) -> impl Future<Output = ()> + Send {
        async move {
            loop {
                match self.handle(&job).await {
                    None => drop(job),
                    Some(rest) => {
                        let finish = Box::pin(Arc::clone(&self).finish(job, rest));
                        match self.settings.strict_order {
                            true => finish.await,
                            false => drop(tokio::spawn(finish)),
                        }
                    }
                }
                match key.and_then(|key| self.lanes.next(key)) {
                    Some(next) => job = next,
                    None => return,
                }
            }
        }
    }

    /// Runs an update's handlers. What panics here is no handler (those are guarded by themselves) but the bot's error
    /// handler or its fallback; the lane must go on.
    async fn handle(&self, job: &Job) -> Option<Rest> {
        // Pinned first: what is put around it then moves a pointer, not the whole of it.
        let work = pin!(self.work(job));
        let work = AssertUnwindSafe(work.instrument(job.span.clone())).catch_unwind();
        work.await.unwrap_or_else(|panic| {
            panicked(job.update_id, &*panic);
            None
        })
    }

    /// Does what is left to do. With it the update has been handled.
    #[allow(clippy::manual_async_fn, reason = "as above")]
    fn finish(self: Arc<Self>, job: Job, rest: Rest) -> impl Future<Output = ()> + Send {
        async move {
            // All of the job, not only what is named here: its hold is let go when this is done.
            let job = &job;
            let Work::Press(press) = &job.work else { return };
            let finish = pin!(self.desk.finish(press, rest));
            let finish = finish.instrument(job.span.clone());
            if let Err(panic) = AssertUnwindSafe(finish).catch_unwind().await {
                panicked(job.update_id, &*panic);
            }
        }
    }

    async fn work(&self, job: &Job) -> Option<Rest> {
        if let Some(mark) = &job.hold.mark
            && let Some(response) = Box::pin(mark.look_up()).await
        {
            tracing::debug!(update_id = job.update_id, "it was handled before");
            return Box::pin(self.repeat(job, &response)).await;
        }
        let (failure, to) = match &job.work {
            Work::Press(press) => {
                return match self.press(press).await {
                    Ok(rest) => rest,
                    Err(Undone { reason, failure, to }) => {
                        self.desk.begin_giving_up(press, reason, failure, to).await
                    }
                };
            }
            // A press is the usual case: its task should not be as large as a message's.
            Work::Other { kind, json } => match Box::pin(self.other(kind, json)).await {
                Ok(()) => return None,
                Err(failed) => failed,
            },
            Work::Unreadable(why) => (Failure::Unreadable(why.clone()), None),
        };
        self.desk
            .report(to, Report::new(Some(job.update_id), failure))
            .await;
        None
    }

    /// An update was handled before. If its answer was to ride in the response, that may have died with its program: it
    /// is given again.
    async fn repeat(&self, job: &Job, response: &[u8]) -> Option<Rest> {
        let Work::Press(press) = &job.work else {
            return None;
        };
        if !press.claim() {
            return None;
        }
        let answer = serde_json::from_slice::<AnswerCallbackQuery>(response).ok()?;
        Rest::of(press.write(&answer, By::Handler).await, None)
    }

    /// Offers a press to its routes, one after the other, until one keeps it.
    async fn press(&self, press: &Arc<Press>) -> Result<Option<Rest>, Undone<'_>> {
        let subject = Subject::Press(Arc::clone(press));
        let context = Context::new(Arc::clone(&self.desk), Arc::clone(&self.routes.states), subject);
        let _sessions = Sessions(&context);
        let mut undone = Undone {
            reason: Reason::Unclaimed,
            failure: None,
            to: None,
        };
        for turn in self.routes.callbacks(press.query.data.as_deref()) {
            if !press.pending() {
                // The deadline has passed while the press waited or was passed on: there is nothing left to answer.
                return Ok(None);
            }
            let failed = |failure| Undone {
                reason: Reason::Failed,
                failure: Some(Box::new(failure)),
                to: turn.on_error(),
            };
            // Filters and decoding are the bot's code, too: they may panic like a handler.
            let offer = std::panic::catch_unwind(AssertUnwindSafe(|| turn.offer(press, &context)));
            let offer = match offer {
                Ok(Offer::Asking(asking)) => Ok(self.guard(asking).await.map_err(failed)?),
                offer => offer,
            };
            let handler = match offer {
                Ok(Offer::Taken(handler)) => handler,
                Ok(Offer::NotMine | Offer::Asking(_)) => continue,
                Ok(Offer::Malformed(error)) => {
                    undone = Undone {
                        reason: Reason::of(&error),
                        failure: Some(Box::new(Failure::Data(error))),
                        to: turn.on_error(),
                    };
                    continue;
                }
                Err(panic) => return Err(failed(Failure::Panic(message(&*panic)))),
            };
            let outcome = match turn.around() {
                [] => self.guard(handler).await,
                around => Box::pin(self.guard(middleware::press(around, &context, press, handler))).await,
            };
            let outcome = outcome.map_err(failed)?;
            if !Arc::ptr_eq(outcome.press(), press) {
                return Err(failed(Failure::WrongOutcome));
            }
            let mut outcome = outcome.into_kind();
            if let OutcomeKind::Reply(answer) = outcome {
                outcome = answer.await.into_kind();
            }
            return Ok(match outcome {
                OutcomeKind::Passed(_) => continue,
                OutcomeKind::Answered(_) | OutcomeKind::Later(_) | OutcomeKind::Reply(_) => None,
                OutcomeKind::Failed(_, error) => Rest::of(Err(error), turn.on_error()),
                OutcomeKind::Written(written) => match written.into_flight() {
                    (_, Some(flight)) => Rest::of(Ok(flight), turn.on_error()),
                    (_, None) => None,
                },
            });
        }
        if undone.reason == Reason::Unclaimed {
            tracing::debug!(update_id = press.update_id, "no handler takes this press");
        }
        Err(undone)
    }

    /// Gives any other update to its routes, until one is done with it.
    async fn other(&self, kind: &'static str, json: &Bytes) -> Result<(), (Failure, Option<&ErrorHandler>)> {
        let mut turns = self.routes.updates(kind).peekable();
        let Some(first) = turns.peek() else { return Ok(()) };
        let content = first.parse()(json).map_err(|error| (Failure::Unreadable(error.to_string()), None))?;
        let subject = Subject::Other {
            kind,
            json: json.clone(),
            content: Arc::clone(&content),
        };
        let context = Context::new(Arc::clone(&self.desk), Arc::clone(&self.routes.states), subject);
        let _sessions = Sessions(&context);
        for turn in turns {
            let lets = || turn.lets(&context, self.me.get().map(String::as_str));
            let lets = std::panic::catch_unwind(AssertUnwindSafe(lets));
            if !lets.map_err(|panic| (Failure::Panic(message(&*panic)), turn.on_error()))? {
                continue;
            }
            if turn.has_state() {
                let is_at = Box::pin(self.guard(turn.is_at(&context))).await;
                if !is_at.map_err(|failure| (failure, turn.on_error()))? {
                    continue;
                }
            }
            let Some(handler) = turn.handler().call(&content, &context) else {
                continue;
            };
            let flow = match turn.around() {
                [] => self.guard(handler).await,
                around => self.guard(middleware::other(around, &context, handler)).await,
            };
            if flow.map_err(|failure| (failure, turn.on_error()))? == Flow::Done {
                break;
            }
        }
        Ok(())
    }

    /// Runs a handler: its panic, its error and its hanging are values.
    async fn guard<T>(&self, handler: impl Future<Output = Result<T, BoxError>>) -> Result<T, Failure> {
        let limit = self.settings.abandon_after;
        let handler = pin!(AssertUnwindSafe(handler).catch_unwind());
        match timeout_at(|| Instant::now() + limit, handler).await {
            Ok(Ok(Ok(value))) => Ok(value),
            Ok(Ok(Err(error))) => Err(Failure::Handler(error)),
            Ok(Err(panic)) => Err(Failure::Panic(message(&*panic))),
            Err(_) => Err(Failure::Abandoned(limit)),
        }
    }
}

fn panicked(update_id: i64, panic: &(dyn Any + Send)) {
    tracing::error!(
        update_id,
        "the error handler, or the fallback, panicked: {}",
        message(panic)
    );
}

/// What a panic said.
fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".to_owned())
}
