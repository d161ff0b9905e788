#![no_main]
//! Parameters of a Bot API request, in any encoding; the first byte chooses it.

use ringback_fuzz as _;

libfuzzer_sys::fuzz_target!(|data: &[u8]| ringback_server::fuzz::params(data));
