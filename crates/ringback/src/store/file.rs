//! [`FileStore`].

#[cfg(any(test, fuzzing))]
pub(crate) mod fuzz;
mod writer;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use redb::{Database, ReadableDatabase, TableDefinition};
use tokio::sync::{mpsc, oneshot};

use self::writer::{Condition, Job, Write};
use super::{Store, StoreFuture, When, millis};
use crate::error::BoxError;

/// The values, each with the millisecond since 1970 in which it ends; zero for one that does not.
const VALUES: TableDefinition<'_, &str, (u64, &[u8])> = TableDefinition::new("values");
/// The keys of the values that end, in the order in which they do.
const ENDS: TableDefinition<'_, (u64, &str), ()> = TableDefinition::new("ends");
/// What the file is.
const ABOUT: TableDefinition<'_, &str, u64> = TableDefinition::new("ringback.store");
/// Changes whenever the tables do.
const FORMAT: u64 = 1;

/// How many writes may wait for the disk; more of them wait before they are taken up.
const WAITING: usize = 1024;

/// Tells the time: milliseconds since 1970.
type Clock = Arc<dyn Fn() -> u64 + Send + Sync>;

/// Why a file can't be used as a [`FileStore`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// Another process, or another `FileStore` of this one, has it open.
    #[error("{0} is open already: a file has one store at a time")]
    Open(PathBuf),
    /// Another version of Ringback wrote it, or it is something else.
    #[error("{path} is not a store of this version (its format is {found:?}, this version's {FORMAT})")]
    Format {
        /// Which file.
        path: PathBuf,
        /// Its format, if it has one.
        found: Option<u64>,
    },
    /// The file can't be opened, made, read or written.
    #[error("cannot use {path}: {source}")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: BoxError,
    },
}

/// Values in a file, for a bot that is one process. Behind the feature `file`.
///
/// A write that has succeeded is on the disk: it survives the end of the program, however that comes, and the
/// machine's. Writes that come at the same time are synced together. A file that was cut off in the middle of a write
/// is as it was before that write.
///
/// What it reads it reads on the calling thread, mostly from memory; writing has a thread of its own. Dropping the
/// store waits for what is being written.
#[derive(Clone)]
pub struct FileStore(Arc<Inner>);

struct Inner {
    path: PathBuf,
    // In this order: the database is closed by the writer's thread at its end, where a panic meets nobody.
    database: Arc<Database>,
    writer: Writer,
    clock: Clock,
}

struct Writer {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl FileStore {
    /// Opens the file, or makes it. Blocks for as long as that takes, which is longer after a crash.
    ///
    /// # Errors
    /// See [`FileError`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self, FileError> {
        Self::open_with(path.as_ref(), Arc::new(now))
    }

    fn open_with(path: &Path, clock: Clock) -> Result<Self, FileError> {
        let failed = |source: BoxError| FileError::File {
            path: path.to_owned(),
            source,
        };
        // What is opened and not wanted is closed in here: that may panic as well.
        let opened = unharmed(|| {
            let database = match Database::create(path) {
                Err(redb::DatabaseError::DatabaseAlreadyOpen) => {
                    return Ok(Err(FileError::Open(path.to_owned())));
                }
                created => created?,
            };
            let found = writer::prepare(&database)?;
            Ok(match found {
                Some(FORMAT) => Ok(database),
                found => Err(FileError::Format {
                    path: path.to_owned(),
                    found,
                }),
            })
        });
        let database = opened.map_err(failed)??;
        let database = Arc::new(database);
        let (jobs, queue) = mpsc::channel(WAITING);
        let (at, time) = (Arc::clone(&database), Arc::clone(&clock));
        let thread = std::thread::Builder::new()
            .name("ringback-file".into())
            .spawn(move || writer::run(&at, queue, &*time))
            .map_err(|error| failed(error.into()))?;
        Ok(FileStore(Arc::new(Inner {
            path: path.to_owned(),
            writer: Writer {
                jobs: Some(jobs),
                thread: Mutex::new(Some(thread)),
            },
            database,
            clock,
        })))
    }

    fn read(&self, key: &str) -> Result<Option<Vec<u8>>, BoxError> {
        unharmed(|| {
            let table = self.0.database.begin_read()?.open_table(VALUES)?;
            let Some(found) = table.get(key)? else {
                return Ok(None);
            };
            let (until, value) = found.value();
            Ok((until == 0 || until > (self.0.clock)()).then(|| value.to_owned()))
        })
    }

    async fn write(&self, key: &str, condition: Condition, write: Write) -> Result<bool, BoxError> {
        let (reply, done) = oneshot::channel();
        let job = Job {
            key: key.to_owned(),
            condition,
            write,
            reply,
        };
        let gone = "the store's writer has ended";
        let jobs = self.0.writer.jobs.as_ref().ok_or(gone)?;
        jobs.send(job).await.map_err(|_| gone)?;
        Ok(done.await.map_err(|_| gone)??)
    }
}

/// The database panics on some files that are damaged. Here that is an error as any other.
fn unharmed<T>(work: impl FnOnce() -> Result<T, BoxError>) -> Result<T, BoxError> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err("the file is damaged".into()))
}

/// Milliseconds since 1970.
fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

impl Store for FileStore {
    fn get<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<Vec<u8>>> {
        Box::pin(std::future::ready(self.read(key)))
    }

    fn set<'a>(
        &'a self,
        key: &'a str,
        value: &'a [u8],
        keep: Option<Duration>,
        when: When<'a>,
    ) -> StoreFuture<'a, bool> {
        let condition = match when {
            When::Always => Condition::Always,
            When::Absent => Condition::Absent,
            When::Is(wanted) => Condition::Is(wanted.to_owned()),
        };
        // The time runs from here, not from when the disk is ready.
        let until = millis(keep).map_or(0, |keep| (self.0.clock)().saturating_add(keep).max(1));
        let write = Write::Set(until, value.to_owned());
        Box::pin(self.write(key, condition, write))
    }

    fn remove<'a>(&'a self, key: &'a str, only: Option<&'a [u8]>) -> StoreFuture<'a, bool> {
        let condition = match only {
            None => Condition::Present,
            Some(wanted) => Condition::Is(wanted.to_owned()),
        };
        Box::pin(self.write(key, condition, Write::Remove))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for FileStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FileStore").field(&self.0.path).finish()
    }
}

#[cfg(test)]
mod tests;
