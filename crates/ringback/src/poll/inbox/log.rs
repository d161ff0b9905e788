//! The form of an inbox's file: a header, and records behind one another.
//!
//! | | bytes |
//! |---|---|
//! | header | `RINGBOX1`, the bot's id (8), a checksum of both (4) |
//! | record | a mark (3), its kind (1), its length (4), a checksum of kind, length and content (4), the content |
//!
//! Numbers are little-endian, checksums CRC-32. The mark begins with a byte that no UTF-8 text holds, so that records
//! behind a damaged one are found again.

use bytes::Bytes;

const MAGIC: &[u8; 8] = b"RINGBOX1";
pub(super) const HEADER: usize = 20;
const MARK: [u8; 3] = [0xf5, b'R', b'B'];
/// Mark, kind, length, checksum.
const FRAME: usize = 12;
const HANDLED: usize = 16;

/// An update that has been handled: its number, and its query's [key](super::key), or 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Handled {
    pub(crate) id: i64,
    pub(crate) key: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Record {
    /// A response of `getUpdates`, as it came.
    Batch(Bytes),
    Handled(Vec<Handled>),
    /// The next update that the server should send.
    Offset(i64),
}

/// What a file holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Scan {
    pub(super) records: Vec<Record>,
    /// Bytes behind the last whole record: a write that was cut short.
    pub(super) torn: usize,
    /// Bytes that are no record, with records behind them: the file is damaged.
    pub(super) damaged: usize,
}

/// A file that is no inbox of this bot.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Foreign {
    NoInbox,
    OtherBot(i64),
}

pub(super) fn header(bot: i64) -> [u8; HEADER] {
    let mut bytes = [0; HEADER];
    bytes[..8].copy_from_slice(MAGIC);
    bytes[8..16].copy_from_slice(&bot.to_le_bytes());
    let sum = crc32fast::hash(&bytes[..16]);
    bytes[16..].copy_from_slice(&sum.to_le_bytes());
    bytes
}

pub(super) fn batch(out: &mut Vec<u8>, body: &[u8]) {
    write(out, b'B', |out| out.extend_from_slice(body));
}

pub(super) fn offset(out: &mut Vec<u8>, offset: i64) {
    write(out, b'O', |out| out.extend_from_slice(&offset.to_le_bytes()));
}

pub(super) fn handled<'a>(out: &mut Vec<u8>, handled: impl IntoIterator<Item = &'a Handled>) {
    write(out, b'H', |out| {
        for one in handled {
            out.extend_from_slice(&one.id.to_le_bytes());
            out.extend_from_slice(&one.key.to_le_bytes());
        }
    });
}

fn write(out: &mut Vec<u8>, kind: u8, content: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend_from_slice(&MARK);
    out.push(kind);
    out.extend_from_slice(&[0; 8]);
    content(out);
    // A batch is at most what `getUpdates` may return, 64 MiB.
    let length = u32::try_from(out.len() - start - FRAME).unwrap_or(u32::MAX);
    out[start + 4..start + 8].copy_from_slice(&length.to_le_bytes());
    let sum = sum(&out[start + 3..start + 8], &out[start + FRAME..]);
    out[start + 8..start + FRAME].copy_from_slice(&sum.to_le_bytes());
}

fn sum(kind_and_length: &[u8], content: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(kind_and_length);
    hasher.update(content);
    hasher.finalize()
}

/// Reads all that is whole. A file that ends in the header is an empty one: nothing was in it yet.
pub(super) fn scan(file: &Bytes, bot: i64) -> Result<Scan, Foreign> {
    let own = header(bot);
    let mut scan = Scan::default();
    if file.len() < HEADER {
        // Cut short when it was made; or another program's.
        return match own.starts_with(file) {
            true => Ok(scan),
            false => Err(Foreign::NoInbox),
        };
    }
    if file[..HEADER] != own {
        return Err(match &file[..16] {
            start if start.starts_with(MAGIC) && sum_is(file) => Foreign::OtherBot(number(&start[8..])),
            _ => Foreign::NoInbox,
        });
    }
    let (mut at, mut bad) = (HEADER, 0);
    while at < file.len() {
        match record(file, at) {
            Some((record, end)) => {
                scan.damaged += std::mem::take(&mut bad);
                scan.records.push(record);
                at = end;
            }
            None => {
                let next = (at + 1..file.len()).find(|next| file[*next] == MARK[0]);
                bad += next.unwrap_or(file.len()) - at;
                at = next.unwrap_or(file.len());
            }
        }
    }
    scan.torn = bad;
    Ok(scan)
}

fn sum_is(file: &[u8]) -> bool {
    crc32fast::hash(&file[..16]).to_le_bytes() == file[16..HEADER]
}

/// The record at this place, and where the next begins.
fn record(file: &Bytes, at: usize) -> Option<(Record, usize)> {
    let frame = file.get(at..at + FRAME)?;
    if frame[..3] != MARK {
        return None;
    }
    let length = u32::from_le_bytes(frame[4..8].try_into().ok()?) as usize;
    let (start, end) = (at + FRAME, (at + FRAME).checked_add(length)?);
    let content = file.get(start..end)?;
    if sum(&frame[3..8], content).to_le_bytes() != frame[8..FRAME] {
        return None;
    }
    let record = match frame[3] {
        b'B' => Record::Batch(file.slice(start..end)),
        b'O' if length == 8 => Record::Offset(number(content)),
        b'H' if length.is_multiple_of(HANDLED) => Record::Handled(
            content
                .chunks_exact(HANDLED)
                .map(|one| Handled {
                    id: number(one),
                    key: number(&one[8..]) as u64,
                })
                .collect(),
        ),
        _ => return None,
    };
    Some((record, end))
}

/// The number that the bytes begin with; there are eight at least.
fn number(bytes: &[u8]) -> i64 {
    bytes
        .first_chunk()
        .map_or(0, |bytes: &[u8; 8]| i64::from_le_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BOT: i64 = 7_000_000_001;

    fn records() -> impl Strategy<Value = Vec<Record>> {
        let one = prop_oneof![
            // What the mark and whole records look like may stand in a batch as well.
            prop::collection::vec(
                prop_oneof![any::<u8>(), Just(0xf5), Just(b'R'), Just(b'B')],
                0..60
            )
            .prop_map(|body| Record::Batch(body.into())),
            prop::collection::vec((any::<i64>(), any::<u64>()), 0..4).prop_map(|list| Record::Handled(
                list.into_iter().map(|(id, key)| Handled { id, key }).collect()
            )),
            any::<i64>().prop_map(Record::Offset),
        ];
        prop::collection::vec(one, 0..6)
    }

    /// The file, and where each record ends.
    fn file(records: &[Record]) -> (Vec<u8>, Vec<usize>) {
        let mut out = header(BOT).to_vec();
        let mut ends = Vec::new();
        for record in records {
            match record {
                Record::Batch(body) => batch(&mut out, body),
                Record::Handled(list) => handled(&mut out, list),
                Record::Offset(number) => offset(&mut out, *number),
            }
            ends.push(out.len());
        }
        (out, ends)
    }

    proptest! {
        #[test]
        fn a_file_cut_anywhere_gives_all_that_was_whole(records in records()) {
            let (bytes, ends) = file(&records);
            for cut in 0..=bytes.len() {
                let whole = ends.iter().filter(|end| **end <= cut).count();
                let scan = scan(&Bytes::copy_from_slice(&bytes[..cut]), BOT).unwrap();
                prop_assert_eq!(&scan.records, &records[..whole], "cut at {}", cut);
                let from = if whole == 0 { HEADER.min(cut) } else { ends[whole - 1] };
                prop_assert_eq!((scan.torn, scan.damaged), (cut - from, 0));
            }
        }

        #[test]
        fn one_changed_byte_costs_one_record(records in records(), at in any::<prop::sample::Index>(), bit in 0..8) {
            let (mut bytes, ends) = file(&records);
            prop_assume!(bytes.len() > HEADER);
            let at = HEADER + at.index(bytes.len() - HEADER);
            bytes[at] ^= 1_u8 << bit;
            let lost = ends.iter().position(|end| at < *end).unwrap();
            let mut left = records;
            left.remove(lost);
            let scan = scan(&bytes.into(), BOT).unwrap();
            prop_assert_eq!(scan.records, left);
            prop_assert!(scan.torn + scan.damaged > 0);
        }
    }

    #[test]
    fn another_file_is_not_taken() {
        let scan = |bytes: &[u8]| scan(&Bytes::copy_from_slice(bytes), BOT);
        assert_eq!(scan(b"# my notes"), Err(Foreign::NoInbox));
        assert_eq!(scan(&[b'x'; 100]), Err(Foreign::NoInbox));
        assert_eq!(scan(&header(5)), Err(Foreign::OtherBot(5)));
        assert_eq!(scan(b""), Ok(Scan::default()));
    }
}
