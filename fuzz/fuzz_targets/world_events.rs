#![no_main]
//! Any events: the world never panics, keeps its books in order, and ends each press once.

use ringback_fuzz as _;

#[path = "../../crates/world/tests/properties/bytes.rs"]
mod bytes;
#[path = "../../crates/world/tests/properties/run.rs"]
mod run;
#[path = "../../crates/world/tests/properties/steps.rs"]
mod steps;

libfuzzer_sys::fuzz_target!(|data: &[u8]| bytes::events(data));
