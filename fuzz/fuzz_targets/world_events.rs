#![no_main]
//! Any events: the world never panics, keeps its books in order, and ends each press once.

use ringback_fuzz as _;

#[path = "../../crates/world/tests/properties/bytes.rs"]
mod bytes;
#[path = "../../crates/world/tests/properties/run.rs"]
#[allow(dead_code, reason = "the property tests use the rest")]
mod run;
#[path = "../../crates/world/tests/properties/steps.rs"]
#[allow(dead_code, reason = "the property tests use the rest")]
mod steps;

libfuzzer_sys::fuzz_target!(|data: &[u8]| bytes::events(data));
