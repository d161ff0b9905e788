//! Who comes, for each message, in memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Who has said that they come, in the order in which they did: ids and names.
pub(crate) type List = Vec<(i64, String)>;

/// One message's guests.
#[derive(Debug, Default)]
pub(crate) struct Guests {
    list: Mutex<List>,
    /// Those whom the message shows. Whoever edits it holds this: one edit at a time, and none that changes nothing.
    pub(crate) shown: tokio::sync::Mutex<List>,
}

impl Guests {
    pub(crate) fn list(&self) -> List {
        self.list.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts somebody on the list, or takes them off it. Twice is once.
    pub(crate) fn set(&self, user: i64, name: &str, comes: bool) {
        let mut list = self.list.lock().unwrap_or_else(PoisonError::into_inner);
        match list.iter().position(|(id, _)| *id == user) {
            None if comes => list.push((user, name.to_owned())),
            Some(at) if !comes => drop(list.remove(at)),
            _ => {}
        }
    }
}

/// All messages' guests, by `inline_message_id`; and how often each place was sent.
#[derive(Debug, Default)]
pub struct Meetings {
    guests: Mutex<HashMap<String, Arc<Guests>>>,
    sent: Mutex<HashMap<u8, u32>>,
}

impl Meetings {
    pub(crate) fn guests(&self, message: &str) -> Arc<Guests> {
        let mut guests = self.guests.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(guests.entry(message.to_owned()).or_default())
    }

    pub(crate) fn note_sent(&self, place: u8) {
        *self
            .sent
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(place)
            .or_default() += 1;
    }

    pub(crate) fn times_sent(&self, place: u8) -> u32 {
        let sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        sent.get(&place).copied().unwrap_or_default()
    }
}
