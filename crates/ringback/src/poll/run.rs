//! A run of polling: asking, handing on, confirming.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use ringback_botapi::{DeleteWebhook, GetMe};
use serde::Serialize;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::Done;
use super::inbox::{self, Inbox};
use super::window::Window;
use crate::backoff::Backoff;
use crate::bot::Bot;
use crate::dispatch::{Dispatcher, Failure, Origin, Report};
use crate::error::{ApiErrorKind, Error};
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

/// One in so many of what a poll brought may still be in hand when the next is sent. They come once more with it.
const FEW: usize = 8;

/// The last poll.
struct Last {
    offset: i64,
    at: Instant,
    /// How many new updates came with it.
    brought: usize,
}

/// A run.
pub(super) struct Poller {
    pub(super) bot: Bot,
    pub(super) dispatcher: Arc<Dispatcher>,
    pub(super) window: Arc<Window>,
    pub(super) take_over: bool,
    pub(super) inbox: Option<Inbox>,
    pub(super) in_hand: usize,
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
    pub(super) async fn receive(&self) -> Result<(), Error> {
        self.introduce().await?;
        if let Some(inbox) = &self.inbox {
            return self.receive_into(inbox).await;
        }
        let mut last = Last {
            offset: 0,
            at: Instant::now(),
            brought: 0,
        };
        loop {
            self.until_due(&last).await;
            let offset = self.window.offset();
            // With something in hand the server has something to send, if only that: it will not wait.
            let wait = if self.window.unhandled() == 0 {
                POLL
            } else {
                Duration::ZERO
            };
            let at = Instant::now();
            let question = GetUpdates {
                offset,
                limit: None,
                timeout: wait.as_secs(),
                allowed_updates: Some(self.dispatcher.allowed_updates()),
            };
            let (_, updates) = self.persist(|| self.bot.poll(&question, wait + SLACK)).await?;
            let mut brought = 0;
            for update in updates {
                if let Some(done) = self.window.admit(update.id, offset) {
                    brought += 1;
                    self.submit(update, Done::Window(done));
                }
            }
            last = Last { offset, at, brought };
        }
    }

    /// The same with an inbox: whatever was received is the inbox's, and the server always waits for something new.
    async fn receive_into(&self, inbox: &Inbox) -> Result<(), Error> {
        self.submit_all(inbox.recovered());
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
            self.submit_all(updates);
            if let Some(stored) = stored {
                self.until_stored(inbox, stored).await;
            }
        }
    }

    fn submit_all(&self, updates: Vec<(Update, inbox::Done)>) {
        for (update, done) in updates {
            self.submit(update, Done::Inbox(done));
        }
    }

    fn submit(&self, update: Update, done: Done) {
        let mark = self.dispatcher.mark(&update);
        self.dispatcher.submit(update, Origin::Poll(done), mark);
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
    async fn until_due(&self, last: &Last) {
        loop {
            let moved = self.window.moved.notified();
            let unhandled = self.window.unhandled();
            if unhandled == 0 {
                return;
            }
            let due = match self.window.offset() == last.offset {
                true => last.at + SAME_OFFSET,
                // The last of many end while the server gathers the next.
                false if unhandled <= last.brought / FEW => return,
                false => last.at + GATHER,
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

    /// Waits for the handlers and for answers that are owed, and confirms.
    pub(super) async fn drain(&self, limit: Duration) {
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
        if timeout(limit, idle).await.is_err() {
            self.dispatcher.answer_owed().await;
        }
        let (unhandled, offset) = match &self.inbox {
            // What is on the disk is confirmed, handled or not.
            Some(inbox) => match timeout(limit, inbox.flush()).await {
                Ok(Ok(Ok(()))) => (inbox.unhandled(), inbox.offset()),
                _ => (inbox.unhandled(), 0),
            },
            None => (self.window.unhandled(), self.window.offset()),
        };
        if unhandled > 0 {
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
