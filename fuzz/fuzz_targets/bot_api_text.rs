#![no_main]
//! Texts in the three parse modes, keyboards and inline results.

libfuzzer_sys::fuzz_target!(|data: &[u8]| ringback_server::fuzz::text(data));
