//! AES-256-IGE with AES-NI, everything in registers.
//!
//! Why `unsafe`: a function compiled for AES-NI may only be called where the processor has it, which the compiler
//! cannot see. That call, after the check, is the only unsafe thing here; the body is ordinary safe code.
//! What it buys is in `cargo bench -p ringback-mtproto --bench ige`: block-by-block calls into the `aes` crate
//! pass every block through memory and take more than twice the time.

use core::arch::x86_64::{
    __m128i, _mm_aesdec_si128, _mm_aesdeclast_si128, _mm_aesenc_si128, _mm_aesenclast_si128,
    _mm_aesimc_si128, _mm_aeskeygenassist_si128, _mm_cvtsi128_si64, _mm_set_epi64x, _mm_setzero_si128,
    _mm_shuffle_epi32, _mm_slli_si128, _mm_unpackhi_epi64, _mm_xor_si128,
};
use std::is_x86_feature_detected;

type Block = [u8; 16];
type Keys = [__m128i; 15];

/// Encrypts in place; `false`, and nothing done, where the processor has no AES-NI.
pub(super) fn encrypt(key: &[u8; 32], iv: &[u8; 32], blocks: &mut [Block]) -> bool {
    let able = is_x86_feature_detected!("aes");
    if able {
        // SAFETY: AES-NI is there; SSE2 is part of every x86-64.
        #[allow(unsafe_code)]
        unsafe {
            encrypt_aesni(key, iv, blocks);
        }
    }
    able
}

/// Decrypts in place; `false`, and nothing done, where the processor has no AES-NI.
pub(super) fn decrypt(key: &[u8; 32], iv: &[u8; 32], blocks: &mut [Block]) -> bool {
    let able = is_x86_feature_detected!("aes");
    if able {
        // SAFETY: as in `encrypt`.
        #[allow(unsafe_code)]
        unsafe {
            decrypt_aesni(key, iv, blocks);
        }
    }
    able
}

#[inline]
#[target_feature(enable = "aes")]
fn load(block: &Block) -> __m128i {
    let bits = u128::from_le_bytes(*block);
    _mm_set_epi64x((bits >> 64) as i64, bits as i64)
}

#[inline]
#[target_feature(enable = "aes")]
fn store(value: __m128i) -> Block {
    let low = _mm_cvtsi128_si64(value) as u64;
    let high = _mm_cvtsi128_si64(_mm_unpackhi_epi64(value, value)) as u64;
    (u128::from(high) << 64 | u128::from(low)).to_le_bytes()
}

#[inline]
#[target_feature(enable = "aes")]
fn load_halves(bytes: &[u8; 32]) -> (__m128i, __m128i) {
    let (blocks, _) = bytes.as_chunks::<16>();
    (load(&blocks[0]), load(&blocks[1]))
}

/// The key schedule for encryption (FIPS 197, section 5.2).
#[inline]
#[target_feature(enable = "aes")]
fn expand(key: &[u8; 32]) -> Keys {
    /// Each word xored with all words before it.
    #[inline]
    #[target_feature(enable = "aes")]
    fn smear(mut x: __m128i) -> __m128i {
        x = _mm_xor_si128(x, _mm_slli_si128::<4>(x));
        _mm_xor_si128(x, _mm_slli_si128::<8>(x))
    }
    let mut keys = [_mm_setzero_si128(); 15];
    (keys[0], keys[1]) = load_halves(key);
    macro_rules! even {
        ($at:literal, $constant:literal) => {
            let word = _mm_shuffle_epi32::<0xff>(_mm_aeskeygenassist_si128::<$constant>(keys[$at - 1]));
            keys[$at] = _mm_xor_si128(smear(keys[$at - 2]), word);
        };
    }
    macro_rules! odd {
        ($at:literal) => {
            let word = _mm_shuffle_epi32::<0xaa>(_mm_aeskeygenassist_si128::<0>(keys[$at - 1]));
            keys[$at] = _mm_xor_si128(smear(keys[$at - 2]), word);
        };
    }
    even!(2, 0x01);
    odd!(3);
    even!(4, 0x02);
    odd!(5);
    even!(6, 0x04);
    odd!(7);
    even!(8, 0x08);
    odd!(9);
    even!(10, 0x10);
    odd!(11);
    even!(12, 0x20);
    odd!(13);
    even!(14, 0x40);
    keys
}

/// The same schedule for the equivalent inverse cipher, in the order in which decryption uses it.
#[inline]
#[target_feature(enable = "aes")]
fn expand_inverse(key: &[u8; 32]) -> Keys {
    let forward = expand(key);
    let mut keys = [forward[14]; 15];
    for round in 1..14 {
        keys[round] = _mm_aesimc_si128(forward[14 - round]);
    }
    keys[14] = forward[0];
    keys
}

// In both loops `state` is the next block already xored with the previous result and the first round key, and
// those xors are folded into the key of the last round: between two blocks the chain is AES rounds and nothing else.
macro_rules! chain {
    ($keys:expr, $previous_in:expr, $previous_out:expr, $blocks:expr, $round:ident, $last:ident) => {{
        let keys = $keys;
        let fold = _mm_xor_si128(keys[14], keys[0]);
        let (mut previous_in, previous_out) = ($previous_in, $previous_out);
        let Some(first) = $blocks.first() else { return };
        let mut current = load(first);
        let mut state = _mm_xor_si128(_mm_xor_si128(current, previous_out), keys[0]);
        for at in 0..$blocks.len() {
            let next = $blocks.get(at + 1).map_or(current, |block| load(block));
            let mix = _mm_xor_si128(_mm_xor_si128(fold, previous_in), next);
            for key in &keys[1..14] {
                state = $round(state, *key);
            }
            state = $last(state, mix);
            // What was folded in for the next block comes off again for this one's result.
            $blocks[at] = store(_mm_xor_si128(state, _mm_xor_si128(keys[0], next)));
            previous_in = current;
            current = next;
        }
    }};
}

#[target_feature(enable = "aes")]
fn encrypt_aesni(key: &[u8; 32], iv: &[u8; 32], blocks: &mut [Block]) {
    let (out, plain) = load_halves(iv);
    chain!(
        expand(key),
        plain,
        out,
        blocks,
        _mm_aesenc_si128,
        _mm_aesenclast_si128
    );
}

#[target_feature(enable = "aes")]
fn decrypt_aesni(key: &[u8; 32], iv: &[u8; 32], blocks: &mut [Block]) {
    let (secret, out) = load_halves(iv);
    chain!(
        expand_inverse(key),
        secret,
        out,
        blocks,
        _mm_aesdec_si128,
        _mm_aesdeclast_si128
    );
}
