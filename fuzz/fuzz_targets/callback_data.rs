#![no_main]
//! Callback data, in every form.

use ringback_fuzz as _;

#[path = "../../crates/ringback/tests/data/any.rs"]
mod any;

libfuzzer_sys::fuzz_target!(|data: &[u8]| any::data(data));
