//! Any bytes in the place of an inbox's file.

#![allow(clippy::expect_used, reason = "panics are what it is for")]

use std::collections::HashSet;

use bytes::Bytes;

use super::disk::only;
use super::log::{self, Handled, Record};
use crate::update;

const BOT: i64 = 7;

/// A file as it is, one with the right header, and one of whole records with any content.
pub fn inbox(data: &[u8]) {
    stable(Bytes::copy_from_slice(data));
    stable([&log::header(BOT)[..], data].concat().into());
    let mut file = log::header(BOT).to_vec();
    // Each piece is a record: its first byte is the kind.
    for piece in data.split(|byte| *byte == 0xff) {
        match piece.split_first() {
            Some((b'O', rest)) => log::offset(&mut file, rest.len() as i64),
            Some((b'H', rest)) => {
                let one = |at: &[u8]| Handled {
                    id: at.len() as i64,
                    key: 0,
                };
                log::handled(&mut file, &rest.chunks(3).map(one).collect::<Vec<_>>());
            }
            Some((_, body)) => log::batch(&mut file, body),
            None => {}
        }
    }
    stable(file.into());
}

/// What is read is written, and read again as the same.
fn stable(file: Bytes) {
    let Ok(scan) = log::scan(&file, BOT) else { return };
    let mut again = log::header(BOT).to_vec();
    for record in &scan.records {
        match record {
            Record::Batch(body) => {
                log::batch(&mut again, body);
                thinned(body);
            }
            Record::Handled(list) => log::handled(&mut again, list),
            Record::Offset(offset) => log::offset(&mut again, *offset),
        }
    }
    let again = log::scan(&again.into(), BOT).expect("an inbox");
    assert_eq!(again.records, scan.records);
    assert_eq!((again.torn, again.damaged), (0, 0));
}

/// What is left of a batch when the file is written anew are the updates that are kept, each once.
fn thinned(body: &Bytes) {
    let ids = |body: &Bytes| -> Option<Vec<i64>> {
        let updates = update::read_batch(body).ok()?.result?;
        Some(updates.iter().map(|update| update.id).collect())
    };
    let Some(all) = ids(body) else { return };
    let keep = |id: i64| id % 3 != 0;
    let mut seen = HashSet::new();
    let expected: Vec<i64> = all
        .into_iter()
        .filter(|id| keep(*id) && seen.insert(*id))
        .collect();
    if let Some(kept) = only(body, keep) {
        assert_eq!(ids(&kept.into()), Some(expected));
    }
}
