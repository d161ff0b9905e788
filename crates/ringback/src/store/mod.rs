//! Where a bot keeps what must outlive an update: one trait, and four places behind it.
//!
//! [Sessions](crate::session), [dialogues](crate::Dialogue) and [stored callback data](crate::data::Stored) all lie
//! in a [`Store`]. Which one is a matter of how the bot runs:
//!
//! | | feature | lost when | for |
//! |---|---|---|---|
//! | [`MemoryStore`] | | the program ends | tests, and what may be lost |
//! | `FileStore` | `file` | the disk does | one process, without a server beside it |
//! | `RedisStore` | `redis` | as the server is set up | several processes |
//! | `PostgresStore` | `postgres` | as the server is set up | several processes, beside the rest of the data |
//!
//! One store may serve all of them, as an `Arc`, or each has its own:
//!
//! ```
//! use std::sync::Arc;
//! use ringback::data::Stash;
//! use ringback::store::MemoryStore;
//! use ringback::{Router, Sessions};
//!
//! let store = Arc::new(MemoryStore::new(100_000));
//! let router = Router::new().state(Sessions::new(Arc::clone(&store))).state(Stash::new(store));
//! ```

#[cfg(feature = "file")]
mod file;
#[cfg(all(feature = "file", any(test, fuzzing)))]
pub(crate) use file::fuzz;
mod memory;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "redis")]
mod redis;

#[cfg(feature = "file")]
pub use file::{FileError, FileStore};
pub use memory::MemoryStore;
#[cfg(feature = "postgres")]
pub use postgres::{PostgresBuilder, PostgresStore};
#[cfg(feature = "redis")]
pub use redis::{RedisBuilder, RedisStore};

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use crate::error::BoxError;

/// What a [`Store`]'s methods return.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, BoxError>> + Send + 'a>>;

/// The most bytes of a key that a [`Store`] must take.
pub const MAX_KEY: usize = 250;

/// The most bytes of a value that a [`Store`] must take: 1 MiB.
pub const MAX_VALUE: usize = 1 << 20;

/// Values under keys, each for as long as was asked.
///
/// Writing may be made to depend on what is there, in one step whoever else writes: that is what keeps two updates of
/// one user from losing each other's changes, in whichever process they are handled. What is compared is the value
/// itself, so there are no version numbers to keep, and none that begin anew when a value expires.
///
/// Keys are text of 1 to [`MAX_KEY`] bytes, values up to [`MAX_VALUE`] bytes of any kind. They are not encrypted. A
/// value whose time is over is not there any more, for every method.
///
/// An error means that the store could not be asked, or that its reply was lost: then a write may have happened.
///
/// The three methods are all that a place of your own has to have. What it must do is written down as a test that takes any
/// store: `tests/stores/suite.rs` in Ringback's source.
pub trait Store: Send + Sync + 'static {
    /// The value.
    fn get<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<Vec<u8>>>;

    /// Puts a value under a key, if what is there is as `when` says; whether it was. It lasts for this long from now,
    /// or for ever, whatever was said of the value before it. A time of zero is over at once.
    fn set<'a>(
        &'a self,
        key: &'a str,
        value: &'a [u8],
        keep: Option<Duration>,
        when: When<'a>,
    ) -> StoreFuture<'a, bool>;

    /// Removes the value, or `only` this one; whether one was removed.
    fn remove<'a>(&'a self, key: &'a str, only: Option<&'a [u8]>) -> StoreFuture<'a, bool>;

    /// Removes the value and gives it to this caller, and to no other.
    fn take<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<Vec<u8>>> {
        Box::pin(async move {
            loop {
                let Some(value) = self.get(key).await? else {
                    return Ok(None);
                };
                // Somebody else may have taken it, or changed it: then there is another one to take, or none.
                if self.remove(key, Some(&value)).await? {
                    return Ok(Some(value));
                }
            }
        })
    }
}

/// On what a [write](Store::set) depends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When<'a> {
    /// On nothing.
    Always,
    /// There is no value. Of many writers one succeeds: so a set of what has been seen is kept.
    Absent,
    /// The value is this one.
    Is(&'a [u8]),
}

impl<S: Store + ?Sized> Store for Arc<S> {
    fn get<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<Vec<u8>>> {
        (**self).get(key)
    }

    fn set<'a>(
        &'a self,
        key: &'a str,
        value: &'a [u8],
        keep: Option<Duration>,
        when: When<'a>,
    ) -> StoreFuture<'a, bool> {
        (**self).set(key, value, keep, when)
    }

    fn remove<'a>(&'a self, key: &'a str, only: Option<&'a [u8]>) -> StoreFuture<'a, bool> {
        (**self).remove(key, only)
    }

    fn take<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<Vec<u8>>> {
        (**self).take(key)
    }
}

/// A time as whole milliseconds, rounded up; `None` for one that no clock reaches.
#[cfg(any(feature = "file", feature = "redis", feature = "postgres"))]
fn millis(keep: Option<Duration>) -> Option<u64> {
    /// A hundred years: more than any of the servers can be sure to count.
    const MOST: u128 = 100 * 366 * 24 * 3600 * 1000;
    let millis = keep?.as_nanos().div_ceil(1_000_000);
    u64::try_from(millis).ok().filter(|_| millis <= MOST)
}
