//! What can be set about dispatching, whether updates come by polling or by webhook.

use std::time::Duration;

use super::Marks;

/// See the setters below.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) answer_within: Duration,
    pub(crate) abandon_after: Duration,
    /// How long handlers may go on after the signal to stop.
    pub(crate) drain: Duration,
    pub(crate) strict_order: bool,
    /// Where it is written down what has been handled.
    pub(crate) dedupe: Option<Marks>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            answer_within: Duration::from_secs(7),
            abandon_after: Duration::from_secs(60),
            drain: Duration::from_secs(10),
            strict_order: false,
            dedupe: None,
        }
    }
}

/// The setters that polling and webhooks share: methods of a type with `settings` and `desk`.
macro_rules! setters {
    () => {
        /// How long after it was received a query may wait for its answer. Then the dispatcher answers; the handler
        /// goes on, and what it answers is not sent. Default: 7 s, which is less than servers and apps wait.
        pub fn answer_within(mut self, limit: std::time::Duration) -> Self {
            self.settings.answer_within = limit;
            self
        }

        /// How long a handler may run. Then it is dropped. Default: 60 s. Longer work belongs in a task of its own:
        /// see [`answer_later`](crate::CallbackQuery::answer_later).
        pub fn abandon_after(mut self, limit: std::time::Duration) -> Self {
            self.settings.abandon_after = limit;
            self
        }

        /// Makes a user's next press wait for the server's response to the answer of the one before: one press in a
        /// round trip. Without this it waits until that answer is on its way (see [Order](crate#order)): then answers
        /// that follow each other within a millisecond may change places in the network or in the server, which users
        /// see only when the last of two notes is the older one.
        pub fn strict_order(mut self) -> Self {
            self.settings.strict_order = true;
            self
        }

        /// What the dispatcher answers instead of a handler. It is given the reason and an empty answer, which is
        /// also the default: it ends the user's waiting and says nothing.
        pub fn fallback(
            mut self,
            fill: impl Fn(
                $crate::Reason,
                $crate::api::AnswerCallbackQuery,
            ) -> $crate::api::AnswerCallbackQuery
            + Send
            + Sync
            + 'static,
        ) -> Self {
            self.desk.fallback = std::sync::Arc::new(fill);
            self
        }

        /// What is told of everything that went wrong. Default: it is logged as a `tracing` error (a button that can't
        /// be read as a warning: old ones and forged ones are to be expected); in a program that has no `tracing`
        /// subscriber it is written to the standard error.
        pub fn on_error<Fut>(
            mut self,
            handler: impl Fn($crate::Report) -> Fut + Send + Sync + 'static,
        ) -> Self
        where
            Fut: std::future::Future<Output = ()> + Send + 'static,
        {
            self.desk.on_error = std::sync::Arc::new(move |report| Box::pin(handler(report)));
            self
        }

        /// Writes down in a store what has been handled, so that it is not handled again: not by the next run after a
        /// crash, and not by another instance that shares the store. Without this, no store is asked.
        ///
        /// An update that comes again and is in the store is confirmed, and no handler sees it. A press is known by its
        /// query's identifier, which is never used twice; anything else by its update's number. A mark is kept for 24
        /// hours, as long as Telegram keeps an update that was not taken. Each update costs two round trips to the
        /// store: one before its handlers, for which its user waits, and one after them.
        ///
        /// **When it is written.** By polling: when the handlers have ended and the server has taken the answer (or it
        /// was refused, and that reported), before the update is confirmed. By webhook: before the response is given,
        /// which for a press is when it has been answered, though its handler may go on. A program that is killed before
        /// that handles the update again, so a handler whose work must not happen twice at any price needs a transaction
        /// of its own.
        ///
        /// **An answer that rides in a webhook's response** is part of the mark. If the program dies after the mark
        /// and before the response has been written, Telegram sends the update again, and gets the same answer from
        /// whoever takes it: the user sees it, and the handler does not run twice. So the store holds texts of answers.
        ///
        /// **A store that fails,** or does not respond within two seconds, holds up nothing: the update is handled and
        /// confirmed, and the error handler is told ([`Failure::Dedupe`](crate::Failure::Dedupe)). Rather twice than
        /// not at all.
        ///
        /// **At once.** This is a memory, not a lock: two instances that are given one update at the same time both
        /// handle it. Telegram does not do that by itself; it sends an update again when there was no response, to
        /// whichever instance a balancer picks, while the first one may still be at work. One process knows what it has
        /// in hand.
        ///
        /// ```no_run
        /// # async fn example(router: ringback::Router) -> Result<(), Box<dyn std::error::Error>> {
        /// use ringback::store::MemoryStore;
        /// use ringback::{Bot, Polling};
        ///
        /// // For a real bot a store that outlives it: a file, Redis or PostgreSQL.
        /// let store = MemoryStore::new(100_000);
        /// Polling::new(Bot::from_env()?, router)?.dedupe(store).run().await?;
        /// # Ok(()) }
        /// ```
        pub fn dedupe(mut self, store: impl $crate::store::Store) -> Self {
            self.settings.dedupe = Some($crate::dispatch::Marks::new(store, self.bot.id()));
            self
        }

        /// How long handlers may go on after the signal to stop, and [answers](crate::CallbackQuery::answer_later) that
        /// were left to tasks may come. Default: 10 s. What is not handled by then is sent again to the next run; an
        /// answer that is owed by a task is given by the [`fallback`](Self::fallback).
        pub fn drain(mut self, limit: std::time::Duration) -> Self {
            self.settings.drain = limit;
            self
        }
    };
}

pub(crate) use setters;
