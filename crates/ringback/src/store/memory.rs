//! [`MemoryStore`].

use std::collections::{BTreeMap, HashMap};
use std::future::ready;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::{Store, StoreFuture, When};

/// Values in memory, gone when the program ends. What has expired makes room at once; when it is full, the value that
/// was written longest ago does.
#[derive(Debug)]
pub struct MemoryStore {
    capacity: usize,
    entries: Mutex<Entries>,
}

#[derive(Debug, Default)]
struct Entries {
    values: HashMap<Arc<str>, Entry>,
    /// The keys in the order in which they were written.
    ages: BTreeMap<u64, Arc<str>>,
    /// The keys in the order in which they expire.
    ends: BTreeMap<(Instant, u64), Arc<str>>,
    writes: u64,
    /// How far a test has turned the clock.
    ahead: Duration,
}

#[derive(Debug)]
struct Entry {
    value: Vec<u8>,
    until: Option<Instant>,
    /// Its place in `ages`.
    written: u64,
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
        self.live().values.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Lets this much time pass for what is kept for a time: in a test an offer of an hour ends at once. The other
    /// [stores](crate::store) go by the clock of the machine or the server.
    #[cfg(feature = "testing")]
    pub fn advance(&self, by: Duration) {
        let mut entries = self.live();
        entries.ahead += by;
        drop(entries);
        drop(self.live());
    }

    /// The entries, without those whose time is over.
    fn live(&self) -> MutexGuard<'_, Entries> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.ends.is_empty() {
            return entries;
        }
        let now = entries.now();
        while let Some(first) = entries.ends.first_entry()
            && first.key().0 <= now
        {
            let key = first.remove();
            entries.remove(&key);
        }
        entries
    }
}

impl Entries {
    fn now(&self) -> Instant {
        Instant::now() + self.ahead
    }

    fn remove(&mut self, key: &str) {
        if let Some(entry) = self.values.remove(key) {
            self.ages.remove(&entry.written);
            if let Some(until) = entry.until {
                self.ends.remove(&(until, entry.written));
            }
        }
    }

    fn insert(&mut self, key: &str, value: &[u8], until: Option<Instant>) {
        let written = self.writes;
        self.writes += 1;
        let key: Arc<str> = key.into();
        self.ages.insert(written, Arc::clone(&key));
        if let Some(until) = until {
            self.ends.insert((until, written), Arc::clone(&key));
        }
        let entry = Entry {
            value: value.to_owned(),
            until,
            written,
        };
        self.values.insert(key, entry);
    }
}

impl Store for MemoryStore {
    fn get<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<Vec<u8>>> {
        let value = self.live().values.get(key).map(|entry| entry.value.clone());
        Box::pin(ready(Ok(value)))
    }

    fn set<'a>(
        &'a self,
        key: &'a str,
        value: &'a [u8],
        keep: Option<Duration>,
        when: When<'a>,
    ) -> StoreFuture<'a, bool> {
        let mut entries = self.live();
        let held = entries.values.get(key).map(|entry| &*entry.value);
        let met = match when {
            When::Always => true,
            When::Absent => held.is_none(),
            When::Is(wanted) => held == Some(wanted),
        };
        if met {
            entries.remove(key);
            while entries.values.len() >= self.capacity {
                let Some((_, oldest)) = entries.ages.pop_first() else {
                    break;
                };
                entries.remove(&oldest);
            }
            // A time that no clock reaches is no limit.
            let until = keep.and_then(|keep| entries.now().checked_add(keep));
            entries.insert(key, value, until);
        }
        Box::pin(ready(Ok(met)))
    }

    fn remove<'a>(&'a self, key: &'a str, only: Option<&'a [u8]>) -> StoreFuture<'a, bool> {
        let mut entries = self.live();
        let held = entries.values.get(key).map(|entry| &*entry.value);
        let met = held.is_some_and(|held| only.is_none_or(|only| only == held));
        if met {
            entries.remove(key);
        }
        Box::pin(ready(Ok(met)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Option<Duration> = Some(Duration::from_secs(60));

    async fn put(store: &MemoryStore, key: &str, keep: Option<Duration>) {
        assert!(store.set(key, b"1", keep, When::Always).await.unwrap());
    }

    #[tokio::test(start_paused = true)]
    async fn what_has_expired_makes_room_before_what_is_old() {
        let store = MemoryStore::new(2);
        put(&store, "old", None).await;
        put(&store, "short", MINUTE).await;
        tokio::time::advance(Duration::from_secs(59)).await;
        assert_eq!(store.len(), 2);
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(store.len(), 1);
        put(&store, "new", Some(Duration::MAX)).await;
        assert_eq!(store.get("old").await.unwrap(), Some(b"1".to_vec()));
        put(&store, "newer", None).await;
        assert_eq!(store.get("old").await.unwrap(), None);
        assert_eq!(store.len(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_write_renews_age_and_end_and_leaves_nothing_behind() {
        let store = MemoryStore::new(2);
        put(&store, "a", MINUTE).await;
        put(&store, "b", None).await;
        put(&store, "a", None).await;
        tokio::time::advance(Duration::from_secs(61)).await;
        put(&store, "c", None).await;
        assert_eq!(store.get("b").await.unwrap(), None, "it was written longest ago");
        assert!(store.get("a").await.unwrap().is_some());
        assert!(store.remove("a", None).await.unwrap());
        assert!(store.remove("c", None).await.unwrap());
        let entries = store.entries.lock().unwrap();
        assert!(entries.values.is_empty() && entries.ages.is_empty() && entries.ends.is_empty());
    }
}
