//! The durable inbox: updates on disk, so that the server need not keep them.
//!
//! A batch is written and synced before the next `getUpdates` confirms it; its handlers run meanwhile. What has been
//! handled is noted behind it, within milliseconds and without a sync of its own: a process that is killed loses
//! no note that was written, and one that was not means that the update is handled once more. A thread does the
//! writing, for a disk can take its time.

mod disk;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzz;
mod log;
mod thread;

pub(crate) use log::Handled;

use std::collections::{HashMap, HashSet, VecDeque};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use bytes::Bytes;
use tokio::sync::{Notify, oneshot};

use self::disk::Disk;
use crate::hash::Ids;
use crate::update::{Content, Update};

/// Tells when what was taken is on the disk.
pub(super) type Stored = oneshot::Receiver<io::Result<()>>;

/// How many handled updates are remembered, so that none of them is handled again: about 1 MiB.
const REMEMBERED: usize = 16 * 1024;
/// How many bytes of batches may be in hand.
const MOST_BYTES: usize = 64 << 20;

/// Why an inbox can't be used. See [`Polling::inbox`](crate::Polling::inbox).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InboxError {
    /// Another process, or another bot of this one, has it open.
    #[error("the inbox {} is in use: another process has it open", path.display())]
    InUse {
        /// The inbox's file.
        path: PathBuf,
    },
    /// The file is something else, which is left as it is.
    #[error("{} is not an inbox; give the inbox another name", path.display())]
    NoInbox {
        /// The file.
        path: PathBuf,
    },
    /// The file is another bot's inbox.
    #[error("the inbox {} is that of bot {bot}", path.display())]
    OtherBot {
        /// The inbox's file.
        path: PathBuf,
        /// The other bot's id.
        bot: i64,
    },
    /// The file can't be read or written.
    #[error("the inbox {} can't be used: {source}", path.display())]
    Io {
        /// The inbox's file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// An inbox that is open. Dropped, it is closed: what was noted is written.
pub(crate) struct Inbox {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
    recovered: Mutex<Vec<(Update, Done)>>,
}

/// What the poller, the handlers' ends and the writing thread share.
#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    /// Wakes the thread.
    work: Condvar,
    /// Told when an update has been handled.
    moved: Notify,
}

#[derive(Debug, Default)]
struct State {
    /// The next update that the server should send, of those that were received.
    offset: i64,
    /// Updates in hand and the latest that were handled, each with its query's key.
    known: HashMap<i64, u64, Ids>,
    keys: HashSet<u64, Ids>,
    /// Handled, the oldest first.
    handled: VecDeque<Handled>,
    in_hand: usize,
    bytes: usize,
    todo: Todo,
    asleep: bool,
}

/// What the thread has to write.
#[derive(Debug, Default)]
struct Todo {
    /// Bodies, the updates in them that are new, and how many there are in all.
    batches: Vec<(Bytes, Vec<i64>, usize)>,
    handled: Vec<Handled>,
    /// Who waits until all that is on the disk.
    waiting: Vec<oneshot::Sender<io::Result<()>>>,
    stop: bool,
}

/// Says, when dropped, that an update has been handled.
#[derive(Debug)]
pub(crate) struct Done {
    batch: Arc<Weight>,
    handled: Handled,
}

/// The memory that a batch holds until the last of its updates has been handled.
#[derive(Debug)]
struct Weight {
    shared: Arc<Shared>,
    bytes: usize,
}

impl Inbox {
    pub(crate) fn open(path: &Path, bot: i64) -> Result<Self, InboxError> {
        let (disk, recovered) = Disk::open(path, bot)?;
        let mut state = State {
            offset: recovered.offset,
            ..State::default()
        };
        for one in &recovered.handled {
            state.know(*one);
        }
        state.handled = recovered.handled;
        let shared = Arc::new(Shared {
            state: Mutex::new(state),
            work: Condvar::new(),
            moved: Notify::new(),
        });
        let mut again = Vec::new();
        for (bytes, updates) in recovered.batches {
            let (admitted, known) = Weight::admit(&shared, bytes, updates, None);
            again.extend(admitted);
            // They were sent twice, and were handled under their other number.
            shared.lock().todo.handled.extend(known);
        }
        if !again.is_empty() {
            tracing::info!(
                updates = again.len(),
                "the inbox holds updates that were not handled"
            );
        }
        let writer = Arc::clone(&shared);
        let thread = std::thread::Builder::new().name("ringback-inbox".into());
        let thread = thread.spawn(move || thread::run(disk, &writer));
        Ok(Inbox {
            shared,
            thread: Some(thread.map_err(|source| InboxError::Io {
                path: path.to_owned(),
                source,
            })?),
            recovered: Mutex::new(again),
        })
    }

    /// What was received by a former run and not handled; once.
    pub(super) fn recovered(&self) -> Vec<(Update, Done)> {
        std::mem::take(&mut *self.recovered.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What to ask the server for next.
    pub(super) fn offset(&self) -> i64 {
        self.shared.lock().offset
    }

    pub(super) fn unhandled(&self) -> usize {
        self.shared.lock().in_hand
    }

    /// Waits until there is room for more updates; for how many.
    pub(super) async fn room(&self, most: usize) -> usize {
        let mut told = false;
        loop {
            let moved = self.shared.moved.notified();
            {
                let state = self.shared.lock();
                let room = most.saturating_sub(state.in_hand);
                if room > 0 && state.bytes < MOST_BYTES {
                    return room;
                }
                if !told {
                    told = true;
                    tracing::warn!(
                        updates = state.in_hand,
                        bytes = state.bytes,
                        "so many updates are in hand that no \
                                    more are received until some have been handled"
                    );
                }
            }
            moved.await;
        }
    }

    /// Waits until nothing is in hand.
    pub(super) async fn idle(&self) {
        loop {
            let moved = self.shared.moved.notified();
            if self.unhandled() == 0 {
                return;
            }
            moved.await;
        }
    }

    /// Takes up what came when `asked` was asked for: those updates that are new, and what tells when they are on the
    /// disk.
    pub(super) fn take(
        &self,
        body: &Bytes,
        updates: Vec<Update>,
        asked: i64,
    ) -> (Vec<(Update, Done)>, Option<Stored>) {
        let all = updates.len();
        let (admitted, _) = Weight::admit(&self.shared, body.len(), updates, Some(asked));
        if admitted.is_empty() {
            return (admitted, None);
        }
        let ids = admitted.iter().map(|(update, _)| update.id).collect();
        let (stored, on_disk) = oneshot::channel();
        let mut state = self.shared.lock();
        state.todo.batches.push((body.clone(), ids, all));
        state.todo.waiting.push(stored);
        self.shared.wake(state);
        (admitted, Some(on_disk))
    }

    /// Tells when all that was taken is on the disk; tries again what could not be written.
    pub(super) fn flush(&self) -> Stored {
        let (stored, on_disk) = oneshot::channel();
        let mut state = self.shared.lock();
        state.todo.waiting.push(stored);
        self.shared.wake(state);
        on_disk
    }
}

impl Drop for Inbox {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.todo.stop = true;
        self.shared.wake(state);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wake(&self, mut state: MutexGuard<'_, State>) {
        if std::mem::take(&mut state.asleep) {
            drop(state);
            self.work.notify_one();
        }
    }
}

impl Weight {
    /// Takes up the updates of a batch that are new, and tells the others. `asked` is as of [`State::is_new`].
    fn admit(
        shared: &Arc<Shared>,
        bytes: usize,
        updates: Vec<Update>,
        asked: Option<i64>,
    ) -> (Vec<(Update, Done)>, Vec<Handled>) {
        let mut state = shared.lock();
        let mut admitted = Vec::with_capacity(updates.len());
        let (mut known, mut batch) = (Vec::new(), None);
        for update in updates {
            let handled = Handled {
                id: update.id,
                key: match &update.content {
                    Content::Callback(query) => key(&query.id),
                    _ => 0,
                },
            };
            if !state.is_new(handled, asked) {
                known.push(handled);
                continue;
            }
            let batch = batch.get_or_insert_with(|| {
                Arc::new(Weight {
                    shared: Arc::clone(shared),
                    bytes,
                })
            });
            let batch = Arc::clone(batch);
            admitted.push((update, Done { batch, handled }));
        }
        if batch.is_some() {
            state.in_hand += admitted.len();
            state.bytes += bytes;
        }
        (admitted, known)
    }
}

impl State {
    fn know(&mut self, one: Handled) {
        self.known.insert(one.id, one.key);
        if one.key != 0 {
            self.keys.insert(one.key);
        }
    }

    /// Takes up an update that came when `asked` was asked for (or was in the file), unless it is in hand or was
    /// handled.
    fn is_new(&mut self, one: Handled, asked: Option<i64>) -> bool {
        let known = self.known.get(&one.id).copied();
        if let Some(asked) = asked {
            let again = known == Some(one.key);
            if !again || one.id >= asked {
                self.offset = one.id + 1;
            }
            // The server does not send what it was told to forget. A number below, or one of another query, is of a
            // new numbering: after a quiet week the server begins anew anywhere. The old numbers mean nothing now.
            if !again && (known.is_some() || one.id < asked) {
                self.known.clear();
            }
        }
        // The same update, or the same press under another number.
        if known == Some(one.key) || self.keys.contains(&one.key) {
            return false;
        }
        self.know(one);
        true
    }

    fn handled(&mut self, one: Handled) {
        self.in_hand -= 1;
        self.handled.push_back(one);
        if self.handled.len() > REMEMBERED
            && let Some(oldest) = self.handled.pop_front()
        {
            self.known.remove(&oldest.id);
            self.keys.remove(&oldest.key);
        }
        self.todo.handled.push(one);
    }
}

impl Drop for Done {
    fn drop(&mut self) {
        let shared = &self.batch.shared;
        let mut state = shared.lock();
        state.handled(self.handled);
        shared.wake(state);
        shared.moved.notify_one();
    }
}

impl Drop for Weight {
    fn drop(&mut self) {
        self.shared.lock().bytes -= self.bytes;
    }
}

/// A query's identifier as a number: it is one, in decimal digits, as far as anybody has seen. Never 0.
fn key(id: &str) -> u64 {
    let hash = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    match id.parse() {
        Ok(number) if number != 0 => number,
        _ => id.bytes().fold(0xcbf2_9ce4_8422_2325, hash).max(1),
    }
}

#[cfg(test)]
mod tests;
