//! [`Sessions`]: where a router's sessions lie.

use std::fmt;
use std::sync::Arc;

use super::locks::Locks;
use crate::store::{MemoryStore, Store};

/// Where sessions and dialogues are kept. The router takes it as a [state](crate::Router::state). A cheap handle.
///
/// ```
/// use ringback::{Router, Sessions};
///
/// let router = Router::new().state(Sessions::memory(100_000));
/// ```
#[derive(Clone)]
pub struct Sessions {
    pub(super) store: Arc<dyn Store>,
    pub(super) locks: Arc<Locks>,
}

impl Sessions {
    /// They are kept in this store.
    pub fn new(store: impl Store) -> Self {
        Sessions {
            store: Arc::new(store),
            locks: Arc::default(),
        }
    }

    /// They are kept in memory, this many at most, and are gone when the program ends.
    pub fn memory(capacity: usize) -> Self {
        Sessions::new(MemoryStore::new(capacity))
    }
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sessions")
    }
}
