#![no_main]
//! What a proxy says before the tunnel is there.

use ringback_fuzz as _;

libfuzzer_sys::fuzz_target!(|data: &[u8]| ringback::fuzz::proxy(data));
