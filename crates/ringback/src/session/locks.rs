//! One update at a time for each session, within this process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::OwnedMutexGuard;

/// The sessions that are in use. One that is not costs nothing.
#[derive(Debug, Default)]
pub(super) struct Locks(Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>);

/// A session that is this update's until this is dropped.
#[derive(Debug)]
pub(super) struct Held {
    locks: Arc<Locks>,
    key: String,
    guard: Option<OwnedMutexGuard<()>>,
}

impl Locks {
    /// Waits for a session, in the order of asking.
    pub(super) async fn hold(self: &Arc<Self>, key: &str) -> Held {
        // Made before waiting: a caller that gives up cleans up, too.
        let mut held = self.held(key);
        let lock = self.entry(key);
        held.guard = Some(lock.lock_owned().await);
        held
    }

    /// The session, if nobody has it.
    pub(super) fn try_hold(self: &Arc<Self>, key: &str) -> Option<Held> {
        let guard = self.entry(key).try_lock_owned().ok()?;
        let mut held = self.held(key);
        held.guard = Some(guard);
        Some(held)
    }

    fn held(self: &Arc<Self>, key: &str) -> Held {
        Held {
            locks: Arc::clone(self),
            key: key.to_owned(),
            guard: None,
        }
    }

    fn entry(&self, key: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut locks = self.lock();
        match locks.get(key) {
            Some(lock) => Arc::clone(lock),
            None => Arc::clone(locks.entry(key.to_owned()).or_default()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Arc<tokio::sync::Mutex<()>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.guard = None;
        let mut locks = self.locks.lock();
        // Whoever holds it or waits for it has a share.
        if locks
            .get(&self.key)
            .is_some_and(|lock| Arc::strong_count(lock) == 1)
        {
            locks.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[tokio::test(start_paused = true)]
    async fn one_holds_the_others_wait_and_nothing_is_left() {
        let locks = Arc::new(Locks::default());
        let first = locks.hold("a").await;
        assert!(locks.try_hold("a").is_none());
        drop(locks.try_hold("b").unwrap());
        let waiting = tokio::time::timeout(Duration::from_secs(1), locks.hold("a")).await;
        assert!(waiting.is_err());
        let next = tokio::spawn({
            let locks = Arc::clone(&locks);
            async move { locks.hold("a").await }
        });
        tokio::task::yield_now().await;
        drop(first);
        let next = next.await.unwrap();
        assert_eq!(locks.lock().len(), 1);
        drop(next);
        assert!(locks.lock().is_empty());
    }
}
