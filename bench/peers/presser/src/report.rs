//! What is printed at the end: one line of JSON.

use std::time::Duration;

use serde::Serialize;

use crate::desk::{Desk, Moment};
use crate::ledger::{Counts, Ledger};
use crate::process::Memory;

#[derive(Serialize)]
pub(crate) struct Report {
    name: String,
    presses: usize,
    answered: usize,
    missing: usize,
    #[serde(flatten)]
    counts: Counts,
    /// Why it ended before all was answered.
    error: Option<String>,
    seconds: f64,
    answers_per_s: f64,
    /// The same over the last four fifths.
    steady_per_s: f64,
    /// From handing out to the answer.
    p50_us: f64,
    p99_us: f64,
    /// From the previous answer to this one, with one press at a time by polling.
    cycle_p50_us: f64,
    cpu_us_per_answer: f64,
    presser_cpu_us_per_answer: f64,
    /// How many cores anything else kept busy meanwhile.
    other_load: f64,
    rss_idle_mib: f64,
    rss_peak_mib: f64,
    polls: u64,
    connections: u64,
}

pub(crate) struct Run {
    pub(crate) name: String,
    pub(crate) warm_up: usize,
    pub(crate) error: Option<String>,
    pub(crate) begun: Option<(Moment, Memory)>,
    pub(crate) ended: Moment,
    pub(crate) memory: Memory,
}

impl Report {
    pub(crate) fn new(desk: &Desk, run: Run) -> Self {
        let answers = desk.with_ledger(Ledger::answers);
        let [latencies, cycles] = desk.with_ledger(|ledger| ledger.latencies(run.warm_up));
        let answered = answers.len();
        let (begun, idle) = run.begun.unwrap_or((run.ended, Memory::default()));
        let last = answers.last().copied().unwrap_or(run.ended.at);
        let wall = last.saturating_sub(begun.at);
        let warm = answered / 5;
        let steady = answers.get(warm).map_or(0.0, |&first| {
            per_second(answered - warm - 1, last.saturating_sub(first))
        });
        let [bot, own, machine] = [
            run.ended.bot.saturating_sub(begun.bot),
            run.ended.own.saturating_sub(begun.own),
            run.ended.machine.saturating_sub(begun.machine),
        ];
        let each = |time: Duration| round(micros(time) / answered.max(1) as f64);
        Report {
            name: run.name,
            presses: desk.presses(),
            answered,
            missing: desk.presses() - answered,
            counts: desk.with_ledger(|ledger| ledger.counts),
            error: run.error,
            seconds: round(wall.as_secs_f64()),
            answers_per_s: per_second(answered, wall),
            steady_per_s: steady,
            p50_us: percentile(&latencies, 0.5),
            p99_us: percentile(&latencies, 0.99),
            cycle_p50_us: percentile(&cycles, 0.5),
            cpu_us_per_answer: each(bot),
            presser_cpu_us_per_answer: each(own),
            other_load: round(
                machine.saturating_sub(bot + own).as_secs_f64()
                    / run.ended.at.saturating_sub(begun.at).as_secs_f64().max(1e-9),
            ),
            rss_idle_mib: mib(idle.now),
            rss_peak_mib: mib(run.memory.peak),
            polls: desk.polls.get(),
            connections: desk.connections.get(),
        }
    }
}

fn percentile(times: &[Duration], part: f64) -> f64 {
    let last = times.len().saturating_sub(1) as f64;
    times
        .get((last * part).round() as usize)
        .map_or(0.0, |&time| round(micros(time)))
}

fn per_second(count: usize, time: Duration) -> f64 {
    (count as f64 / time.as_secs_f64().max(1e-9)).round()
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

fn mib(bytes: u64) -> f64 {
    round(bytes as f64 / f64::from(1 << 20))
}

fn round(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}
