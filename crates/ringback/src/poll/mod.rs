//! [`Polling`]: receiving updates with `getUpdates`.

mod inbox;
mod window;

pub use inbox::InboxError;

use std::future::Future;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ringback_botapi::{DeleteWebhook, GetMe};
use serde::Serialize;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use self::inbox::Inbox;
use self::window::Window;
use crate::backoff::Backoff;
use crate::bot::Bot;
use crate::dispatch::{Desk, Dispatcher, Failure, Origin, Report, Settings, setters};
use crate::error::{ApiErrorKind, Error};
use crate::router::{BuildError, Router, Routes};
use crate::signal;
use crate::update::Update;

/// How long the server may hold a poll when there is nothing to send. It takes at most 50 s.
const POLL: Duration = Duration::from_secs(30);
/// What a poll may take beyond that.
const SLACK: Duration = Duration::from_secs(15);
/// The server takes a second poll with the same offset within half a second for a bot that crashes in a loop, and
/// sends one update only.
const SAME_OFFSET: Duration = Duration::from_millis(500);
/// How long handlers are waited for before the next poll, so that it confirms more of them.
const GATHER: Duration = Duration::from_millis(5);
/// How many updates may be in hand with an inbox.
const IN_HAND: usize = 1024;

/// Receives a bot's updates by long polling, and gives them to a router's handlers.
///
/// An update is confirmed when its handler, and those of all updates before it, have ended. What was received and not
/// handled when the program dies is sent again to the next run. Meanwhile other updates go on; the server sends up
/// to 100 beyond the first that is not confirmed.
///
/// That is a trap for a bot whose handlers may take long, or whose server is far away: behind one update that is not
/// handled, the hundredth is the last until it is. With an [inbox](Self::inbox) there is no such window.
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
    inbox: Option<Inbox>,
    in_hand: usize,
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
            inbox: None,
            in_hand: IN_HAND,
        })
    }

    setters!();

    /// Deletes a webhook that is set. Without this, polling while a webhook is set is an error: it may belong to the
    /// same bot in production.
    pub fn take_over_webhook(mut self) -> Self {
        self.take_over = true;
        self
    }

    /// Keeps what is received in a file, so that the server need not.
    ///
    /// A batch of updates is written, and synced to the disk, before it is confirmed to the server. What has been
    /// handled is marked; what had not been when the program died is handled by the next run, before anything new, in
    /// its order. So a handler that is stuck holds up nobody: neither other users nor later updates.
    ///
    /// **Once.** The file remembers the latest 16,384 updates that were handled, by their numbers and by their queries'
    /// identifiers. One of them that comes again, in this run or the next, is not handled again. The mark is written
    /// when the handler has ended and the server has responded to its answer; that takes a millisecond, or as long as
    /// a sync that is under way. A program that is killed in that time handles the update once more, as it does one
    /// whose handler was in the middle.
    ///
    /// **Bounds.** At most 1,024 updates ([`in_hand`](Self::in_hand) changes that) and 64 MiB of batches are in hand at
    /// once. At either bound nothing more is received until something has been handled: updates wait at the server,
    /// and a warning says so.
    ///
    /// **The file** grows to four times of what is in it, 4 MiB at least, and is then written anew. It holds what users
    /// have sent, and is readable by its owner only. Beside it are `.lock`, which keeps a second process out, and for a
    /// moment `.new`. A write that was cut short by a crash is dropped: it was not confirmed, and comes again. A file
    /// that is damaged otherwise is used as far as it is whole, with a copy kept as `.damaged` and an error logged. The
    /// file must be on a disk of this machine: network file systems keep neither locks nor promises about syncing.
    ///
    /// While the file can't be written, nothing is confirmed; the error handler is told ([`Failure::Inbox`]).
    ///
    /// ```no_run
    /// # async fn example(router: ringback::Router) -> Result<(), Box<dyn std::error::Error>> {
    /// use ringback::{Bot, Polling};
    ///
    /// Polling::new(Bot::from_env()?, router)?.inbox("bot.inbox")?.run().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// See [`InboxError`].
    pub fn inbox(mut self, file: impl AsRef<Path>) -> Result<Self, InboxError> {
        self.inbox = None;
        self.inbox = Some(Inbox::open(file.as_ref(), self.bot.id())?);
        Ok(self)
    }

    /// How many updates may be in hand at once with an [inbox](Self::inbox): received and not handled. At least 1.
    /// Default: 1024.
    pub fn in_hand(mut self, most: usize) -> Self {
        self.in_hand = most.max(1);
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
            inbox: self.inbox,
            in_hand: self.in_hand,
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
    inbox: Option<Inbox>,
    in_hand: usize,
}

/// Says, when dropped, that an update has been handled.
#[derive(Debug)]
#[allow(dead_code, reason = "kept for what they do when they are dropped")]
pub(crate) enum Done {
    Window(window::Done),
    Inbox(inbox::Done),
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
        if let Some(inbox) = &self.inbox {
            return self.receive_into(inbox).await;
        }
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
            let (_, updates) = self.persist(|| self.bot.poll(&question, wait + SLACK)).await?;
            for update in updates {
                if let Some(done) = self.window.admit(update.id, offset) {
                    self.dispatcher.submit(update, Origin::Poll(Done::Window(done)));
                }
            }
        }
    }

    /// The same with an inbox: whatever was received is the inbox's, and the server always waits for something new.
    async fn receive_into(&self, inbox: &Inbox) -> Result<(), Error> {
        self.submit(inbox.recovered());
        loop {
            let room = inbox.room(self.in_hand).await;
            let offset = inbox.offset();
            let question = GetUpdates {
                offset,
                limit: u8::try_from(room).ok().filter(|room| *room < 100),
                timeout: POLL.as_secs(),
                allowed_updates: Some(self.dispatcher.allowed_updates()),
            };
            let (body, updates) = self.persist(|| self.bot.poll(&question, POLL + SLACK)).await?;
            let (updates, stored) = inbox.take(&body, updates, offset);
            drop(body);
            // The disk and the handlers work at once: the server is asked again, and so told, when the disk is done.
            self.submit(updates);
            if let Some(stored) = stored {
                self.until_stored(inbox, stored).await;
            }
        }
    }

    fn submit(&self, updates: Vec<(Update, inbox::Done)>) {
        for (update, done) in updates {
            self.dispatcher.submit(update, Origin::Poll(Done::Inbox(done)));
        }
    }

    async fn until_stored(&self, inbox: &Inbox, mut stored: inbox::Stored) {
        let mut backoff = Backoff::default();
        loop {
            let error = match stored.await {
                Ok(Ok(())) => return,
                Ok(Err(error)) => error,
                Err(_) => io::Error::other("the thread that writes it has ended"),
            };
            let report = Report::new(None, Failure::Inbox(error));
            self.dispatcher.desk().report(None, report).await;
            sleep(backoff.next()).await;
            stored = inbox.flush();
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
            if let Some(inbox) = &self.inbox {
                return inbox.idle().await;
            }
            loop {
                let moved = self.window.moved.notified();
                if self.window.unhandled() == 0 {
                    return;
                }
                moved.await;
            }
        };
        let in_time = timeout(limit, idle).await.is_ok();
        let (unhandled, offset) = match &self.inbox {
            // What is on the disk is confirmed, handled or not.
            Some(inbox) => match timeout(limit, inbox.flush()).await {
                Ok(Ok(Ok(()))) => (inbox.unhandled(), inbox.offset()),
                _ => (inbox.unhandled(), 0),
            },
            None => (self.window.unhandled(), self.window.offset()),
        };
        if !in_time {
            tracing::warn!(
                unhandled,
                "handlers are still at work; their updates will come again"
            );
        }
        if offset > 0 {
            // The smallest poll: only its offset matters. What it brings is not confirmed and comes again.
            let question = GetUpdates {
                offset,
                limit: Some(1),
                timeout: 0,
                allowed_updates: None,
            };
            if let Err(error) = self.bot.poll(&question, Duration::from_secs(5)).await {
                self.dispatcher
                    .desk()
                    .report(None, Report::new(None, Failure::Polling(error)))
                    .await;
            }
        }
    }
}
