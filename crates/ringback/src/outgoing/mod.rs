//! The way out of a call: its turn, its tries.
//!
//! A call waits until [Telegram's limits](crate::Limits) let it go, goes, and is [sent again](crate::Retry) where that is
//! safe. [`table`] says which method is treated how.
//!
//! An answer to a query takes none of this upon itself: it does not wait for limits, nor for a chat that is held up, and
//! a place among the [connections](crate::Builder::connections) is kept free for it.

mod class;
mod limits;
mod pacer;
mod retry;

pub(crate) use class::Class;
pub use class::table;
pub use limits::{Limits, Rate};
pub use retry::Retry;

use std::future::Future;

use ringback_botapi::{ChatId, Method};
use tokio::time::sleep;

use crate::error::{ApiErrorKind, Error};
use pacer::{Held, Pacer};

/// One bot's limits and tries.
pub(crate) struct Outgoing {
    pacer: Pacer,
    retry: Retry,
}

/// What is to be known of a call.
pub(crate) struct About {
    pub(crate) method: &'static str,
    pub(crate) class: Class,
    chat: Option<ChatId>,
    paid: bool,
    /// It holds a stream, which can be sent once.
    pub(crate) once: bool,
}

impl About {
    pub(crate) fn new<M: Method>(method: &M) -> Self {
        let class = Class::of(M::NAME);
        About {
            method: M::NAME,
            class,
            chat: if class == Class::Answer {
                None
            } else {
                method.chat()
            },
            paid: method.is_paid_broadcast(),
            once: false,
        }
    }

    /// A question, which no limit holds up.
    pub(crate) fn read(method: &'static str) -> Self {
        About {
            method,
            class: Class::Read,
            chat: None,
            paid: false,
            once: false,
        }
    }
}

impl Outgoing {
    pub(crate) fn new(limits: Limits, retry: Retry) -> Self {
        Outgoing {
            pacer: Pacer::new(limits, retry.holds()),
            retry,
        }
    }

    /// Makes a call when it may go, and again while that is safe.
    pub(crate) async fn deliver<T, Fut>(&self, about: &About, call: impl Fn() -> Fut) -> Result<T, Error>
    where
        Fut: Future<Output = Result<T, Error>>,
    {
        if about.class != Class::Answer {
            self.admit(about).await?;
        }
        match call().await {
            Ok(value) => Ok(value),
            // Seldom: kept apart from what every call carries around.
            Err(error) => Box::pin(self.again(about, call, error)).await,
        }
    }

    /// What [`deliver`](Self::deliver) does after a call that has failed so.
    pub(crate) async fn again<T, Fut>(
        &self,
        about: &About,
        call: impl Fn() -> Fut,
        mut error: Error,
    ) -> Result<T, Error>
    where
        Fut: Future<Output = Result<T, Error>>,
    {
        let mut tries = self.retry.start(about.class, &error);
        // An earlier try that the server may have carried out.
        let mut uncertain = None;
        loop {
            let asked = match error.is(ApiErrorKind::TooManyRequests) {
                true => error.retry_after(),
                false => None,
            };
            if let Some(wait) = asked {
                self.pacer.refused(about.class, about.chat.as_ref(), wait);
            }
            let read = about.once && !matches!(error, Error::Network { sent: false, .. });
            let Some(pause) = tries.after(&error).filter(|_| !read) else {
                // The last word is no news of the earlier try: nothing was sent, or the server does not know the query
                // any more, because it was answered by that try or because it is too old.
                let says_nothing = matches!(error, Error::Network { sent: false, .. })
                    || about.class == Class::Answer && error.is(ApiErrorKind::QueryTooOld);
                return Err(uncertain.filter(|_| says_nothing).unwrap_or(error));
            };
            tracing::debug!(%error, ?pause, "a call is sent again");
            if error.is_uncertain() {
                uncertain = Some(error);
            }
            sleep(pause).await;
            if about.class != Class::Answer {
                self.admit(about).await?;
            }
            match call().await {
                Ok(value) => return Ok(value),
                Err(again) => error = again,
            }
        }
    }

    async fn admit(&self, about: &About) -> Result<(), Error> {
        let admitted = self
            .pacer
            .admit(about.class, about.chat.as_ref(), about.paid)
            .await;
        admitted.map_err(|Held(wait)| Error::Held {
            method: about.method,
            wait,
        })
    }
}
