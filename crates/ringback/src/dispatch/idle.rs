//! Knowing when nothing is being handled.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::Notify;

/// Counts what is under way.
#[derive(Debug, Default)]
pub(crate) struct Idle {
    busy: AtomicUsize,
    /// Told when the last has ended.
    ended: Notify,
}

/// One thing that is under way until this is dropped.
#[derive(Debug)]
pub(crate) struct Busy(Arc<Idle>);

impl Idle {
    pub(crate) fn enter(self: &Arc<Self>) -> Busy {
        self.busy.fetch_add(1, Ordering::AcqRel);
        Busy(Arc::clone(self))
    }

    pub(crate) fn count(&self) -> usize {
        self.busy.load(Ordering::Acquire)
    }

    /// Waits until nothing is under way.
    pub(crate) async fn wait(&self) {
        loop {
            let ended = self.ended.notified();
            if self.count() == 0 {
                return;
            }
            ended.await;
        }
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        if self.0.busy.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.0.ended.notify_waiters();
        }
    }
}
