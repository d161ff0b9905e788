//! What holds for every sequence of events.

// Helpers of tests may panic like the tests themselves.
#![allow(clippy::unwrap_used, clippy::panic)]

mod bytes;
mod run;
mod steps;

use proptest::prelude::*;
use ringback_world::{Effect, Settings, World};
use run::{Run, everyone, new};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::time::Duration;
use steps::{Step, among_themselves, anything};

/// A run of these steps in a new world.
fn played(seed: u64, steps: &[Step]) -> Run {
    let (mut run, casts) = new(seed);
    let cast = everyone(&casts);
    for step in steps {
        run.step(&cast, step);
    }
    run
}

fn saved_and_restored(world: &World) -> World {
    serde_json::from_str(&serde_json::to_string(world).unwrap()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Each step is checked as well: see [`Run::step`].
    #[test]
    fn every_press_ends_once(steps in anything()) {
        let mut run = played(1, &steps);
        run.finish();
        let (pressed, ended): (BTreeSet<_>, BTreeSet<_>) = (run.presses.iter().collect(), run.ended.iter().collect());
        prop_assert_eq!(run.ended.len(), ended.len(), "a press ended twice");
        prop_assert_eq!(pressed, ended);
    }

    #[test]
    fn any_bytes_choose_events(data in proptest::collection::vec(any::<u8>(), 0..400)) {
        bytes::events(&data);
    }

    #[test]
    fn the_same_again_is_the_same(seed: u64, steps in anything()) {
        let (one, two) = (played(seed, &steps), played(seed, &steps));
        prop_assert_eq!(one.log, two.log);
        prop_assert!(one.world == two.world);
    }

    #[test]
    fn a_snapshot_is_the_world(steps in anything(), at in any::<proptest::sample::Index>()) {
        let at = at.index(steps.len() + 1);
        let (mut run, casts) = new(1);
        let cast = everyone(&casts);
        for step in &steps[..at] {
            run.step(&cast, step);
        }
        let mut restored = run.clone();
        restored.world = saved_and_restored(&run.world);
        prop_assert!(restored.world == run.world);
        for step in &steps[at..] {
            run.step(&cast, step);
            restored.step(&cast, step);
        }
        prop_assert_eq!(run.log, restored.log);
        prop_assert!(run.world == restored.world);
    }

    #[test]
    fn the_logged_events_replayed_are_the_world(steps in anything()) {
        let (mut run, casts) = new(1);
        let mut replayed = run.world.clone();
        let cast = everyone(&casts);
        for step in &steps {
            run.step(&cast, step);
        }
        let mut log = String::new();
        for input in &run.inputs {
            let logged = serde_json::to_string(input).unwrap();
            for effect in replayed.step(serde_json::from_str(&logged).unwrap()) {
                writeln!(log, "{effect:?}").unwrap();
            }
        }
        prop_assert!(replayed == run.world);
        prop_assert_eq!(log, run.log);
    }

    #[test]
    fn strangers_change_no_ids(
        steps in among_themselves(60),
        noise in among_themselves(60),
        places in proptest::collection::vec(any::<proptest::sample::Index>(), 60),
    ) {
        let (mut quiet, [cast, _]) = new(1);
        for step in &steps {
            quiet.step(&cast, step);
            quiet.settle();
        }
        let (mut noisy, [cast, strangers]) = new(1);
        // What the strangers see is kept apart, or their "latest query" would be the company's.
        let (mut elsewhere, _) = new(1);
        let mut told = Vec::new();
        for (at, step) in steps.iter().enumerate() {
            for (step, place) in noise.iter().zip(&places) {
                if place.index(steps.len()) == at {
                    std::mem::swap(&mut elsewhere.world, &mut noisy.world);
                    elsewhere.now = noisy.now;
                    elsewhere.step(&strangers, &Step { after: Duration::ZERO, ..step.clone() });
                    std::mem::swap(&mut elsewhere.world, &mut noisy.world);
                }
            }
            noisy.told.clear();
            noisy.step(&cast, step);
            noisy.settle();
            told.append(&mut noisy.told);
        }
        prop_assert_eq!(&quiet.told, &told);
    }
}

#[test]
fn nothing_at_all_at_the_end_of_time() {
    let mut world = World::new(1, Settings::default(), ringback_world::Time(u64::MAX));
    let effects: Vec<Effect> = world.step(ringback_world::Input {
        now: ringback_world::Time(0),
        cause: None,
        event: ringback_world::calls::Tick.into(),
    });
    assert!(effects.is_empty());
    world.check().unwrap();
}
