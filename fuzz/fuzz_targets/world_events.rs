#![no_main]
//! Any events, one JSON object a line: the world never panics, and keeps its books in order.

use ringback_fuzz as _;
use ringback_world::{Input, Settings, Time, World};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let mut world = World::new(1, Settings::default(), Time(0));
    for line in data.split(|byte| *byte == b'\n') {
        if let Ok(input) = serde_json::from_slice::<Input>(line) {
            world.step(input);
            if let Err(problem) = world.check() {
                panic!("{problem}");
            }
        }
    }
});
