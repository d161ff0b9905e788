#![no_main]
//! A store's file.

use ringback_fuzz as _;

libfuzzer_sys::fuzz_target!(
    // The fuzzer's hook ends the program at any panic. The database's own are caught, as they should be; one that is
    // not caught ends the program still.
    init: drop(std::panic::take_hook()),
    |data: &[u8]| ringback::fuzz::store_file(data)
);
