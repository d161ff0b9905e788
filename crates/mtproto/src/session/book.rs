//! What both ends keep of a conversation: numbers given out, and messages seen.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{ACK_BATCH, ACK_DELAY, NEWEST, OLDEST, moment_of, msg_id_at};

/// Gives out message ids, each higher than the last.
#[derive(Debug, Clone, Default)]
pub(super) struct MsgIds {
    last: i64,
}

impl MsgIds {
    /// An id for this moment whose low two bits are `low`.
    pub(super) fn next(&mut self, now: Duration, low: i64) -> i64 {
        let id = msg_id_at(now).max((self.last & !3) + 4) | low;
        self.last = id;
        id
    }

    /// Whether ids have been given out since this one.
    pub(super) fn is_past(&self, msg_id: i64) -> bool {
        msg_id < self.last
    }
}

/// Gives out sequence numbers: twice the number of messages that count, plus one for those.
///
/// Source: <https://core.telegram.org/mtproto/description#message-sequence-number-msg-seqno>.
#[derive(Debug, Clone, Default)]
pub(super) struct Seqnos {
    counted: i32,
}

impl Seqnos {
    pub(super) fn next(&mut self, content_related: bool) -> i32 {
        let number = self.counted.wrapping_mul(2);
        if content_related {
            self.counted = self.counted.wrapping_add(1);
            number | 1
        } else {
            number
        }
    }
}

/// How a message id lies to the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Age {
    Good,
    TooOld,
    TooNew,
}

pub(super) fn age(msg_id: i64, now: Duration) -> Age {
    let moment = moment_of(msg_id);
    if msg_id < 0 || moment > now + NEWEST {
        Age::TooNew
    } else if moment + OLDEST < now {
        Age::TooOld
    } else {
        Age::Good
    }
}

/// What is known of a message id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    /// It has not come before.
    New,
    /// It has.
    Before,
    /// It is older than everything that is remembered.
    Forgotten,
}

/// The messages that have arrived, as many as are remembered.
#[derive(Debug, Clone)]
pub(super) struct Arrived {
    seqnos: BTreeMap<i64, i32>,
    /// Everything at or below this is forgotten.
    floor: i64,
}

impl Arrived {
    const REMEMBERED: usize = 1000;

    pub(super) fn new() -> Self {
        Self {
            seqnos: BTreeMap::new(),
            floor: i64::MIN,
        }
    }

    pub(super) fn find(&self, msg_id: i64) -> Seen {
        if self.seqnos.contains_key(&msg_id) {
            Seen::Before
        } else if msg_id <= self.floor {
            Seen::Forgotten
        } else {
            Seen::New
        }
    }

    /// The sequence number that a remembered message came with.
    pub(super) fn seqno_of(&self, msg_id: i64) -> Option<i32> {
        self.seqnos.get(&msg_id).copied()
    }

    /// Whether a sequence number suits the messages around it: codes 32 and 33 if not.
    ///
    /// Those that were let in rise with their ids, so that the neighbours decide.
    pub(super) fn order(&self, msg_id: i64, seqno: i32) -> Result<(), i32> {
        let counts = seqno & 1 == 1;
        let below = self.seqnos.range(..msg_id).next_back();
        if below.is_some_and(|(_, other)| *other > seqno || counts && *other == seqno) {
            return Err(32);
        }
        let above = self.seqnos.range(msg_id..).next();
        if above.is_some_and(|(_, other)| *other < seqno || counts && *other == seqno) {
            return Err(33);
        }
        Ok(())
    }

    pub(super) fn insert(&mut self, msg_id: i64, seqno: i32) {
        self.seqnos.insert(msg_id, seqno);
        if self.seqnos.len() > Self::REMEMBERED
            && let Some((oldest, _)) = self.seqnos.pop_first()
        {
            self.floor = oldest;
        }
    }
}

/// Acknowledgements that wait for something to travel with.
#[derive(Debug, Clone, Default)]
pub(super) struct Acks {
    msg_ids: Vec<i64>,
    since: Option<Duration>,
}

impl Acks {
    pub(super) fn add(&mut self, msg_id: i64, now: Duration) {
        if !self.msg_ids.contains(&msg_id) {
            self.msg_ids.push(msg_id);
        }
        self.since.get_or_insert(now);
    }

    /// An answer says as much.
    pub(super) fn remove(&mut self, msg_id: i64) {
        self.msg_ids.retain(|other| *other != msg_id);
        if self.msg_ids.is_empty() {
            self.since = None;
        }
    }

    /// When they are to go out by themselves.
    pub(super) fn due(&self) -> Option<Duration> {
        let since = self.since?;
        Some(if self.msg_ids.len() >= ACK_BATCH {
            since
        } else {
            since + ACK_DELAY
        })
    }

    /// All of them, if they are due or something goes out anyway.
    pub(super) fn take(&mut self, now: Duration, company: bool) -> Option<Vec<i64>> {
        let due = self.due()?;
        (company || due <= now).then(|| {
            self.since = None;
            std::mem::take(&mut self.msg_ids)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_rise_even_when_the_clock_does_not() {
        let mut ids = MsgIds::default();
        let now = Duration::from_secs(1_700_000_000);
        let mut last = 0;
        for turn in 0..1000u64 {
            let id = ids.next(now - Duration::from_secs(turn), [1, 3, 0][turn as usize % 3]);
            assert!(id > last);
            assert_eq!(id & 3, [1, 3, 0][turn as usize % 3]);
            last = id;
        }
        assert_eq!(moment_of(msg_id_at(now)), now);
    }

    #[test]
    fn sequence_numbers_count_what_counts() {
        let mut seqnos = Seqnos::default();
        let numbers = [true, true, false, true, false, false].map(|counts| seqnos.next(counts));
        assert_eq!(numbers, [1, 3, 4, 5, 6, 6]);
    }

    #[test]
    fn order_is_judged_by_the_neighbours() {
        let mut arrived = Arrived::new();
        arrived.insert(100, 1);
        arrived.insert(200, 5);
        assert_eq!(arrived.order(150, 3), Ok(()));
        assert_eq!(arrived.order(150, 2), Ok(()));
        assert_eq!(arrived.order(150, 1), Err(32));
        assert_eq!(arrived.order(150, 0), Err(32));
        assert_eq!(arrived.order(150, 5), Err(33));
        assert_eq!(arrived.order(150, 7), Err(33));
        assert_eq!(arrived.order(300, 6), Ok(()));
        assert_eq!(arrived.order(50, 0), Ok(()));
    }

    #[test]
    fn the_oldest_are_forgotten_but_never_let_in_again() {
        let mut arrived = Arrived::new();
        for id in 1..=1500 {
            assert_eq!(arrived.find(id), Seen::New);
            arrived.insert(id, 0);
        }
        assert_eq!(arrived.find(1), Seen::Forgotten);
        assert_eq!(arrived.find(500), Seen::Forgotten);
        assert_eq!(arrived.find(501), Seen::Before);
        assert_eq!(arrived.find(1501), Seen::New);
    }

    #[test]
    fn acks_wait_for_company_but_not_for_long() {
        let mut acks = Acks::default();
        let start = Duration::from_secs(10);
        assert_eq!(acks.take(start, true), None);
        acks.add(1, start);
        acks.add(1, start);
        acks.add(2, start + Duration::from_millis(100));
        assert_eq!(acks.take(start, false), None);
        assert_eq!(acks.due(), Some(start + ACK_DELAY));
        assert_eq!(acks.take(start + ACK_DELAY, false), Some(vec![1, 2]));
        acks.add(3, start);
        assert_eq!(acks.take(start, true), Some(vec![3]));
        acks.add(4, start);
        acks.remove(4);
        assert_eq!(acks.due(), None);
    }
}
