//! Answers of one user that follow each other at once, over connections of which some were just opened.
//!
//! A server takes what comes over the connections that it knows in the order in which it comes. A connection that was
//! just opened is different: it waits to be accepted, and is then looked at before, or after, all the others. So while
//! an answer is on its way over a known connection, the same user's next one does not go over a fresh one; nor the
//! other way round; and of fresh ones, the one that was opened first is used first. With TLS the server has spoken
//! before anything is sent, and nothing is ever fresh.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::hash::Ids;

/// For each user with answers on their way that others follow: their connections' numbers, of those that are fresh.
#[derive(Debug, Default)]
pub(crate) struct Turns {
    users: Mutex<HashMap<i64, Vec<Option<u64>>, Ids>>,
    count: AtomicUsize,
    landed: Notify,
}

/// An answer that another follows, until this is dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    turns: Arc<Turns>,
    user: i64,
    fresh: Option<u64>,
}

impl Turns {
    /// Another answer follows this one.
    pub(crate) fn take(self: &Arc<Self>, user: i64, fresh: Option<u64>) -> Turn {
        self.lock().entry(user).or_default().push(fresh);
        self.count.fetch_add(1, Ordering::AcqRel);
        Turn {
            turns: Arc::clone(self),
            user,
            fresh,
        }
    }

    /// Waits until an answer may be written to a connection, which has this number if it is a fresh one.
    pub(super) async fn wait(&self, user: i64, fresh: Option<u64>) {
        if self.count.load(Ordering::Acquire) == 0 {
            return;
        }
        loop {
            let landed = self.landed.notified();
            let follows = |before: &Option<u64>| match (before, fresh) {
                (None, None) => true,
                (Some(before), Some(fresh)) => *before < fresh,
                _ => false,
            };
            if self
                .lock()
                .get(&user)
                .is_none_or(|on_the_way| on_the_way.iter().all(follows))
            {
                return;
            }
            landed.await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<i64, Vec<Option<u64>>, Ids>> {
        self.users.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut users = self.turns.lock();
        if let Some(on_the_way) = users.get_mut(&self.user) {
            if let Some(at) = on_the_way.iter().position(|fresh| *fresh == self.fresh) {
                on_the_way.swap_remove(at);
            }
            if on_the_way.is_empty() {
                users.remove(&self.user);
            }
        }
        drop(users);
        self.turns.count.fetch_sub(1, Ordering::AcqRel);
        self.turns.landed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    #[test]
    fn known_and_fresh_connections_wait_for_each_other() {
        let turns = Arc::new(Turns::default());
        let may = |user, fresh| turns.wait(user, fresh).now_or_never().is_some();
        assert!(may(7, None) && may(7, Some(1)));
        let third = turns.take(7, Some(3));
        let fifth = turns.take(7, Some(5));
        // Of those on the way the oldest first; and other users have nothing to do with it.
        assert!(may(7, Some(6)) && !may(7, Some(4)) && !may(7, None) && may(8, None) && may(8, Some(1)));
        let mut waiting = Box::pin(turns.wait(7, None));
        assert!(waiting.as_mut().now_or_never().is_none());
        drop(third);
        assert!(waiting.as_mut().now_or_never().is_none());
        drop(fifth);
        assert!(waiting.as_mut().now_or_never().is_some());
        let known = turns.take(7, None);
        assert!(may(7, None) && !may(7, Some(9)));
        drop(known);
        assert_eq!((turns.count.load(Ordering::Relaxed), turns.lock().len()), (0, 0));
    }
}
