//! AES-256-IGE beside grammers-crypto: `cargo bench -p ringback-mtproto --bench ige`.

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use ringback_mtproto::crypto::{ige_decrypt, ige_encrypt, ige_encrypt_portable};

const SIZES: [usize; 3] = [256, 4096, 65536];

fn main() {
    divan::main();
}

fn run(bencher: Bencher<'_, '_>, size: usize, work: impl Fn(&[u8; 32], &[u8; 32], &mut [u8]) + Sync) {
    bencher
        .counter(BytesCount::new(size))
        .with_inputs(|| vec![7u8; size])
        .bench_local_refs(|data| work(black_box(&[1; 32]), black_box(&[2; 32]), data));
}

#[divan::bench(args = SIZES)]
fn encrypt(bencher: Bencher<'_, '_>, size: usize) {
    run(bencher, size, |key, iv, data| {
        ige_encrypt(key, iv, data.as_chunks_mut().0)
    });
}

#[divan::bench(args = SIZES)]
fn decrypt(bencher: Bencher<'_, '_>, size: usize) {
    run(bencher, size, |key, iv, data| {
        ige_decrypt(key, iv, data.as_chunks_mut().0)
    });
}

#[divan::bench(args = SIZES)]
fn encrypt_portable(bencher: Bencher<'_, '_>, size: usize) {
    run(bencher, size, |key, iv, data| {
        ige_encrypt_portable(key, iv, data.as_chunks_mut().0)
    });
}

#[divan::bench(args = SIZES)]
fn grammers_encrypt(bencher: Bencher<'_, '_>, size: usize) {
    run(bencher, size, |key, iv, data| {
        grammers_crypto::aes::ige_encrypt(data, key, iv)
    });
}

#[divan::bench(args = SIZES)]
fn grammers_decrypt(bencher: Bencher<'_, '_>, size: usize) {
    run(bencher, size, |key, iv, data| {
        grammers_crypto::aes::ige_decrypt(data, key, iv)
    });
}
