#![no_main]
//! Any TL value; the first bytes choose its type.

use ringback_fuzz as _;

libfuzzer_sys::fuzz_target!(|data: &[u8]| ringback_tl::fuzz::decode_any(data));
