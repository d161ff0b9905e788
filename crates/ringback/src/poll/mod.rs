//! [`Polling`]: receiving updates with `getUpdates`.

#[cfg(any(test, fuzzing))]
pub(crate) use inbox::fuzz;
mod inbox;
mod run;
mod window;

pub use inbox::InboxError;

use std::future::Future;
use std::path::Path;
use std::sync::Arc;

use self::inbox::Inbox;
use self::run::Poller;
use crate::bot::Bot;
use crate::dispatch::{Desk, Dispatcher, Settings, setters};
use crate::error::Error;
use crate::router::{BuildError, Router, Routes};
use crate::signal;

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
/// A press whose answer was left to a task ([`answer_later`](crate::CallbackQuery::answer_later)) is confirmed when it has
/// been answered, too. What was handled and not yet confirmed when the program was killed is handled once more, unless it is
/// written down: in an inbox, or in any store with [`dedupe`](Self::dedupe).
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
    /// While the file can't be written, nothing is confirmed; the error handler is told ([`Failure::Inbox`](crate::Failure::Inbox)).
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

    /// Runs until `stop` is ready: takes no more updates then, waits for the handlers and for answers that are owed, and
    /// confirms what they have done.
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

/// Says, when dropped, that an update has been handled.
#[derive(Debug)]
#[allow(dead_code, reason = "kept for what they do when they are dropped")]
pub(crate) enum Done {
    Window(window::Done),
    Inbox(inbox::Done),
}
