#![no_main]
//! Texts in the three parse modes, keyboards and inline results.

use ringback_fuzz as _;

libfuzzer_sys::fuzz_target!(|data: &[u8]| ringback_server::fuzz::text(data));
