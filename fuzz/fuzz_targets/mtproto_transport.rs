#![no_main]
//! A connection's bytes: which transport, which frames.

use ringback_fuzz as _;

libfuzzer_sys::fuzz_target!(|data: &[u8]| ringback_mtproto::fuzz::transport(data));
