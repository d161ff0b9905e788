#![no_main]
//! Any TL call, in its wrappers.

use ringback_fuzz as _;

libfuzzer_sys::fuzz_target!(|data: &[u8]| ringback_tl::fuzz::decode_function(data));
