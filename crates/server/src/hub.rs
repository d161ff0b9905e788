//! The world, and what its effects set in motion.
//!
//! Everything goes through one lock: an edge takes it, lets one or more calls happen, and lets go. A step takes
//! microseconds, so nobody waits for long; nothing is awaited while it is held.

use crate::blobs::Blobs;
use crate::clock::Clock;
use crate::journal::Journal;
use crate::mtproto::{Mtproto, News, SessionName};
use crate::store::{Store, StoreError, Unwritten};
use ringback_world::calls::{self, Call};
use ringback_world::{
    Effect, Error, InlineQueryId, Input, Lane, PollId, PollSignal, PressId, Seq, Settings, Time, UpdateId,
    UserId, World,
};
use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, mpsc, oneshot};

/// How the world begins.
#[derive(Clone, Debug)]
pub(crate) struct HubConfig {
    pub seed: u64,
    pub settings: Settings,
    /// The clock moves only when turned.
    pub standing_clock: bool,
    /// Only bots that were made are bots.
    pub strict: bool,
}

/// The world and everything around it that every edge needs.
#[derive(Debug)]
pub(crate) struct Hub {
    inner: Mutex<Inner>,
    pub clock: Clock,
    pub journal: Journal,
    pub blobs: Blobs,
    pub mtproto: Mtproto,
    config: HubConfig,
    strict: AtomicBool,
    store: Option<Store>,
    /// Tells the timekeeper that something is due earlier than it thinks.
    due_changed: Notify,
    next_poll: AtomicU64,
}

#[derive(Debug)]
struct Inner {
    world: World,
    polls: HashMap<PollId, oneshot::Sender<PollSignal>>,
    presses: HashMap<PressId, Vec<oneshot::Sender<()>>>,
    inline: HashMap<InlineQueryId, Vec<oneshot::Sender<()>>>,
    deliveries: mpsc::UnboundedSender<DeliveryJob>,
    /// When the timekeeper will wake up by itself.
    armed: Option<Time>,
    /// Events logged so far.
    logged: u64,
}

/// An update to be sent to a webhook.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DeliveryJob {
    pub bot: UserId,
    pub update: UpdateId,
    pub lane: Lane,
}

impl Hub {
    /// A hub around a new world, or around the one that `db` holds. The receiver gets what webhooks are to be sent.
    pub(crate) fn open(
        config: HubConfig,
        db: Option<&Path>,
    ) -> Result<(Arc<Hub>, mpsc::UnboundedReceiver<DeliveryJob>), StoreError> {
        let (deliveries, jobs) = mpsc::unbounded_channel();
        let journal = Journal::new();
        let (store, saved) = match db {
            Some(path) => {
                let (store, saved) = Store::open(path, |effects| journal.extend(entries(effects)))?;
                (Some(store), saved)
            }
            None => (None, None),
        };
        let restored = saved.is_some();
        let at_least = saved.as_ref().map_or(Time(0), World::now);
        let clock = if config.standing_clock {
            Clock::standing(at_least.max(FIRST_MOMENT))
        } else {
            Clock::running(at_least)
        };
        let world = saved.unwrap_or_else(|| World::new(config.seed, config.settings.clone(), clock.now()));
        let inner = Inner {
            world,
            polls: HashMap::new(),
            presses: HashMap::new(),
            inline: HashMap::new(),
            deliveries,
            armed: None,
            logged: 0,
        };
        let blobs = Blobs::new(store.as_ref().map(Store::database));
        let mtproto =
            Mtproto::open(store.as_ref().map(Store::database)).map_err(|source| StoreError::Database {
                path: db.unwrap_or(Path::new("")).to_owned(),
                source,
            })?;
        let strict = AtomicBool::new(config.strict);
        let hub = Hub {
            inner: Mutex::new(inner),
            clock,
            journal,
            blobs,
            mtproto,
            config,
            strict,
            store,
            due_changed: Notify::new(),
            next_poll: AtomicU64::new(1),
        };
        if restored {
            // Nobody waits for the outcome of a restart.
            let _ = hub.lock().call(None, calls::Restart);
        } else if let Some(store) = &hub.store {
            store.save(&hub.lock().inner.world)?;
        }
        Ok((Arc::new(hub), jobs))
    }

    /// Takes the world. Never hold this across an await.
    pub(crate) fn lock(&self) -> Locked<'_> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        Locked {
            hub: self,
            inner,
            origin: None,
        }
    }

    /// Takes the world for an MTProto session, which is not pushed what it does itself.
    pub(crate) fn lock_as(&self, session: SessionName) -> Locked<'_> {
        Locked {
            origin: Some(session),
            ..self.lock()
        }
    }

    /// One call on its own.
    pub(crate) fn call<C: Call>(&self, cause: Option<Seq>, call: C) -> Result<C::Output, Error> {
        self.lock().call(cause, call)
    }

    /// Whether only bots that were made are bots.
    pub(crate) fn is_strict(&self) -> bool {
        self.strict.load(Ordering::Relaxed)
    }

    pub(crate) fn set_strict(&self, strict: bool) {
        self.strict.store(strict, Ordering::Relaxed);
    }

    /// A name for a `getUpdates` call that may wait.
    pub(crate) fn new_poll(&self) -> PollId {
        PollId(self.next_poll.fetch_add(1, Ordering::Relaxed))
    }

    /// Waits until everything that happened so far would survive a crash. At once, if nothing is to.
    ///
    /// # Errors
    /// It would not, and never will.
    pub(crate) async fn settled(&self) -> Result<(), Unwritten> {
        let Some(store) = &self.store else { return Ok(()) };
        let logged = self.inner.lock().unwrap_or_else(PoisonError::into_inner).logged;
        store.settled(logged).await
    }

    /// Turns the clock forward and lets everything happen that is due by then.
    pub(crate) fn advance(&self, by: Duration) -> Time {
        let mut locked = self.lock();
        self.clock.advance(by);
        let _ = locked.call(None, calls::Advanced { by });
        // What is due is nearer now than the timekeeper thinks.
        self.due_changed.notify_one();
        locked.world().now()
    }

    /// Lets happen what is due, when it is due. Never returns.
    pub(crate) async fn keep_time(&self) {
        loop {
            let due = {
                let mut locked = self.lock();
                if locked
                    .world()
                    .next_due()
                    .is_some_and(|due| due <= self.clock.now())
                {
                    let _ = locked.call(None, calls::Tick);
                }
                let due = locked.world().next_due();
                locked.inner.armed = due;
                due
            };
            match due.and_then(|due| self.clock.until(due)) {
                // Timers count whole milliseconds; a little more saves a turn in vain.
                Some(wait) => {
                    let _ =
                        tokio::time::timeout(wait + Duration::from_millis(1), self.due_changed.notified())
                            .await;
                }
                None => self.due_changed.notified().await,
            }
        }
    }

    /// Starts again with an empty world, or with a given one. Whoever waits for something of the old one is let go.
    pub(crate) fn replace(&self, world: Option<World>) -> Result<(), StoreError> {
        let mut locked = self.lock();
        if world.is_none() {
            self.set_strict(self.config.strict);
        }
        let next_seq = locked.world().next_seq();
        let kept = world.is_some();
        let mut world = world
            .unwrap_or_else(|| World::new(self.config.seed, self.config.settings.clone(), self.clock.now()));
        // The journal goes on counting: readers remember where they were.
        world.continue_journal(next_seq);
        let inner = &mut *locked.inner;
        inner.polls.clear();
        inner.presses.clear();
        inner.inline.clear();
        self.mtproto.world_replaced(kept.then_some(&world));
        inner.world = world;
        if let Some(store) = &self.store {
            store.save(&inner.world)?;
        }
        self.journal.clear();
        let _ = locked.call(None, calls::Restart);
        Ok(())
    }
}

/// Where a clock that stands still starts: 2026-01-01 00:00:00 UTC.
const FIRST_MOMENT: Time = Time(1_767_225_600_000);

fn entries(effects: Vec<Effect>) -> impl Iterator<Item = Box<ringback_world::Entry>> {
    effects.into_iter().filter_map(|effect| match effect {
        Effect::Journal(entry) => Some(entry),
        _ => None,
    })
}

/// The world, held.
#[derive(Debug)]
pub(crate) struct Locked<'a> {
    hub: &'a Hub,
    inner: MutexGuard<'a, Inner>,
    /// The session whose doing it is.
    origin: Option<SessionName>,
}

impl Locked<'_> {
    /// To look at.
    pub(crate) fn world(&self) -> &World {
        &self.inner.world
    }

    /// Lets a call happen.
    pub(crate) fn call<C: Call>(&mut self, cause: Option<Seq>, call: C) -> Result<C::Output, Error> {
        let now = self.hub.clock.now();
        let inner = &mut *self.inner;
        if let Some(store) = &self.hub.store {
            inner.logged = store.log(
                &Input {
                    now,
                    cause,
                    event: call.clone().into(),
                },
                &inner.world,
            );
        }
        let (result, effects) = inner.world.call(call, now, cause);
        self.carry_out(effects);
        result
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        let inner = &mut *self.inner;
        let mut entries = Vec::with_capacity(effects.len());
        let mut news = Vec::new();
        for effect in effects {
            match effect {
                Effect::Journal(entry) => entries.push(entry),
                // A receiver that is gone has hung up: the edge closes its poll by itself.
                Effect::Poll(poll, signal) => drop(inner.polls.remove(&poll).map(|to| to.send(signal))),
                Effect::Deliver { bot, update, lane } => {
                    // The sender of webhooks ends only with the server.
                    {
                        let _ = inner.deliveries.send(DeliveryJob { bot, update, lane });
                    }
                }
                Effect::Mail { mailbox, entry } => news.push(News::Mail { mailbox, entry }),
                Effect::Aside { user, aside } => news.push(News::Aside { user, aside }),
                Effect::BotUpdate { bot, update } => news.push(News::Bot { bot, update }),
                Effect::PressEnded(press) => wake(inner.presses.remove(&press)),
                Effect::InlineEnded(query) => wake(inner.inline.remove(&query)),
            }
        }
        self.hub.journal.extend(entries.into_iter());
        let due = inner.world.next_due();
        if due.is_some_and(|due| inner.armed.is_none_or(|armed| due < armed)) {
            inner.armed = due;
            self.hub.due_changed.notify_one();
        }
        let pushed = self.hub.mtproto.tell(&self.inner.world, &news, self.origin);
        for (bot, update) in pushed {
            // That it was pushed cannot be refused.
            let _ = self.call(None, calls::Pushed { bot, update });
        }
    }

    /// Resolves when the waiting `getUpdates` should look again or give up.
    pub(crate) fn wait_poll(&mut self, poll: PollId) -> oneshot::Receiver<PollSignal> {
        let (to, from) = oneshot::channel();
        self.inner.polls.insert(poll, to);
        from
    }

    /// A `getUpdates` waits no longer.
    pub(crate) fn forget_poll(&mut self, poll: PollId) {
        self.inner.polls.remove(&poll);
    }

    /// Resolves when the press has ended; at once if it has.
    pub(crate) fn wait_press(&mut self, press: PressId) -> oneshot::Receiver<()> {
        let (to, from) = oneshot::channel();
        if self
            .inner
            .world
            .press(press)
            .is_some_and(|press| press.end.is_none())
        {
            self.inner.presses.entry(press).or_default().push(to);
        }
        from
    }

    /// Resolves when the inline query has ended; at once if it has.
    pub(crate) fn wait_inline(&mut self, query: InlineQueryId) -> oneshot::Receiver<()> {
        let (to, from) = oneshot::channel();
        if self
            .inner
            .world
            .inline_query(query)
            .is_some_and(|query| query.end.is_none())
        {
            self.inner.inline.entry(query).or_default().push(to);
        }
        from
    }
}

fn wake(waiting: Option<Vec<oneshot::Sender<()>>>) {
    for to in waiting.into_iter().flatten() {
        // Whoever hung up does not want to know.
        let _ = to.send(());
    }
}
