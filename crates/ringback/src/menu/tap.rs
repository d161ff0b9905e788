//! [`DoubleTap`]: a second press of the same button is answered, and does nothing.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::context::{Context, Needs};
use crate::error::BoxError;
use crate::handler::{BoxFuture, CallbackHandler};
use crate::query::{CallbackQuery, Outcome, OutcomeKind, Press};

/// How many buttons are remembered.
const CAPACITY: usize = 10_000;

/// Keeps a handler from running twice when a button is pressed twice: the second press is answered, and no more.
///
/// A press is a second one when the same user has pressed the same button of the same message, that press was handled,
/// and since its end less than [`within`](Self::within) has passed; or, with [`same_message`](Self::same_message), when
/// the message has not changed since. A press whose handler failed, or passed it on, does not count.
///
/// ```
/// use std::time::Duration;
/// use ringback::menu::DoubleTap;
/// use ringback::{CallbackQuery, Outcome, Router};
///
/// async fn order(query: CallbackQuery) -> Outcome {
///     query.answer().text("Ordered.").await
/// }
///
/// let taps = DoubleTap::within(Duration::from_millis(800)).text("One moment …");
/// let router = Router::new().callback(taps.guard(order));
/// ```
///
/// It is a help for people, in memory; what must not happen twice, whoever presses and whatever crashes, is for data
/// that is [stored once](crate::data::Put::once).
#[derive(Debug, Clone)]
pub struct DoubleTap {
    within: Duration,
    same_message: bool,
    text: Option<String>,
    taps: Arc<Taps>,
}

#[derive(Debug, Default)]
struct Taps {
    hasher: RandomState,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    taps: HashMap<u64, Tap>,
    /// The taps by age; some may be forgotten already.
    ages: VecDeque<u64>,
}

#[derive(Debug, Clone, Copy)]
struct Tap {
    /// When its handler ended; `None` while it runs.
    ended: Option<Instant>,
    /// The message as it was.
    message: u64,
}

impl DoubleTap {
    /// The time in which a press is a second one, from the end of the first's handler. 500 to 1000 ms suit most
    /// fingers.
    pub fn within(time: Duration) -> Self {
        DoubleTap {
            within: time,
            same_message: false,
            text: None,
            taps: Arc::default(),
        }
    }

    /// A press is a second one, too, as long as the message is as it was at the first. For handlers that change the
    /// message: a press of what was on the screen before the change came is a second one, however late. Not for
    /// handlers that sometimes answer and leave the message as it is ("Permission denied."): that button would not
    /// work again. And not for messages sent in inline mode: nobody tells the bot whether those have changed.
    pub fn same_message(mut self) -> Self {
        self.same_message = true;
        self
    }

    /// What a second press is answered with. Default: nothing to show.
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self
    }

    /// The handler, guarded. Guards from one `DoubleTap` share their memory.
    pub fn guard<H>(&self, handler: H) -> Guarded<H> {
        Guarded {
            guard: self.clone(),
            handler: Arc::new(handler),
        }
    }

    /// `None` for a second press.
    fn first(&self, press: &Press) -> Option<Running> {
        let query = &press.query;
        let place = (press.place(), query.inline_message_id.as_deref());
        let key = self
            .taps
            .hasher
            .hash_one((query.from.id, place, query.data.as_deref()));
        let message = self.taps.hasher.hash_one(query.message.as_deref());
        let mut seen = self.taps.lock();
        if let Some(tap) = seen.taps.get(&key) {
            let soon = tap.ended.is_none_or(|ended| ended.elapsed() < self.within);
            let unchanged = self.same_message && query.message.is_some() && tap.message == message;
            if soon || unchanged {
                return None;
            }
        }
        while seen.ages.len() >= CAPACITY {
            if let Some(oldest) = seen.ages.pop_front() {
                seen.taps.remove(&oldest);
            }
        }
        let tap = Tap { ended: None, message };
        if seen.taps.insert(key, tap).is_none() {
            seen.ages.push_back(key);
        }
        Some(Running {
            taps: Arc::clone(&self.taps),
            key,
            handled: false,
        })
    }
}

impl Taps {
    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A press whose handler runs. However it ends, this is dropped.
struct Running {
    taps: Arc<Taps>,
    key: u64,
    handled: bool,
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut seen = self.taps.lock();
        if self.handled {
            if let Some(tap) = seen.taps.get_mut(&self.key) {
                tap.ended = Some(Instant::now());
            }
        } else {
            seen.taps.remove(&self.key);
            seen.ages.retain(|key| *key != self.key);
        }
    }
}

/// A handler behind a [`DoubleTap`].
#[derive(Debug)]
pub struct Guarded<H> {
    guard: DoubleTap,
    handler: Arc<H>,
}

// Who forgets an answer need not be told of this one.
#[diagnostic::do_not_recommend]
impl<H: CallbackHandler<Args>, Args> CallbackHandler<Args> for Guarded<H> {
    type Data = H::Data;

    fn call(
        self: Arc<Self>,
        query: CallbackQuery<H::Data>,
        context: Context,
    ) -> BoxFuture<Result<Outcome, BoxError>> {
        Box::pin(async move {
            let Some(mut running) = self.guard.first(query.press()) else {
                let answer = query.answer();
                return Ok(match &self.guard.text {
                    Some(text) => answer.text(text).await,
                    None => answer.await,
                });
            };
            let outcome = Arc::clone(&self.handler).call(query, context).await?;
            running.handled = !matches!(outcome.kind(), OutcomeKind::Passed(_));
            Ok(outcome)
        })
    }

    fn needs(needs: &mut Needs) {
        H::needs(needs);
    }
}
