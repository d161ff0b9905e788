#![no_main]
//! A connection's bytes: which transport, which frames.

use ringback_mtproto::transport::{Detected, Detector};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let mut detector = Detector::new();
    let (first, rest) = data.split_at(data.len() / 2);
    if let Ok(Some(Detected::Mtproto(mut transport))) = detector.feed(first) {
        transport.feed(rest);
        while let Ok(Some(_)) = transport.next_frame() {}
    }
});
