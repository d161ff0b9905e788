//! Which press was handed out and answered when, and whatever was wrong with it.

use std::time::{Duration, Instant};

use crate::fields;
use crate::updates::{self, Crowd};

/// Everything is handed out in order, so whatever lies below a mark has been.
pub(crate) struct Ledger {
    start: Instant,
    presses: Vec<Press>,
    /// The latest press of each person that was answered.
    latest: Vec<Option<usize>>,
    pub(crate) handed_out: usize,
    pub(crate) answered: usize,
    pub(crate) counts: Counts,
}

#[derive(Clone, Copy, Default)]
struct Press {
    person: usize,
    released: Option<Duration>,
    handed_out: Option<Duration>,
    answered: Option<Duration>,
}

/// What a good bot keeps at zero, but for the last two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Counts {
    /// Answered again.
    pub(crate) duplicates: u64,
    /// Answered with another text than asked for.
    pub(crate) wrong_text: u64,
    /// Answers to queries that were never handed out.
    pub(crate) unknown_id: u64,
    /// Answered before an earlier press of the same person.
    pub(crate) out_of_order: u64,
    /// Handed out again, as `getUpdates` does with what was not confirmed.
    pub(crate) handed_out_again: u64,
    /// The most that were handed out and not answered at one time.
    pub(crate) most_in_flight: usize,
}

impl Ledger {
    pub(crate) fn new(crowd: Crowd, presses: impl Iterator<Item = usize>) -> Self {
        Ledger {
            start: Instant::now(),
            presses: presses
                .map(|person| Press {
                    person,
                    ..Press::default()
                })
                .collect(),
            latest: vec![None; crowd.people()],
            handed_out: 0,
            answered: 0,
            counts: Counts::default(),
        }
    }

    /// The press may be handed out from now on.
    pub(crate) fn release(&mut self, press: usize) {
        self.presses[press].released = Some(self.start.elapsed());
    }

    pub(crate) fn hand_out(&mut self, press: usize) {
        let handed_out = &mut self.presses[press].handed_out;
        if handed_out.is_some() {
            self.counts.handed_out_again += 1;
            return;
        }
        *handed_out = Some(self.start.elapsed());
        self.handed_out += 1;
        let in_flight = self.handed_out - self.answered;
        self.counts.most_in_flight = self.counts.most_in_flight.max(in_flight);
    }

    /// Takes the body of an `answerCallbackQuery`; says whether the query is known.
    pub(crate) fn answer(&mut self, body: &[u8]) -> bool {
        let press = fields::number(body, "callback_query_id")
            .and_then(|id| updates::press_of(u64::try_from(id).ok()?))
            .filter(|&press| {
                self.presses
                    .get(press)
                    .is_some_and(|press| press.handed_out.is_some())
            });
        let Some(press) = press else {
            self.counts.unknown_id += 1;
            return false;
        };
        if fields::volume(body) != Some(updates::volume(press)) {
            self.counts.wrong_text += 1;
        }
        if self.is_answered(press) {
            self.counts.duplicates += 1;
            return true;
        }
        self.presses[press].answered = Some(self.start.elapsed());
        self.answered += 1;
        let latest = &mut self.latest[self.presses[press].person];
        if *latest > Some(press) {
            self.counts.out_of_order += 1;
        } else {
            *latest = Some(press);
        }
        true
    }

    pub(crate) fn is_answered(&self, press: usize) -> bool {
        self.presses[press].answered.is_some()
    }

    pub(crate) fn is_complete(&self) -> bool {
        self.answered == self.presses.len()
    }

    /// From press to answer, shortest first, without the first `skip`: from when it was handed out, and from when it
    /// could have been.
    pub(crate) fn latencies(&self, skip: usize) -> [Vec<Duration>; 2] {
        let times = |from: fn(&Press) -> Option<Duration>| {
            let mut times: Vec<_> = self
                .presses
                .iter()
                .skip(skip)
                .filter_map(|press| Some(press.answered?.saturating_sub(from(press)?)))
                .collect();
            times.sort_unstable();
            times
        };
        [times(|press| press.handed_out), times(|press| press.released)]
    }

    /// When each answer came, in order.
    pub(crate) fn answers(&self) -> Vec<Duration> {
        let mut times: Vec<_> = self.presses.iter().filter_map(|press| press.answered).collect();
        times.sort_unstable();
        times
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }
}
