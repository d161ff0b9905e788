#![no_main]
//! Parameters of a Bot API request, in any encoding; the first byte chooses it.

libfuzzer_sys::fuzz_target!(|data: &[u8]| ringback_server::fuzz::params(data));
