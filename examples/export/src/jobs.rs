//! Exports that are being made, each with the way to call it off.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

/// One for each user, in memory.
#[derive(Debug, Default)]
pub(crate) struct Jobs(Mutex<HashMap<i64, Option<oneshot::Sender<()>>>>);

impl Jobs {
    fn lock(&self) -> MutexGuard<'_, HashMap<i64, Option<oneshot::Sender<()>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins one. Ready when it is called off. `None`: the user has one under way.
    pub(crate) fn begin(&self, user: i64) -> Option<oneshot::Receiver<()>> {
        let mut jobs = self.lock();
        if jobs.contains_key(&user) {
            return None;
        }
        let (cancel, cancelled) = oneshot::channel();
        jobs.insert(user, Some(cancel));
        Some(cancelled)
    }

    /// Calls the user's off. Whether there was one to call off; it is there until its end.
    pub(crate) fn cancel(&self, user: i64) -> bool {
        let cancel = self.lock().get_mut(&user).and_then(Option::take);
        cancel.is_some_and(|cancel| cancel.send(()).is_ok())
    }

    /// The user's has ended.
    pub(crate) fn end(&self, user: i64) {
        self.lock().remove(&user);
    }
}
