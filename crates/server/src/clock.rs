//! The time that the world is told.

use ringback_world::Time;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A clock that can be turned forward, and that may stand still in between.
#[derive(Debug)]
pub(crate) struct Clock {
    /// What it showed at the start.
    base: Time,
    /// When it started; `None`: it only moves when turned.
    started: Option<Instant>,
    advanced_ms: AtomicU64,
}

impl Clock {
    /// A clock that shows the time of day, but never less than `at_least`: the world's time does not go back.
    pub(crate) fn running(at_least: Time) -> Clock {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let base = Time(u64::try_from(now.as_millis()).unwrap_or(u64::MAX)).max(at_least);
        Clock {
            base,
            started: Some(Instant::now()),
            advanced_ms: AtomicU64::new(0),
        }
    }

    /// A clock that stands at `base` until it is turned.
    pub(crate) fn standing(base: Time) -> Clock {
        Clock {
            base,
            started: None,
            advanced_ms: AtomicU64::new(0),
        }
    }

    pub(crate) fn now(&self) -> Time {
        self.base + self.started.map_or(Duration::ZERO, |started| started.elapsed()) + self.advanced()
    }

    /// How far it has been turned altogether.
    pub(crate) fn advanced(&self) -> Duration {
        Duration::from_millis(self.advanced_ms.load(Ordering::SeqCst))
    }

    pub(crate) fn advance(&self, by: Duration) {
        let by = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
        let add = |old: u64| Some(old.saturating_add(by));
        // Cannot fail: the closure always gives a value.
        let _ = self
            .advanced_ms
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, add);
    }

    /// How long until it will show `due` by itself; `None`: never.
    pub(crate) fn until(&self, due: Time) -> Option<Duration> {
        self.started.map(|_| due.since(self.now()))
    }
}
