#![no_main]
//! A store's file.

use ringback_fuzz as _;

libfuzzer_sys::fuzz_target!(|data: &[u8]| ringback::fuzz::store_file(data));
