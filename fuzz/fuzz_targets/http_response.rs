#![no_main]
//! The API server's response: its head and its body.

use ringback_fuzz as _;

libfuzzer_sys::fuzz_target!(|data: &[u8]| ringback::fuzz::response(data));
