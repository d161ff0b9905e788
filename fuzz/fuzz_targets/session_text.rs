#![no_main]
//! A session as text, of this client or of another library.

use ringback_fuzz as _;

libfuzzer_sys::fuzz_target!(|data: &[u8]| ringback_client::fuzz::session(data));
