//! Bytes that choose what happens. The fuzzer has this file, and those beside it, as well.

use crate::run::{Run, everyone, new};
use crate::steps::{Cast, Step, any_step};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::sync::LazyLock;

thread_local! {
    static STEP: BoxedStrategy<Step> = any_step();
}

/// Each time it begins here: two companies that talk already.
static BEGINNING: LazyLock<(Run, Cast)> = LazyLock::new(|| {
    let (run, casts) = new(1);
    (run, everyone(&casts))
});

/// The step that four bytes choose, out of those that the properties choose by chance.
fn chosen(bytes: &[u8]) -> Option<Step> {
    let mut seed = [0; 32];
    seed[..bytes.len()].copy_from_slice(bytes);
    let chance = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(Config::default(), chance);
    let step = STEP.with(|step| step.new_tree(&mut runner)).ok()?;
    Some(step.current())
}

/// Whatever happens, the world does not panic, keeps its books in order (see [`Run::step`]), and ends each press once.
pub(crate) fn events(data: &[u8]) {
    let (run, cast) = &*BEGINNING;
    let mut run = run.clone();
    for step in data.chunks(4).filter_map(chosen) {
        run.step(cast, &step);
    }
    run.finish();
    run.presses.sort();
    run.ended.sort();
    assert_eq!(run.presses, run.ended);
}
