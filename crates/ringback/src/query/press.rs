//! What a query, its answer and the watch over its deadline share.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};

use bytes::Bytes;
use ringback_botapi::{AnswerCallbackQuery, MaybeInaccessibleMessage};
use serde::Deserialize;
use tokio::time::Instant;
use tracing::Span;

use crate::dispatch::{Desk, Hold};
use crate::error::Error;
use crate::meter;
use crate::net::Sent;
use crate::update::{self, Query};
use crate::webhook::Ride;

/// Who answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    Handler,
    Fallback,
}

/// An answer on its way, with nobody having said yet what became of it. One that rode in a webhook's response has
/// arrived.
#[derive(Debug)]
pub(crate) struct Flight(Option<Box<Call>>);

#[derive(Debug)]
struct Call {
    sent: Sent,
    /// Held until the call has ended: then the webhook's response goes out without an answer.
    _ride: Option<Ride>,
}

impl Flight {
    /// Nothing is on its way.
    pub(crate) fn landed() -> Self {
        Flight(None)
    }

    pub(crate) fn has_landed(&self) -> bool {
        self.0.is_none()
    }
}

/// One press and whether its one answer has been taken.
pub(crate) struct Press {
    pub(crate) update_id: i64,
    pub(crate) query: Box<Query>,
    pub(crate) desk: Arc<Desk>,
    message: OnceLock<Option<MaybeInaccessibleMessage>>,
    claimed: AtomicBool,
    /// When it was received: its time runs from here.
    pub(crate) received: Instant,
    /// The update's, from its receipt to the end of its handlers.
    pub(crate) span: Span,
    /// The webhook's response, which waits for the answer.
    ride: Mutex<Option<Ride>>,
    /// The update, which is in hand while its handlers run.
    hold: Weak<Hold>,
    /// The same for an answer that was left to a task: in hand until it, or another in its place, has been given.
    owed: Mutex<Option<Arc<Hold>>>,
}

impl Press {
    pub(crate) fn new(
        update_id: i64,
        query: Box<Query>,
        desk: Arc<Desk>,
        ride: Option<Ride>,
        span: Span,
        hold: Weak<Hold>,
    ) -> Arc<Self> {
        Arc::new(Press {
            update_id,
            query,
            desk,
            message: OnceLock::new(),
            claimed: AtomicBool::new(false),
            received: Instant::now(),
            span,
            ride: Mutex::new(ride),
            hold,
            owed: Mutex::new(None),
        })
    }

    /// Takes the right to answer. True once: who gets it sends, whoever comes later does not.
    pub(crate) fn claim(&self) -> bool {
        !self.claimed.swap(true, Ordering::AcqRel)
    }

    /// Whether nobody has taken the right to answer yet.
    pub(crate) fn pending(&self) -> bool {
        !self.claimed.load(Ordering::Acquire)
    }

    /// Keeps the update in hand until the answer has been given, whatever becomes of its handlers.
    pub(super) fn owe(&self) {
        *lock(&self.owed) = self.hold.upgrade();
        // Answered at this moment by whoever looks at deadlines: then nothing is owed.
        if !self.pending() {
            self.settle();
        }
    }

    /// What keeps the update in hand, for whoever has claimed the answer: to be dropped when it has been given.
    pub(crate) fn settle(&self) -> Option<Arc<Hold>> {
        lock(&self.owed).take()
    }

    /// Whether the answer was left to a task and has not come.
    pub(crate) fn is_owed(&self) -> bool {
        self.pending() && lock(&self.owed).is_some()
    }

    /// Writes the answer, for whoever has claimed it: in the webhook's response if that still waits, else as a call.
    /// Ready when it is on its way; what the server says to it is for [`read`](Self::read). `by` is who: the `handler`
    /// or the `fallback`.
    pub(crate) async fn write(&self, answer: &AnswerCallbackQuery, by: By) -> Result<Flight, Error> {
        let ride = lock(&self.ride).take();
        if let Some(ride) = &ride
            && ride.suits(answer)
            && ride.take(answer)
        {
            self.note(by, "response");
            return Ok(Flight(None));
        }
        // In a box of its own: where the answer rides, its room is not needed.
        Box::pin(self.send(answer, by, ride)).await
    }

    /// The same, as a call.
    async fn send(&self, answer: &AnswerCallbackQuery, by: By, ride: Option<Ride>) -> Result<Flight, Error> {
        let sent = match self.desk.bot.ready(answer).await {
            Ok(ready) => ready.write().await,
            Err(error) => Err(error),
        };
        let error = match sent {
            Ok(sent) => return Ok(Flight(Some(Box::new(Call { sent, _ride: ride })))),
            Err(error) => error,
        };
        // Seldom: kept apart from what every answer carries around.
        match Box::pin(self.desk.bot.again(answer, error)).await {
            Ok(_) => {
                self.note(by, "call");
                Ok(Flight(None))
            }
            Err(error) => {
                meter::failed(&error);
                Err(error)
            }
        }
    }

    /// Waits for what the server says to an answer that was written.
    pub(crate) async fn read(&self, flight: Flight, by: By) -> Result<(), Error> {
        let Some(mut call) = flight.0 else { return Ok(()) };
        let result = self.desk.bot.finish::<bool>(&mut call.sent).await.map(drop);
        match &result {
            Ok(()) => self.note(by, "call"),
            Err(error) => meter::failed(error),
        }
        result
    }

    fn note(&self, by: By, via: &'static str) {
        if cfg!(feature = "metrics") {
            meter::answered(by == By::Fallback, via, self.received.elapsed());
        }
        if !self.span.is_disabled() {
            let us = u64::try_from(self.received.elapsed().as_micros()).unwrap_or(u64::MAX);
            self.span
                .record("answer", if by == By::Fallback { "fallback" } else { "handler" });
            self.span.record("answer_us", us);
        }
    }

    pub(crate) fn message(&self) -> Option<&MaybeInaccessibleMessage> {
        let read = |json: &Bytes| {
            update::read(json)
                .inspect_err(
                    |error| tracing::warn!(%error, update = self.update_id, "a query's message is malformed"),
                )
                .ok()
        };
        self.message
            .get_or_init(|| self.query.message.as_ref().and_then(read))
            .as_ref()
    }

    /// The message's chat and number, without reading the rest of it.
    pub(crate) fn place(&self) -> Option<(i64, i64)> {
        update::place(self.query.message.as_ref()?)
    }

    /// By which way the message has come to who sees it.
    pub(crate) fn via(&self) -> Via {
        let via = self.query.message.as_ref().map(update::read);
        via.and_then(Result::ok).unwrap_or_default()
    }
}

/// What sets a message apart from a plain one in a chat.
#[derive(Default, Deserialize)]
pub(crate) struct Via {
    /// The connection by which the bot has sent it for a business account.
    pub(crate) business_connection_id: Option<String>,
    /// Its number, if only one member of the group sees it.
    pub(crate) ephemeral_message_id: Option<i64>,
    /// Who that is.
    pub(crate) receiver_user: Option<Receiver>,
}

#[derive(Deserialize)]
pub(crate) struct Receiver {
    pub(crate) id: i64,
}

fn lock<T>(state: &Mutex<T>) -> MutexGuard<'_, T> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
