//! Answers that are shown again without asking, for as long as `cache_time` said.

use std::collections::HashMap;

use tokio::time::Instant;

use crate::peer::PeerId;
use crate::press::{Answer, What};

/// No more answers than this are kept: the one that ends first goes.
const MAX_KEPT: usize = 1024;

/// Which press.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub(crate) chat: PeerId,
    pub(crate) message: i32,
    pub(crate) what: What,
}

#[derive(Debug, Default)]
pub(crate) struct Cache(HashMap<Key, (Instant, Answer)>);

impl Cache {
    /// What is still good at `now`.
    pub(crate) fn get(&mut self, key: &Key, now: Instant) -> Option<Answer> {
        let (until, answer) = self.0.get(key)?;
        if *until <= now {
            self.0.remove(key);
            return None;
        }
        let mut answer = answer.clone();
        answer.cached = true;
        Some(answer)
    }

    /// Keeps an answer for its time.
    pub(crate) fn put(&mut self, key: Key, answer: &Answer, now: Instant) {
        let until = now.checked_add(answer.cache_time).filter(|until| *until > now);
        let Some(until) = until else {
            return;
        };
        if self.0.len() >= MAX_KEPT {
            self.0.retain(|_, (until, _)| *until > now);
        }
        if self.0.len() >= MAX_KEPT {
            let first = self.0.iter().min_by_key(|(_, (until, _))| *until);
            if let Some(first) = first.map(|(key, _)| key.clone()) {
                self.0.remove(&first);
            }
        }
        self.0.insert(key, (until, answer.clone()));
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn key(message: i32) -> Key {
        Key {
            chat: PeerId::User(1),
            message,
            what: What::Data(b"up".to_vec()),
        }
    }

    fn answer(seconds: u64) -> Answer {
        Answer {
            cache_time: Duration::from_secs(seconds),
            ..Answer::default()
        }
    }

    #[test]
    fn kept_for_its_time_only() {
        let (mut cache, now) = (Cache::default(), Instant::now());
        cache.put(key(1), &answer(0), now);
        assert_eq!(cache.get(&key(1), now), None);
        cache.put(key(1), &answer(5), now);
        assert!(cache.get(&key(1), now).unwrap().cached);
        assert!(cache.get(&key(1), now + Duration::from_millis(4999)).is_some());
        assert_eq!(cache.get(&key(2), now), None);
        assert_eq!(cache.get(&key(1), now + Duration::from_secs(5)), None);
        assert!(cache.0.is_empty());
    }

    #[test]
    fn never_more_than_there_is_room_for() {
        let (mut cache, now) = (Cache::default(), Instant::now());
        for message in 0..2000 {
            cache.put(key(message), &answer(10 + message as u64), now);
        }
        assert_eq!(cache.0.len(), MAX_KEPT);
        assert!(cache.get(&key(1999), now).is_some() && cache.get(&key(0), now).is_none());
    }
}
