#![no_main]
//! A `msg_container`, id included.

use ringback_fuzz as _;

libfuzzer_sys::fuzz_target!(|data: &[u8]| ringback_mtproto::fuzz::container(data));
