//! What both ways of handing out presses share, on one thread.

use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::Notify;

use crate::ledger::Ledger;
use crate::process;
use crate::updates::Crowd;

pub(crate) struct Desk {
    updates: Vec<Bytes>,
    ledger: RefCell<Ledger>,
    /// How many may be handed out by now.
    available: Cell<usize>,
    confirmed: Cell<usize>,
    /// With one press at a time the next is released by an answer.
    one_by_one: bool,
    webhook: RefCell<Webhook>,
    /// How long every method but `getUpdates` takes.
    pub(crate) delay: Duration,
    pub(crate) connections: Cell<u64>,
    pub(crate) polls: Cell<u64>,
    pub(crate) released: Notify,
    pub(crate) answered: Notify,
    /// The first press is about to be handed out.
    pub(crate) begun: Notify,
    pub(crate) complete: Notify,
}

/// What the bot asked for with `setWebhook`.
#[derive(Clone, Default)]
pub(crate) struct Webhook {
    pub(crate) path: Option<String>,
    pub(crate) secret: Option<String>,
}

impl Desk {
    pub(crate) fn new(crowd: Crowd, presses: usize, one_by_one: bool, delay: Duration) -> Rc<Self> {
        let (updates, people): (Vec<_>, Vec<_>) = (0..presses)
            .map(|press| crowd.press(press))
            .map(|press| (Bytes::from(press.json), press.person))
            .unzip();
        Rc::new(Desk {
            updates,
            ledger: RefCell::new(Ledger::new(crowd, people.into_iter())),
            available: Cell::new(if one_by_one { 0 } else { presses }),
            confirmed: Cell::new(0),
            one_by_one,
            webhook: RefCell::default(),
            delay,
            connections: Cell::new(0),
            polls: Cell::new(0),
            released: Notify::new(),
            answered: Notify::new(),
            begun: Notify::new(),
            complete: Notify::new(),
        })
    }

    pub(crate) fn presses(&self) -> usize {
        self.updates.len()
    }

    pub(crate) fn update(&self, press: usize) -> Bytes {
        self.updates[press].clone()
    }

    pub(crate) fn with_ledger<T>(&self, read: impl FnOnce(&Ledger) -> T) -> T {
        read(&self.ledger.borrow())
    }

    /// A poll has come; the first releases the first press.
    pub(crate) fn polled(&self) {
        self.polls.set(self.polls.get() + 1);
        if self.one_by_one && self.available.get() == 0 {
            self.release(0);
        }
    }

    pub(crate) fn release(&self, press: usize) {
        self.ledger.borrow_mut().release(press);
        self.available.set(press + 1);
        self.released.notify_waiters();
    }

    /// Everything below has been received for good.
    pub(crate) fn confirm(&self, below: usize) {
        let confirmed = below.clamp(self.confirmed.get(), self.presses());
        self.confirmed.set(confirmed);
    }

    pub(crate) fn waiting(&self, limit: usize) -> Range<usize> {
        let from = self.confirmed.get();
        from..self.available.get().min(from + limit).max(from)
    }

    pub(crate) fn hand_out(&self, press: usize) -> &[u8] {
        let mut ledger = self.ledger.borrow_mut();
        if ledger.handed_out == 0 {
            self.begun.notify_one();
        }
        ledger.hand_out(press);
        &self.updates[press]
    }

    /// Takes the body of an answer; says whether its query is known.
    pub(crate) fn answer(&self, body: &[u8]) -> bool {
        let mut ledger = self.ledger.borrow_mut();
        let before = ledger.answered;
        let known = ledger.answer(body);
        let (answered, complete) = (ledger.answered, ledger.is_complete());
        drop(ledger);
        if answered > before {
            self.answered.notify_waiters();
            if complete {
                self.complete.notify_one();
            } else if self.one_by_one {
                self.release(answered);
            }
        }
        known
    }

    pub(crate) fn set_webhook(&self, url: Option<String>, secret: Option<String>) {
        let path = url.and_then(|url| {
            let (_, rest) = url.split_once("://")?;
            Some(rest.find('/').map_or("/", |at| &rest[at..]).to_owned())
        });
        *self.webhook.borrow_mut() = Webhook { path, secret };
    }

    pub(crate) fn webhook(&self) -> Webhook {
        self.webhook.borrow().clone()
    }
}

/// Processor time and clock at one moment.
#[derive(Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) at: Duration,
    pub(crate) bot: Duration,
    pub(crate) own: Duration,
    pub(crate) machine: Duration,
}

impl Moment {
    pub(crate) fn now(desk: &Desk, bot: &process::Bot) -> Self {
        Moment {
            at: desk.with_ledger(Ledger::elapsed),
            bot: bot.cpu(),
            own: process::own_cpu(),
            machine: process::machine_cpu(),
        }
    }
}
