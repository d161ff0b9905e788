#![no_main]
//! An inbox's file.

use ringback_fuzz as _;

libfuzzer_sys::fuzz_target!(|data: &[u8]| ringback::fuzz::inbox(data));
