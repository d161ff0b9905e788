//! 2048-bit powers beside num-bigint: `cargo bench -p ringback-mtproto --bench modpow`.
//!
//! For OpenSSL on the same machine: `openssl speed dh2048` (two powers an operation) or a few lines around
//! `BN_mod_exp`; it is not linked here, as it would be the only C in the tree.

use divan::{Bencher, black_box};
use num_bigint::BigUint;
use ringback_mtproto::crypto::{Modulus, TELEGRAM_PRIME};

fn main() {
    divan::main();
}

fn numbers() -> ([u8; 256], [u8; 256]) {
    (
        std::array::from_fn(|i| (i * 7) as u8),
        std::array::from_fn(|i| (i * 31 + 128) as u8),
    )
}

#[divan::bench]
fn ours(bencher: Bencher<'_, '_>) {
    let (base, exponent) = numbers();
    let modulus = Modulus::new(&TELEGRAM_PRIME).unwrap_or_else(|| unreachable!());
    bencher.bench_local(|| modulus.pow(black_box(&base), black_box(&exponent)));
}

#[divan::bench]
fn ours_portable(bencher: Bencher<'_, '_>) {
    let (base, exponent) = numbers();
    let modulus = Modulus::new(&TELEGRAM_PRIME).unwrap_or_else(|| unreachable!());
    bencher.bench_local(|| modulus.pow_portable(black_box(&base), black_box(&exponent)));
}

#[divan::bench]
fn num_bigint(bencher: Bencher<'_, '_>) {
    let (base, exponent) = numbers();
    let [base, exponent, modulus] =
        [&base, &exponent, &TELEGRAM_PRIME].map(|bytes| BigUint::from_bytes_be(bytes));
    bencher.bench_local(|| black_box(&base).modpow(black_box(&exponent), &modulus));
}
