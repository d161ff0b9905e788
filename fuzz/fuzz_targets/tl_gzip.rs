#![no_main]
//! gzip_packed.

libfuzzer_sys::fuzz_target!(|data: &[u8]| ringback_tl::fuzz::inflate(data));
