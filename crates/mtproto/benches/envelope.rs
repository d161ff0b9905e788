//! Sealing and opening one message: `cargo bench -p ringback-mtproto --bench envelope`.

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use ringback_mtproto::session::{Envelope, open};
use ringback_mtproto::{AuthKey, Side};

const SIZES: [usize; 3] = [64, 256, 1024];

fn main() {
    divan::main();
}

fn envelope(size: usize) -> Envelope {
    Envelope {
        salt: 1,
        session_id: 2,
        msg_id: 4,
        seqno: 1,
        body: vec![9; size],
        quick_ack: 0,
    }
}

#[divan::bench(args = SIZES)]
fn seal(bencher: Bencher<'_, '_>, size: usize) {
    let (key, envelope) = (AuthKey::from_bytes([3; 256]), envelope(size));
    let mut random = |out: &mut [u8]| out.fill(5);
    bencher
        .counter(BytesCount::new(size))
        .bench_local(|| black_box(&envelope).seal(&key, Side::Server, &mut random));
}

#[divan::bench(args = SIZES, name = "open")]
fn open_packet(bencher: Bencher<'_, '_>, size: usize) {
    let key = AuthKey::from_bytes([3; 256]);
    let packet = envelope(size).seal(&key, Side::Client, &mut |out: &mut [u8]| out.fill(5));
    bencher
        .counter(BytesCount::new(size))
        .with_inputs(|| packet.clone())
        .bench_local_refs(|packet| open(&key, Side::Client, packet));
}

/// The same 1:1 with grammers-crypto, client to server; it takes the padding from the system's randomness.
#[divan::bench(args = SIZES)]
fn grammers_seal(bencher: Bencher<'_, '_>, size: usize) {
    let key = grammers_crypto::AuthKey::from_bytes([3; 256]);
    bencher
        .counter(BytesCount::new(size))
        .with_inputs(|| {
            let mut buffer = grammers_crypto::DequeBuffer::with_capacity(2048, 64);
            buffer.extend(std::iter::repeat_n(9, size + 32));
            buffer
        })
        .bench_local_refs(|buffer| grammers_crypto::encrypt_data_v2(buffer, &key));
}
