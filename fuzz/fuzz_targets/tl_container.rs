#![no_main]
//! msg_container.

use ringback_fuzz as _;

libfuzzer_sys::fuzz_target!(|data: &[u8]| ringback_tl::fuzz::container(data));
