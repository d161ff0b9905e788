//! The latest entries of the journal, for who reads it live and who comes later.

use ringback_world::journal::Kind;
use ringback_world::{Entry, Seq};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// Past this many entries, or bytes of text in them, the oldest are forgotten.
const MAX_ENTRIES: usize = 100_000;
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// Readers fetch what they have not seen, each at its own pace: a slow one costs nothing.
#[derive(Debug)]
pub(crate) struct Journal {
    kept: Mutex<Kept>,
    /// The number of the latest entry.
    latest: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Kept {
    entries: VecDeque<Arc<Entry>>,
    bytes: usize,
}

impl Journal {
    pub(crate) fn new() -> Journal {
        Journal {
            kept: Mutex::default(),
            latest: watch::Sender::new(0),
        }
    }

    /// Adds entries, in order.
    pub(crate) fn extend(&self, entries: impl Iterator<Item = Box<Entry>>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let mut latest = None;
        for entry in entries {
            latest = Some(entry.seq.0);
            kept.bytes += size(&entry);
            kept.entries.push_back(Arc::from(entry));
            while kept.entries.len() > MAX_ENTRIES || kept.bytes > MAX_BYTES {
                let Some(oldest) = kept.entries.pop_front() else {
                    break;
                };
                kept.bytes -= size(&oldest);
            }
        }
        // While no reader can look: whoever sees the entries also sees their number.
        if let Some(latest) = latest {
            self.latest.send_replace(latest);
        }
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) {
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Kept::default();
    }

    /// Up to `limit` entries after `seq` that are still kept.
    pub(crate) fn since(&self, seq: Seq, limit: usize) -> Vec<Arc<Entry>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let start = kept.entries.partition_point(|entry| entry.seq <= seq);
        kept.entries.iter().skip(start).take(limit).cloned().collect()
    }

    /// The number of the latest entry. What was just added counts here before it is told to who watches.
    pub(crate) fn latest(&self) -> Seq {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let told = Seq(*self.latest.borrow());
        kept.entries.back().map_or(told, |entry| entry.seq.max(told))
    }

    /// Tells the number of the latest entry, and when it changes.
    pub(crate) fn watch(&self) -> watch::Receiver<u64> {
        self.latest.subscribe()
    }
}

fn size(entry: &Entry) -> usize {
    let text = match &entry.kind {
        Kind::Call { params, .. } => params.len(),
        Kind::Response { body, .. } => body.len(),
        Kind::MessageSent(message) | Kind::MessageEdited(message) => {
            message.content.words().map_or(0, |words| words.text.len())
        }
        _ => 0,
    };
    text + size_of::<Entry>()
}
