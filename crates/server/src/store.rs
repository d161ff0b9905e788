//! The world on disk: a snapshot and the log of events since.
//!
//! Each event is logged before it happens, in groups: one thread writes and syncs whatever has come up meanwhile,
//! and an answer leaves the server only when the events before it are safe. So a crash loses no acknowledged call,
//! and opening the file replays the log on the snapshot.

use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};
use ringback_world::{Effect, Input, World};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use tokio::sync::watch;

const META: TableDefinition<'_, &str, u64> = TableDefinition::new("meta");
const SNAPSHOT: TableDefinition<'_, (), &[u8]> = TableDefinition::new("snapshot");
const LOG: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("log");

/// Changes whenever the world or its events are written otherwise.
const FORMAT: u64 = 4;
/// The format before this one, which is still read.
const OLD_FORMAT: u64 = 3;
/// What its worlds lack at their end: the profiles and the albums, eight maps with nothing in them.
const ADDED: [u8; 8] = [0; 8];
/// After this many events the log is folded into a new snapshot.
const FOLD_AFTER: u64 = 250_000;

/// Why the file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The database itself refuses.
    #[error("cannot use {path}: {source}")]
    Database {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: redb::Error,
    },
    /// Another version wrote it.
    #[error(
        "{path} was written by another version of ringback (format {found}, this one has {FORMAT}); use another file"
    )]
    Format {
        /// Which file.
        path: PathBuf,
        /// Its format.
        found: u64,
    },
    /// What is in it is not what was written.
    #[error("{path} is damaged: {source}")]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What does not fit.
        source: postcard::Error,
    },
}

/// The open file.
#[derive(Debug)]
pub(crate) struct Store {
    path: PathBuf,
    database: Arc<Database>,
    queue: Arc<Queue>,
    safe: watch::Receiver<u64>,
}

/// What is to be written.
#[derive(Debug, Default)]
struct Queue {
    pending: Mutex<Pending>,
    wake: Condvar,
}

#[derive(Debug, Default)]
struct Pending {
    /// Events, in order; the last has the number `logged`.
    events: Vec<Vec<u8>>,
    /// Replaces all that was logged before the events above.
    snapshot: Option<Vec<u8>>,
    logged: u64,
    since_fold: u64,
    closed: bool,
}

impl Store {
    /// Opens or makes the file. If it holds a world, the log is replayed on it; `effects` is shown what happened then.
    pub(crate) fn open(
        path: &Path,
        mut effects: impl FnMut(Vec<Effect>),
    ) -> Result<(Store, Option<World>), StoreError> {
        let failed = |source: redb::Error| StoreError::Database {
            path: path.to_owned(),
            source,
        };
        let damaged = |source| StoreError::Damaged {
            path: path.to_owned(),
            source,
        };
        let database = Database::create(path).map_err(|error| failed(error.into()))?;
        let found = read_format(&database).map_err(failed)?;
        let mut saved = None;
        match found {
            None => {}
            Some(FORMAT | OLD_FORMAT) => {
                if let Some((mut snapshot, log)) = read_all(&database).map_err(failed)? {
                    if found == Some(OLD_FORMAT) {
                        snapshot.extend(ADDED);
                    }
                    let mut world: World = postcard::from_bytes(&snapshot).map_err(damaged)?;
                    for event in log {
                        let input: Input = postcard::from_bytes(&event).map_err(damaged)?;
                        effects(world.step(input));
                    }
                    saved = Some(world);
                }
            }
            Some(found) => {
                return Err(StoreError::Format {
                    path: path.to_owned(),
                    found,
                });
            }
        }
        let database = Arc::new(database);
        let queue = Arc::new(Queue::default());
        let (tell_safe, safe) = watch::channel(0);
        let writer = (Arc::clone(&database), Arc::clone(&queue));
        std::thread::Builder::new()
            .name("ringback-store".into())
            .spawn(move || write_loop(&writer.0, &writer.1, &tell_safe))
            .map_err(|error| failed(redb::Error::Io(error)))?;
        let store = Store {
            path: path.to_owned(),
            database,
            queue,
            safe,
        };
        // From now on the file holds what an older program cannot read: it must say so.
        if let Some(world) = saved.as_ref().filter(|_| found == Some(OLD_FORMAT)) {
            store.save(world)?;
        }
        Ok((store, saved))
    }

    /// The database, for what else is to be kept in it.
    pub(crate) fn database(&self) -> Arc<Database> {
        Arc::clone(&self.database)
    }

    /// Queues an event and gives its number. `world` is what it is about to happen to.
    pub(crate) fn log(&self, input: &Input, world: &World) -> u64 {
        let mut pending = self.queue.pending.lock().unwrap_or_else(PoisonError::into_inner);
        if pending.since_fold >= FOLD_AFTER
            && let Ok(snapshot) = postcard::to_allocvec(world)
        {
            pending.snapshot = Some(snapshot);
            pending.events.clear();
            pending.since_fold = 0;
        }
        // Writing to memory what serde derives: cannot fail.
        pending
            .events
            .push(postcard::to_allocvec(input).unwrap_or_default());
        pending.logged += 1;
        pending.since_fold += 1;
        self.queue.wake.notify_one();
        pending.logged
    }

    /// Queues a whole world in place of everything before.
    pub(crate) fn save(&self, world: &World) -> Result<(), StoreError> {
        let snapshot = postcard::to_allocvec(world).map_err(|source| StoreError::Damaged {
            path: self.path.clone(),
            source,
        })?;
        let mut pending = self.queue.pending.lock().unwrap_or_else(PoisonError::into_inner);
        pending.events.clear();
        pending.snapshot = Some(snapshot);
        pending.since_fold = 0;
        self.queue.wake.notify_one();
        Ok(())
    }

    /// Waits until the events up to `logged` are safe.
    ///
    /// # Errors
    /// They never will be: the file could not be written.
    pub(crate) async fn settled(&self, logged: u64) -> Result<(), Unwritten> {
        let mut safe = self.safe.clone();
        safe.wait_for(|safe| *safe >= logged)
            .await
            .map(drop)
            .map_err(|_| Unwritten)
    }
}

/// The world's file cannot be written any more: nothing may be acknowledged.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unwritten;

impl Drop for Store {
    fn drop(&mut self) {
        self.queue
            .pending
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .closed = true;
        self.queue.wake.notify_one();
    }
}

fn read_format(database: &Database) -> Result<Option<u64>, redb::Error> {
    match database.begin_read()?.open_table(META) {
        Ok(meta) => Ok(meta.get("format")?.map(|format| format.value())),
        Err(redb::TableError::TableDoesNotExist(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

type Saved = (Vec<u8>, Vec<Vec<u8>>);

fn read_all(database: &Database) -> Result<Option<Saved>, redb::Error> {
    let read = database.begin_read()?;
    let snapshot = match read.open_table(SNAPSHOT) {
        Ok(table) => table.get(())?.map(|bytes| bytes.value().to_vec()),
        Err(redb::TableError::TableDoesNotExist(_)) => None,
        Err(error) => return Err(error.into()),
    };
    let Some(snapshot) = snapshot else { return Ok(None) };
    let log = read.open_table(LOG)?;
    let events: Result<Vec<_>, redb::StorageError> = log
        .iter()?
        .map(|row| row.map(|(_, event)| event.value().to_vec()))
        .collect();
    Ok(Some((snapshot, events?)))
}

/// Writes what has come up since the last time, again and again, until the store is closed.
fn write_loop(database: &Database, queue: &Queue, safe: &watch::Sender<u64>) {
    loop {
        let (events, snapshot, logged) = {
            let mut pending = queue.pending.lock().unwrap_or_else(PoisonError::into_inner);
            while pending.events.is_empty() && pending.snapshot.is_none() {
                if pending.closed {
                    return;
                }
                pending = queue.wake.wait(pending).unwrap_or_else(PoisonError::into_inner);
            }
            (
                std::mem::take(&mut pending.events),
                pending.snapshot.take(),
                pending.logged,
            )
        };
        if let Err(error) = write(database, &events, snapshot.as_deref()) {
            // Nothing may be acknowledged any more that would not survive.
            tracing::error!(%error, "cannot write the world's file: from now on every call is refused");
            return;
        }
        safe.send_replace(logged);
    }
}

fn write(database: &Database, events: &[Vec<u8>], snapshot: Option<&[u8]>) -> Result<(), redb::Error> {
    let transaction = database.begin_write()?;
    {
        let mut log = transaction.open_table(LOG)?;
        if let Some(snapshot) = snapshot {
            transaction.open_table(META)?.insert("format", FORMAT)?;
            transaction.open_table(SNAPSHOT)?.insert((), snapshot)?;
            log.retain(|_, _| false)?;
        }
        let first = log.last()?.map_or(0, |(last, _)| last.value() + 1);
        for (at, event) in (first..).zip(events) {
            log.insert(at, &event[..])?;
        }
    }
    transaction.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringback_world::calls::{CreateUser, Tick, UseToken};
    use ringback_world::{ChatId, GroupId, Settings, Time};

    #[test]
    fn a_file_of_the_format_before_is_read_and_becomes_one_of_this() {
        let path = std::env::temp_dir().join(format!("ringback-store-old-{}.db", std::process::id()));
        let input = |event| Input {
            now: Time(1),
            cause: None,
            event,
        };
        let mut world = World::new(1, Settings::default(), Time(0));
        let ann = CreateUser {
            first_name: "Ann".into(),
            ..CreateUser::default()
        };
        world.step(input(ann.into()));
        let mut snapshot = postcard::to_allocvec(&world).unwrap();
        let rest = snapshot.split_off(snapshot.len() - ADDED.len());
        assert_eq!(rest, ADDED, "what is added is not what a new world has there");
        let token = "77:secret".to_owned();
        let event = postcard::to_allocvec(&input(UseToken { token: token.clone() }.into())).unwrap();
        let database = Database::create(&path).unwrap();
        write(&database, &[], Some(&snapshot)).unwrap();
        write(&database, &[event], None).unwrap();
        let transaction = database.begin_write().unwrap();
        transaction
            .open_table(META)
            .unwrap()
            .insert("format", OLD_FORMAT)
            .unwrap();
        transaction.commit().unwrap();
        drop(database);
        for format in [OLD_FORMAT, FORMAT] {
            let database = Database::create(&path).unwrap();
            assert_eq!(read_format(&database).unwrap(), Some(format));
            drop(database);
            let (store, saved) = Store::open(&path, |_| {}).unwrap();
            let saved = saved.unwrap();
            assert_eq!(saved.users().count(), 2);
            assert!(saved.bot_by_token(&token).is_some());
            assert_eq!(saved.chat_description(ChatId::Group(GroupId(1))), "");
            let written = Arc::clone(&store.database);
            drop(store);
            // The writer has ended when nobody else holds the file.
            while Arc::strong_count(&written) > 1 {
                std::thread::yield_now();
            }
        }
        std::fs::remove_file(path).unwrap();
    }

    #[tokio::test]
    async fn nothing_is_safe_once_the_writer_has_given_up() {
        let path = std::env::temp_dir().join(format!("ringback-store-{}.db", std::process::id()));
        let (store, _) = Store::open(&path, |_| {}).unwrap();
        let world = World::new(1, Settings::default(), Time(0));
        let input = || Input {
            now: Time(0),
            cause: None,
            event: Tick.into(),
        };
        let first = store.log(&input(), &world);
        assert_eq!(store.settled(first).await, Ok(()));
        // As after a write that failed: the writer is gone.
        store.queue.pending.lock().unwrap().closed = true;
        store.queue.wake.notify_one();
        let mut safe = store.safe.clone();
        while safe.changed().await.is_ok() {}
        let second = store.log(&input(), &world);
        assert_eq!(store.settled(second).await, Err(Unwritten));
        drop(store);
        std::fs::remove_file(path).unwrap();
    }
}
