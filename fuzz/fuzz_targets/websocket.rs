#![no_main]
//! A WebSocket's frames.

use ringback_fuzz as _;

libfuzzer_sys::fuzz_target!(|data: &[u8]| ringback_server::fuzz::websocket(data));
