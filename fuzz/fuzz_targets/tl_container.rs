#![no_main]
//! msg_container.

libfuzzer_sys::fuzz_target!(|data: &[u8]| ringback_tl::fuzz::container(data));
