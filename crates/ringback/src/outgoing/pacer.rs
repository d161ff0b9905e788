//! [`Pacer`]: lets calls go when Telegram will take them.
//!
//! Nothing runs in the background. A call that must wait holds its chat's turn (a fair lock) and sleeps; behind it wait
//! that chat's other calls, and nobody else's. With its chat's turn in hand, a message waits for the turn of all. A call
//! that is dropped while it waits gives its turns back and has counted for nothing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ringback_botapi::ChatId;
use tokio::sync::Mutex as Turn;
use tokio::time::{Instant, sleep_until};

use super::Class;
use super::limits::{Limits, Rate, Window};

/// So many chats that are refused within [`AT_ONCE`] are a sign that the bot as a whole is too fast.
const FLOOD: usize = 3;
const AT_ONCE: Duration = Duration::from_secs(1);
/// Between calls to a chat that was refused and that has no limit of its own.
const CAREFUL: Duration = Duration::from_secs(1);
/// For how long after it was held up a chat is treated with care.
const CALM: Duration = Duration::from_secs(60);
/// So many chats are remembered before it is looked which can be forgotten.
const SWEEP: usize = 64;

/// A chat is held up for longer than the bot is ready to wait.
#[derive(Debug, PartialEq)]
pub(super) struct Held(pub(super) Duration);

pub(super) struct Pacer {
    limits: Limits,
    /// How long a call waits for a chat that is held up; `None`: nothing is held up.
    patience: Option<Duration>,
    chats: Mutex<Chats>,
    all: Arc<Lane>,
}

struct Chats {
    lanes: HashMap<ChatId, Arc<Lane>>,
    sweep: usize,
    /// The latest chats that were refused, and when.
    refused: Vec<(ChatId, Instant)>,
}

/// One chat, or all together.
#[derive(Default)]
struct Lane {
    turn: Turn<()>,
    pace: Mutex<Pace>,
}

#[derive(Default)]
struct Pace {
    window: Window,
    /// Nothing goes until then: the server said so. For a while after that there are no bursts, and edits count too.
    held: Option<Instant>,
    /// The latest call that was counted with care.
    last: Option<Instant>,
}

impl Pacer {
    pub(super) fn new(limits: Limits, patience: Option<Duration>) -> Self {
        Pacer {
            limits,
            patience,
            chats: Mutex::new(Chats {
                lanes: HashMap::new(),
                sweep: SWEEP,
                refused: Vec::new(),
            }),
            all: Arc::default(),
        }
    }

    /// Waits until the call may go.
    pub(super) async fn admit(&self, class: Class, chat: Option<&ChatId>, paid: bool) -> Result<(), Held> {
        if class == Class::Answer {
            return Ok(());
        }
        let sends = class == Class::Send;
        let rate = chat.and_then(|chat| self.rate(chat));
        let Some(lane) = chat.and_then(|chat| self.lane(chat, sends && rate.is_some())) else {
            return if sends { self.pass_all(paid).await } else { Ok(()) };
        };
        // What is no message waits only where the server has complained.
        if !sends && !lane.pace().is_careful() {
            return Ok(());
        }
        let _turn = self.turn(&lane).await?;
        self.wait(&lane, rate).await?;
        if sends {
            self.pass_all(paid).await?;
        }
        lane.pace().take(rate, Instant::now());
        Ok(())
    }

    /// The server has refused a call with 429.
    pub(super) fn refused(&self, class: Class, chat: Option<&ChatId>, wait: Duration) {
        let (Some(chat), Some(_)) = (chat, self.patience) else {
            return;
        };
        if class == Class::Answer {
            return;
        }
        let now = Instant::now();
        if let Some(lane) = self.lane(chat, true) {
            lane.pace().hold(now + wait);
        }
        if class == Class::Send && self.is_flood(chat, now) {
            tracing::warn!(
                seconds = wait.as_secs(),
                "the bot sends too fast: all messages wait"
            );
            self.all.pace().hold(now + wait);
        }
    }

    /// Notes a refused chat; whether it is one too many.
    fn is_flood(&self, chat: &ChatId, now: Instant) -> bool {
        let mut chats = self.chats();
        chats
            .refused
            .retain(|(other, at)| other != chat && *at + AT_ONCE > now);
        chats.refused.push((chat.clone(), now));
        let flood = chats.refused.len() >= FLOOD;
        if flood {
            chats.refused.clear();
        }
        flood
    }

    async fn pass_all(&self, paid: bool) -> Result<(), Held> {
        let rate = self.limits.overall.filter(|_| !paid);
        if rate.is_none() && !self.all.pace().is_careful() {
            return Ok(());
        }
        let _turn = self.turn(&self.all).await?;
        self.wait(&self.all, rate).await?;
        self.all.pace().take(rate, Instant::now());
        Ok(())
    }

    /// The lane's turn. Whoever can't wait for the hold is not kept in the queue until it is over.
    async fn turn<'a>(&self, lane: &'a Lane) -> Result<tokio::sync::MutexGuard<'a, ()>, Held> {
        self.patient(lane.pace().held)?;
        Ok(lane.turn.lock().await)
    }

    /// Sleeps until the lane is free. While one sleeps the server may have asked for more.
    async fn wait(&self, lane: &Lane, rate: Option<Rate>) -> Result<(), Held> {
        loop {
            let (held, free) = {
                let pace = lane.pace();
                (pace.held, pace.free(rate))
            };
            self.patient(held)?;
            match free {
                Some(at) if at > Instant::now() => sleep_until(at).await,
                _ => return Ok(()),
            }
        }
    }

    fn patient(&self, held: Option<Instant>) -> Result<(), Held> {
        let (Some(held), Some(patience)) = (held, self.patience) else {
            return Ok(());
        };
        let left = held.saturating_duration_since(Instant::now());
        if left > patience { Err(Held(left)) } else { Ok(()) }
    }

    fn rate(&self, chat: &ChatId) -> Option<Rate> {
        match chat {
            ChatId::Id(id) if *id > 0 => self.limits.private,
            _ => self.limits.group,
        }
    }

    /// The chat's lane, if there is one or it is needed.
    fn lane(&self, chat: &ChatId, needed: bool) -> Option<Arc<Lane>> {
        let mut chats = self.chats();
        if let Some(lane) = chats.lanes.get(chat) {
            return Some(Arc::clone(lane));
        }
        if !needed {
            return None;
        }
        if chats.lanes.len() >= chats.sweep {
            let now = Instant::now();
            chats.lanes.retain(|chat, lane| {
                Arc::strong_count(lane) > 1 || !lane.pace().is_over(self.rate(chat), now)
            });
            chats.sweep = SWEEP.max(chats.lanes.len() * 2);
        }
        let lane = Arc::<Lane>::default();
        chats.lanes.insert(chat.clone(), Arc::clone(&lane));
        Some(lane)
    }

    fn chats(&self) -> MutexGuard<'_, Chats> {
        self.chats.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(test)]
    fn remembered(&self) -> usize {
        self.chats().lanes.len()
    }
}

impl Lane {
    fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pace {
    /// When the next call may go, if not now.
    fn free(&self, rate: Option<Rate>) -> Option<Instant> {
        let window = rate.and_then(|rate| self.window.free(rate));
        let careful = self.last.filter(|_| self.is_careful());
        let careful = careful.map(|last| last + distance(rate));
        window.max(careful).max(self.held)
    }

    fn take(&mut self, rate: Option<Rate>, now: Instant) {
        if let Some(rate) = rate {
            self.window.take(rate, now);
        }
        if self.is_careful() {
            self.last = Some(now);
        }
    }

    fn hold(&mut self, until: Instant) {
        self.held = self.held.max(Some(until));
    }

    fn is_careful(&self) -> bool {
        self.held.is_some_and(|held| Instant::now() < held + CALM)
    }

    /// Whether nothing in it can matter any more.
    fn is_over(&self, rate: Option<Rate>, now: Instant) -> bool {
        !self.is_careful() && self.window.is_over(rate, now)
    }
}

fn distance(rate: Option<Rate>) -> Duration {
    rate.map_or(CAREFUL, Rate::interval)
}

#[cfg(test)]
#[path = "pacer_tests.rs"]
mod tests;
