//! [`Polling`]: receiving updates with `getUpdates`.

mod window;

pub(crate) use window::Done;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use ringback_botapi::{DeleteWebhook, GetMe};
use serde::Serialize;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use self::window::Window;
use crate::backoff::Backoff;
use crate::bot::Bot;
use crate::dispatch::{Desk, Dispatcher, Failure, Origin, Report, Settings, setters};
use crate::error::{ApiErrorKind, Error};
use crate::router::{BuildError, Router, Routes};
use crate::signal;

/// How long the server may hold a poll when there is nothing to send. It takes at most 50 s.
const POLL: Duration = Duration::from_secs(30);
/// What a poll may take beyond that.
const SLACK: Duration = Duration::from_secs(15);
/// The server takes a second poll with the same offset within half a second for a bot that crashes in a loop, and
/// sends one update only.
const SAME_OFFSET: Duration = Duration::from_millis(500);
/// How long handlers are waited for before the next poll, so that it confirms more of them.
const GATHER: Duration = Duration::from_millis(5);

/// Receives a bot's updates by long polling, and gives them to a router's handlers.
///
/// An update is confirmed when its handler, and those of all updates before it, have ended. What was received and not
/// handled when the program dies is sent again to the next run. Meanwhile other updates go on; the server sends up
/// to 100 beyond the first that is not confirmed.
///
/// ```no_run
/// # async fn example(router: ringback::Router) -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
/// use ringback::{Bot, Polling, Reason};
///
/// Polling::new(Bot::from_env()?, router)?
///     .answer_within(Duration::from_secs(5))
///     .fallback(|reason, answer| match reason {
///         Reason::Unclaimed | Reason::Malformed => answer.text("This button is out of date."),
///         _ => answer.text("That did not work. Please try again."),
///     })
///     .on_error(async |report| eprintln!("{report}"))
///     .run()
///     .await?;
/// # Ok(()) }
/// ```
#[must_use = "polling starts with run()"]
pub struct Polling {
    bot: Bot,
    routes: Routes,
    desk: Desk,
    settings: Settings,
    take_over: bool,
}

impl Polling {
    /// Checks the router.
    ///
    /// # Errors
    /// Two types claim the same callback data, or a handler takes a state that the router was not given.
    pub fn new(bot: Bot, router: Router) -> Result<Self, BuildError> {
        Ok(Polling {
            routes: Routes::build(router)?,
            desk: Desk::new(bot.clone()),
            bot,
            settings: Settings::default(),
            take_over: false,
        })
    }

    setters!();

    /// Deletes a webhook that is set. Without this, polling while a webhook is set is an error: it may belong to the
    /// same bot in production.
    pub fn take_over_webhook(mut self) -> Self {
        self.take_over = true;
        self
    }

    /// Runs until SIGTERM or ctrl-c, then drains.
    ///
    /// # Errors
    /// The token is not a bot's, or a webhook is set. Everything else is tried again, and told to the error handler.
    pub async fn run(self) -> Result<(), Error> {
        self.run_until(signal::stop()).await
    }

    /// Runs until `stop` is ready: takes no more updates then, waits for the handlers, and confirms what they have
    /// done.
    ///
    /// # Errors
    /// The token is not a bot's, or a webhook is set.
    pub async fn run_until(self, stop: impl Future<Output = ()>) -> Result<(), Error> {
        let drain = self.settings.drain;
        let poller = Poller {
            bot: self.bot,
            dispatcher: Dispatcher::new(self.routes, self.desk, self.settings),
            window: Arc::default(),
            take_over: self.take_over,
        };
        let mut stop = std::pin::pin!(stop);
        let end = tokio::select! {
            never = poller.receive() => never,
            () = &mut stop => Ok(()),
        };
        poller.drain(drain).await;
        end
    }
}

impl std::fmt::Debug for Polling {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Polling")
            .field("bot", &self.bot)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

/// A run.
struct Poller {
    bot: Bot,
    dispatcher: Arc<Dispatcher>,
    window: Arc<Window>,
    take_over: bool,
}

#[derive(Serialize)]
struct GetUpdates<'a> {
    #[serde(skip_serializing_if = "is_zero")]
    offset: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<u8>,
    timeout: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_updates: Option<&'a [&'static str]>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(offset: &i64) -> bool {
    *offset == 0
}

impl Poller {
    /// Polls until something happens that polling again does not mend.
    async fn receive(&self) -> Result<(), Error> {
        self.introduce().await?;
        let mut last = (0, Instant::now());
        loop {
            self.until_due(last).await;
            let offset = self.window.offset();
            // With something in hand the server has something to send, if only that: it will not wait.
            let wait = if self.window.unhandled() == 0 {
                POLL
            } else {
                Duration::ZERO
            };
            last = (offset, Instant::now());
            let question = GetUpdates {
                offset,
                limit: None,
                timeout: wait.as_secs(),
                allowed_updates: Some(self.dispatcher.allowed_updates()),
            };
            let updates = self.persist(|| self.ask(&question, wait + SLACK)).await?;
            for update in updates {
                if let Some(done) = self.window.admit(update.id, offset) {
                    self.dispatcher.submit(update, Origin::Poll(done));
                }
            }
        }
    }

    /// Finds out the bot's name, and whether the token is good at all.
    async fn introduce(&self) -> Result<(), Error> {
        let me = self.persist(|| self.bot.send(GetMe::new())).await?;
        tracing::info!(id = me.id, username = me.username.as_deref(), "receiving updates");
        if let Some(name) = me.username {
            self.dispatcher.set_username(name);
        }
        Ok(())
    }

    /// Waits until a poll is worth it: at once when nothing is in hand, else when enough has been handled that it
    /// brings something new.
    async fn until_due(&self, (asked, at): (i64, Instant)) {
        loop {
            let moved = self.window.moved.notified();
            let unhandled = self.window.unhandled();
            if unhandled == 0 {
                return;
            }
            let due = match self.window.offset() == asked {
                true => at + SAME_OFFSET,
                false => at + GATHER,
            };
            if timeout_at(due, moved).await.is_err() {
                return;
            }
        }
    }

    async fn ask(
        &self,
        question: &GetUpdates<'_>,
        limit: Duration,
    ) -> Result<Vec<crate::update::Update>, Error> {
        self.bot.poll(question, limit).await
    }

    /// Makes a call until it succeeds, or fails in a way that does not pass.
    async fn persist<T, Fut>(&self, call: impl Fn() -> Fut) -> Result<T, Error>
    where
        Fut: Future<Output = Result<T, Error>>,
    {
        let mut backoff = Backoff::default();
        loop {
            let error = match call().await {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            if error.is(ApiErrorKind::WebhookActive) && self.take_over {
                let _ = self.bot.send(DeleteWebhook::new()).await;
                sleep(backoff.next()).await;
                continue;
            }
            let lasting = [
                ApiErrorKind::Unauthorized,
                ApiErrorKind::WebhookActive,
                ApiErrorKind::TerminatedByWebhook,
            ];
            if lasting.iter().any(|kind| error.is(*kind)) || matches!(error, Error::Request { .. }) {
                return Err(error);
            }
            let pause = error.retry_after().unwrap_or_else(|| backoff.next());
            self.dispatcher
                .desk()
                .report(None, Report::new(None, Failure::Polling(error)))
                .await;
            sleep(pause).await;
        }
    }

    /// Waits for the handlers, and confirms.
    async fn drain(&self, limit: Duration) {
        let idle = async {
            loop {
                let moved = self.window.moved.notified();
                if self.window.unhandled() == 0 {
                    return;
                }
                moved.await;
            }
        };
        if timeout(limit, idle).await.is_err() {
            tracing::warn!(
                unhandled = self.window.unhandled(),
                "handlers are still at work; their updates will come again"
            );
        }
        let offset = self.window.offset();
        if offset > 0 {
            // The smallest poll: only its offset matters. What it brings is not confirmed and comes again.
            let question = GetUpdates {
                offset,
                limit: Some(1),
                timeout: 0,
                allowed_updates: None,
            };
            if let Err(error) = self.ask(&question, Duration::from_secs(5)).await {
                self.dispatcher
                    .desk()
                    .report(None, Report::new(None, Failure::Polling(error)))
                    .await;
            }
        }
    }
}
