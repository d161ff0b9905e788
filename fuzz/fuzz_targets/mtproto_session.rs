#![no_main]
//! Encrypted messages to a server and to a client.

use ringback_fuzz as _;

libfuzzer_sys::fuzz_target!(|data: &[u8]| ringback_mtproto::fuzz::session(data));
