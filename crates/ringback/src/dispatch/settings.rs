//! What can be set about dispatching, whether updates come by polling or by webhook.

use std::time::Duration;

/// See the setters below.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) answer_within: Duration,
    pub(crate) abandon_after: Duration,
    /// How long handlers may go on after the signal to stop.
    pub(crate) drain: Duration,
    pub(crate) strict_order: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            answer_within: Duration::from_secs(7),
            abandon_after: Duration::from_secs(60),
            drain: Duration::from_secs(10),
            strict_order: false,
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

        /// What is told of everything that went wrong. Default: it is logged as a `tracing` error.
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

        /// How long handlers may go on after the signal to stop. Default: 10 s. What is not handled by then is sent
        /// again to the next run.
        pub fn drain(mut self, limit: std::time::Duration) -> Self {
            self.settings.drain = limit;
            self
        }
    };
}

pub(crate) use setters;
