#![no_main]
//! gzip_packed.

use ringback_fuzz as _;

libfuzzer_sys::fuzz_target!(|data: &[u8]| ringback_tl::fuzz::inflate(data));
