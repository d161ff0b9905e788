//! [`Store`]: where stored values lie, and the one in memory.

use std::collections::{HashMap, VecDeque};
use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::error::BoxError;

/// What a [`Store`]'s methods return.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, BoxError>> + Send + 'a>>;

/// A place for the values of [stored](super::Stored) data: [memory](MemoryStore), or a database behind these three
/// methods.
///
/// Keys are text of up to 100 bytes, values any bytes. Both are the store's to keep and nobody else's to read: a value
/// is not encrypted.
pub trait Store: Send + Sync + 'static {
    /// Keeps a value, for this long, if that is said. The key is new.
    fn put(&self, key: String, value: Vec<u8>, keep: Option<Duration>) -> StoreFuture<'_, ()>;

    /// The value, unless it has expired or never was.
    fn get(&self, key: &str) -> StoreFuture<'_, Option<Vec<u8>>>;

    /// Claims a value that may be used once, in one step: true for the first `by` that asks, and again for the same;
    /// false for any other, and when the value is not there.
    fn claim(&self, key: &str, by: &str) -> StoreFuture<'_, bool>;
}

/// Values in memory. When it is full, the oldest makes room.
#[derive(Debug)]
pub struct MemoryStore {
    capacity: usize,
    entries: Mutex<Entries>,
}

#[derive(Debug, Default)]
struct Entries {
    values: HashMap<String, Entry>,
    /// The keys by age; some may be of values that are gone.
    ages: VecDeque<String>,
}

#[derive(Debug)]
struct Entry {
    value: Vec<u8>,
    until: Option<Instant>,
    claimed_by: Option<String>,
}

impl MemoryStore {
    /// Room for this many values, at least one.
    pub fn new(capacity: usize) -> Self {
        MemoryStore {
            capacity: capacity.max(1),
            entries: Mutex::default(),
        }
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.lock().values.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entries {
    /// The entry, which goes away when its time is over.
    fn live(&mut self, key: &str) -> Option<&mut Entry> {
        let over = |entry: &Entry| entry.until.is_some_and(|until| until <= Instant::now());
        if self.values.get(key).is_some_and(over) {
            self.values.remove(key);
        }
        self.values.get_mut(key)
    }
}

impl Store for MemoryStore {
    fn put(&self, key: String, value: Vec<u8>, keep: Option<Duration>) -> StoreFuture<'_, ()> {
        let mut entries = self.lock();
        while entries.ages.len() >= self.capacity {
            if let Some(oldest) = entries.ages.pop_front() {
                entries.values.remove(&oldest);
            }
        }
        let entry = Entry {
            value,
            // A time that no clock reaches is no limit.
            until: keep.and_then(|keep| Instant::now().checked_add(keep)),
            claimed_by: None,
        };
        entries.ages.push_back(key.clone());
        entries.values.insert(key, entry);
        Box::pin(ready(Ok(())))
    }

    fn get(&self, key: &str) -> StoreFuture<'_, Option<Vec<u8>>> {
        let value = self.lock().live(key).map(|entry| entry.value.clone());
        Box::pin(ready(Ok(value)))
    }

    fn claim(&self, key: &str, by: &str) -> StoreFuture<'_, bool> {
        let mut entries = self.lock();
        let claimed = entries
            .live(key)
            .is_some_and(|entry| *entry.claimed_by.get_or_insert_with(|| by.to_owned()) == by);
        Box::pin(ready(Ok(claimed)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn values_expire_and_the_oldest_makes_room() {
        let store = MemoryStore::new(2);
        store.put("a".into(), vec![1], None).await.unwrap();
        store
            .put("b".into(), vec![2], Some(Duration::from_secs(5)))
            .await
            .unwrap();
        assert_eq!(store.get("b").await.unwrap(), Some(vec![2]));
        tokio::time::advance(Duration::from_secs(5)).await;
        assert_eq!(store.get("b").await.unwrap(), None);
        store.put("c".into(), vec![3], Some(Duration::MAX)).await.unwrap();
        assert_eq!(store.get("a").await.unwrap(), None);
        assert_eq!(store.get("c").await.unwrap(), Some(vec![3]));
        assert_eq!(store.len(), 1);
    }

    #[tokio::test]
    async fn one_claims() {
        let store = MemoryStore::new(2);
        assert!(!store.claim("a", "1").await.unwrap());
        store.put("a".into(), vec![1], None).await.unwrap();
        assert!(store.claim("a", "1").await.unwrap());
        assert!(store.claim("a", "1").await.unwrap());
        assert!(!store.claim("a", "2").await.unwrap());
    }
}
