//! Order where it matters: one lane for each user's presses and each chat's messages.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::hash::Ids;

/// Whose order it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Key {
    User(i64),
    Chat(i64),
}

/// What waits in each lane that is at work. A lane exists while it has work: idle users cost nothing.
pub(super) struct Lanes<J> {
    waiting: Mutex<HashMap<Key, VecDeque<J>, Ids>>,
}

impl<J> Default for Lanes<J> {
    fn default() -> Self {
        Lanes {
            waiting: Mutex::default(),
        }
    }
}

impl<J> Lanes<J> {
    /// Puts a job into its lane. If the lane is idle the job comes back: the caller does it, and then what
    /// [`next`](Self::next) gives until it gives nothing.
    pub(super) fn enter(&self, key: Key, job: J) -> Option<J> {
        let mut waiting = self.lock();
        match waiting.get_mut(&key) {
            Some(lane) => {
                lane.push_back(job);
                None
            }
            None => {
                waiting.insert(key, VecDeque::new());
                Some(job)
            }
        }
    }

    /// The lane's next job. With none left the lane is idle again.
    pub(super) fn next(&self, key: Key) -> Option<J> {
        let mut waiting = self.lock();
        let job = waiting.get_mut(&key)?.pop_front();
        if job.is_none() {
            waiting.remove(&key);
        }
        job
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, VecDeque<J>, Ids>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lane_keeps_order_and_ends_when_it_is_empty() {
        let lanes = Lanes::default();
        assert_eq!(lanes.enter(Key::User(1), 'a'), Some('a'));
        assert_eq!(lanes.enter(Key::User(1), 'b'), None);
        assert_eq!(lanes.enter(Key::Chat(1), 'x'), Some('x'));
        assert_eq!(lanes.enter(Key::User(1), 'c'), None);
        assert_eq!(lanes.next(Key::User(1)), Some('b'));
        assert_eq!(lanes.next(Key::User(1)), Some('c'));
        assert_eq!(lanes.next(Key::User(1)), None);
        assert_eq!(lanes.enter(Key::User(1), 'd'), Some('d'));
    }
}
