//! Montgomery multiplication with AVX-512 IFMA: eight 52-bit products an instruction.
//!
//! Why `unsafe`: as in `ige_x86`, calling code that was compiled for a processor feature, after checking for it.
//! What it buys is in `cargo bench -p ringback-mtproto --bench modpow`: a 2048-bit power in a quarter of the time
//! that portable code takes. Everything runs in time independent of the values: no branch
//! and no address depends on them.

use core::arch::x86_64::{
    __m512i, _mm_cvtsi128_si64, _mm256_extract_epi64, _mm512_add_epi64, _mm512_alignr_epi64,
    _mm512_castsi512_si128, _mm512_extracti64x4_epi64, _mm512_madd52hi_epu64, _mm512_madd52lo_epu64,
    _mm512_maskz_srli_epi64, _mm512_set_epi64, _mm512_set1_epi64, _mm512_setzero_si512,
};
use std::is_x86_feature_detected;

use subtle::ConstantTimeEq;
use zeroize::Zeroize;

const MASK: u64 = (1 << 52) - 1;
const WINDOW: usize = 5;

/// A number in 52-bit limbs, lowest first, `V` vectors of eight.
type Number<const V: usize> = [[u64; 8]; V];

/// An odd modulus of at most `52·8·V − 2` bits, prepared.
#[derive(Clone, Debug)]
pub(super) struct Ifma<const V: usize> {
    modulus: Number<V>,
    /// `-modulus⁻¹ mod 2⁵²`.
    inverse: u64,
    /// `R mod modulus`, that is one in Montgomery form.
    one: Number<V>,
    /// `R² mod modulus`.
    square: Number<V>,
}

/// Regroups little-endian 64-bit words into limbs of 52 bits.
fn split<const V: usize>(words: &[u64]) -> Number<V> {
    let mut out = [[0; 8]; V];
    for (at, limb) in out.as_flattened_mut().iter_mut().enumerate() {
        let (word, shift) = (52 * at / 64, 52 * at % 64);
        let low = words.get(word).copied().unwrap_or(0) >> shift;
        let high = if shift == 0 {
            0
        } else {
            words.get(word + 1).copied().unwrap_or(0) << (64 - shift)
        };
        *limb = (low | high) & MASK;
    }
    out
}

/// The reverse of [`split`].
fn join<const V: usize>(number: &Number<V>, words: &mut [u64]) {
    words.fill(0);
    for (at, limb) in number.as_flattened().iter().enumerate() {
        let (word, shift) = (52 * at / 64, 52 * at % 64);
        if let Some(low) = words.get_mut(word) {
            *low |= limb << shift;
        }
        if let Some(high) = words.get_mut(word + 1).filter(|_| shift > 12) {
            *high |= limb >> (64 - shift);
        }
    }
}

impl<const V: usize> Ifma<V> {
    /// Prepares an odd modulus given as little-endian words; `None` where the processor cannot.
    ///
    /// `r` and `r_squared` are 2^(416·V) and its square modulo it.
    pub(super) fn new(modulus: &[u64], r: &[u64], r_squared: &[u64]) -> Option<Self> {
        if !(is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512ifma")) {
            return None;
        }
        let lowest = modulus.first()?;
        let mut inverse = 1u64;
        for _ in 0..6 {
            inverse = inverse.wrapping_mul(2u64.wrapping_sub(lowest.wrapping_mul(inverse)));
        }
        Some(Self {
            modulus: split(modulus),
            inverse: inverse.wrapping_neg() & MASK,
            one: split(r),
            square: split(r_squared),
        })
    }

    /// `base^exponent` into `out`, all little-endian words; `base` must be below the modulus.
    ///
    /// The result may be the modulus plus the reduced value: the caller subtracts once.
    pub(super) fn pow(&self, base: &[u64], exponent: &[u64], out: &mut [u64]) {
        // SAFETY: a value of this type exists only where `new` found AVX-512 F and IFMA.
        #[allow(unsafe_code)]
        unsafe {
            self.pow_ifma(base, exponent, out);
        }
    }

    #[target_feature(enable = "avx512f,avx512ifma")]
    fn pow_ifma(&self, base: &[u64], exponent: &[u64], out: &mut [u64]) {
        let mut table = [[[0u64; 8]; V]; 1 << WINDOW];
        table[0] = self.one;
        table[1] = self.multiply(&split(base), &self.square);
        for at in 2..table.len() {
            table[at] = self.multiply(&table[at - 1], &table[1]);
        }
        let mut result = self.one;
        let bits = exponent.len() * 64;
        for window in (0..bits.div_ceil(WINDOW)).rev() {
            for _ in 0..WINDOW {
                result = self.multiply(&result, &result);
            }
            let (word, shift) = (window * WINDOW / 64, window * WINDOW % 64);
            let mut digit = exponent[word] >> shift;
            if shift > 64 - WINDOW {
                digit |= exponent.get(word + 1).copied().unwrap_or(0) << (64 - shift);
            }
            digit &= (1 << WINDOW) - 1;
            // All entries are read, so that the cache does not learn which one was wanted.
            let mut chosen = [[0u64; 8]; V];
            for (at, entry) in table.iter().enumerate() {
                let mask = u64::from((at as u64).ct_eq(&digit).unwrap_u8()).wrapping_neg();
                for (to, from) in chosen.as_flattened_mut().iter_mut().zip(entry.as_flattened()) {
                    *to |= from & mask;
                }
            }
            result = self.multiply(&result, &chosen);
        }
        let mut unit = [[0; 8]; V];
        unit[0][0] = 1;
        join(&self.multiply(&result, &unit), out);
        table.as_flattened_mut().as_flattened_mut().zeroize();
    }

    /// `a·b/R` modulo the modulus, below twice the modulus when both factors are.
    #[inline]
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn multiply(&self, a: &Number<V>, b: &Number<V>) -> Number<V> {
        let zero = _mm512_setzero_si512();
        let (a_lanes, n_lanes) = (load(a), load(&self.modulus));
        let lowest = a[0][0];
        let mut sum = [zero; V];
        for limb in b.as_flattened() {
            // The lowest limb, worked out ahead in a general register, says how many moduli clear it.
            let low = (_mm_cvtsi128_si64(_mm512_castsi512_si128(sum[0])) as u64)
                .wrapping_add(lowest.wrapping_mul(*limb) & MASK);
            let times = _mm512_set1_epi64((low.wrapping_mul(self.inverse) & MASK) as i64);
            let limb = _mm512_set1_epi64(*limb as i64);
            let mut high = [zero; V];
            for v in 0..V {
                sum[v] = _mm512_madd52lo_epu64(sum[v], a_lanes[v], limb);
                high[v] = _mm512_madd52hi_epu64(zero, a_lanes[v], limb);
            }
            for v in 0..V {
                sum[v] = _mm512_madd52lo_epu64(sum[v], n_lanes[v], times);
                high[v] = _mm512_madd52hi_epu64(high[v], n_lanes[v], times);
            }
            // Down by one limb: the low halves shift, the high halves already belong there.
            high[0] = _mm512_add_epi64(high[0], _mm512_maskz_srli_epi64::<52>(1, sum[0]));
            for v in 0..V {
                let above = if v + 1 < V { sum[v + 1] } else { zero };
                sum[v] = _mm512_add_epi64(_mm512_alignr_epi64::<1>(above, sum[v]), high[v]);
            }
        }
        let mut out = [[0; 8]; V];
        let mut carry = 0;
        for (to, lanes) in out.iter_mut().zip(sum) {
            for (to, lane) in to.iter_mut().zip(store(lanes)) {
                let limb = lane + carry;
                *to = limb & MASK;
                carry = limb >> 52;
            }
        }
        out
    }
}

#[inline]
#[target_feature(enable = "avx512f")]
fn load<const V: usize>(number: &Number<V>) -> [__m512i; V] {
    let mut out = [_mm512_setzero_si512(); V];
    for (to, from) in out.iter_mut().zip(number) {
        let [a, b, c, d, e, f, g, h] = from.map(|limb| limb as i64);
        *to = _mm512_set_epi64(h, g, f, e, d, c, b, a);
    }
    out
}

#[inline]
#[target_feature(enable = "avx512f")]
fn store(lanes: __m512i) -> [u64; 8] {
    let (low, high) = (
        _mm512_extracti64x4_epi64::<0>(lanes),
        _mm512_extracti64x4_epi64::<1>(lanes),
    );
    [
        _mm256_extract_epi64::<0>(low) as u64,
        _mm256_extract_epi64::<1>(low) as u64,
        _mm256_extract_epi64::<2>(low) as u64,
        _mm256_extract_epi64::<3>(low) as u64,
        _mm256_extract_epi64::<0>(high) as u64,
        _mm256_extract_epi64::<1>(high) as u64,
        _mm256_extract_epi64::<2>(high) as u64,
        _mm256_extract_epi64::<3>(high) as u64,
    ]
}
