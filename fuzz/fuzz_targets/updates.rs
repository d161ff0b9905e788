#![no_main]
//! What `getUpdates` returns, and what a webhook is sent.

use ringback_fuzz as _;

libfuzzer_sys::fuzz_target!(|data: &[u8]| ringback::fuzz::updates(data));
