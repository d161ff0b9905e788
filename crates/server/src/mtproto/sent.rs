//! What was sent under which `random_id`: a client that lost its connection sends again what it did not hear of.

use super::Mtproto;
use ringback_world::{MessageKey, UserId};
use std::collections::{HashMap, VecDeque};
use std::sync::PoisonError;

/// How many are remembered.
const MAX: usize = 10_000;

/// The latest messages, by who sent them and the number that the client chose.
#[derive(Debug, Default)]
pub(super) struct Sent {
    keys: HashMap<(UserId, i64), MessageKey>,
    order: VecDeque<(UserId, i64)>,
}

impl Mtproto {
    /// What was sent under this number; 0 is none.
    pub(super) fn sent_before(&self, user: UserId, random_id: i64) -> Option<MessageKey> {
        if random_id == 0 {
            return None;
        }
        let sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        sent.keys.get(&(user, random_id)).copied()
    }

    pub(super) fn note_sent(&self, user: UserId, random_id: i64, key: MessageKey) {
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        if sent.keys.insert((user, random_id), key).is_none() {
            sent.order.push_back((user, random_id));
            if sent.order.len() > MAX
                && let Some(old) = sent.order.pop_front()
            {
                sent.keys.remove(&old);
            }
        }
    }
}
