#![no_main]
//! Messages of the key exchange to a server and to a client.

use ringback_fuzz as _;

libfuzzer_sys::fuzz_target!(|data: &[u8]| ringback_mtproto::fuzz::handshake(data));
