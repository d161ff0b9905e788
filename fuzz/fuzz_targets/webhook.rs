#![no_main]
//! Requests to the ready webhook server.

use ringback_fuzz as _;

libfuzzer_sys::fuzz_target!(|data: &[u8]| ringback::fuzz::webhook(data));
