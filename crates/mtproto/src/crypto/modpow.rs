//! Powers modulo an odd number, in constant time.

use std::fmt;
use std::sync::Arc;

use crypto_bigint::modular::{FixedMontyForm, FixedMontyParams};
use crypto_bigint::{Odd, U64, U2048, Uint, Word};

#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
use super::ifma::Ifma;

/// Where the processor has it, the kernel of the size that fits.
#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
#[derive(Clone, Debug)]
enum Fast {
    /// Up to 1024 bits: half of an RSA key.
    Half(Box<Ifma<3>>),
    /// Up to 2048 bits.
    Full(Box<Ifma<5>>),
}

/// Arithmetic modulo an odd number of `LIMBS` words.
#[derive(Clone, Debug)]
pub(crate) struct Field<const LIMBS: usize> {
    params: FixedMontyParams<LIMBS>,
    #[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
    fast: Option<Fast>,
}

impl<const LIMBS: usize> Field<LIMBS> {
    /// `None` for an even modulus.
    pub(crate) fn new(modulus: &Uint<LIMBS>) -> Option<Self> {
        let modulus: Option<Odd<Uint<LIMBS>>> = Odd::new(*modulus).into();
        let params = FixedMontyParams::new_vartime(modulus?);
        Some(Self {
            params,
            #[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
            fast: Self::fast(&params),
        })
    }

    #[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
    fn fast(params: &FixedMontyParams<LIMBS>) -> Option<Fast> {
        let modulus = params.modulus().as_ref();
        let vectors = match Uint::<LIMBS>::BITS {
            1024 => 3,
            2048 => 5,
            _ => return None,
        };
        let two = FixedMontyForm::new(&Uint::from_u8(2), params);
        let r = two.pow_vartime(&U64::from_u64(416 * vectors));
        let (r, r_squared) = (r.retrieve(), r.square().retrieve());
        let (modulus, r, r_squared) = (modulus.as_words(), r.as_words(), r_squared.as_words());
        if vectors == 3 {
            Ifma::new(modulus, r, r_squared).map(|ifma| Fast::Half(Box::new(ifma)))
        } else {
            Ifma::new(modulus, r, r_squared).map(|ifma| Fast::Full(Box::new(ifma)))
        }
    }

    pub(crate) fn modulus(&self) -> &Uint<LIMBS> {
        self.params.modulus().as_ref()
    }

    /// `value` modulo the modulus; the value may be wider.
    pub(crate) fn reduce<const WIDE: usize>(&self, value: &Uint<WIDE>) -> Uint<LIMBS> {
        value.rem(self.params.modulus().as_nz_ref())
    }

    /// `base^exponent`; the base must be reduced.
    pub(crate) fn pow(&self, base: &Uint<LIMBS>, exponent: &Uint<LIMBS>) -> Uint<LIMBS> {
        #[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
        if let Some(fast) = &self.fast {
            let mut out = [0; LIMBS];
            match fast {
                Fast::Half(ifma) => ifma.pow(base.as_words(), exponent.as_words(), &mut out),
                Fast::Full(ifma) => ifma.pow(base.as_words(), exponent.as_words(), &mut out),
            }
            subtract_once(&mut out, self.modulus().as_words());
            return Uint::from_words(out);
        }
        self.pow_portable(base, exponent)
    }

    /// [`pow`](Self::pow) without the processor's help.
    pub(crate) fn pow_portable(&self, base: &Uint<LIMBS>, exponent: &Uint<LIMBS>) -> Uint<LIMBS> {
        FixedMontyForm::new(base, &self.params).pow(exponent).retrieve()
    }

    pub(crate) fn mul(&self, a: &Uint<LIMBS>, b: &Uint<LIMBS>) -> Uint<LIMBS> {
        (FixedMontyForm::new(a, &self.params) * FixedMontyForm::new(b, &self.params)).retrieve()
    }

    pub(crate) fn add(&self, a: &Uint<LIMBS>, b: &Uint<LIMBS>) -> Uint<LIMBS> {
        (FixedMontyForm::new(a, &self.params) + FixedMontyForm::new(b, &self.params)).retrieve()
    }

    pub(crate) fn sub(&self, a: &Uint<LIMBS>, b: &Uint<LIMBS>) -> Uint<LIMBS> {
        (FixedMontyForm::new(a, &self.params) - FixedMontyForm::new(b, &self.params)).retrieve()
    }
}

/// Takes the modulus off once if it fits, without a branch.
#[cfg(all(target_arch = "x86_64", target_pointer_width = "64"))]
fn subtract_once<const LIMBS: usize>(value: &mut [Word; LIMBS], modulus: &[Word; LIMBS]) {
    let mut reduced = [0; LIMBS];
    let mut borrow = false;
    for ((to, a), b) in reduced.iter_mut().zip(&*value).zip(modulus) {
        (*to, borrow) = a.borrowing_sub(*b, borrow);
    }
    let keep = Word::from(borrow).wrapping_neg();
    for (value, reduced) in value.iter_mut().zip(reduced) {
        *value = *value & keep | reduced & !keep;
    }
}

/// Big-endian bytes of a number.
pub(crate) fn to_bytes<const LIMBS: usize, const N: usize>(value: &Uint<LIMBS>) -> [u8; N] {
    let mut out = [0; N];
    for (bytes, word) in out.rchunks_mut(size_of::<Word>()).zip(value.as_words()) {
        let word = word.to_be_bytes();
        let skip = word.len() - bytes.len();
        bytes.copy_from_slice(&word[skip..]);
    }
    out
}

/// A number from big-endian bytes of any length; `None` when it does not fit.
pub(crate) fn from_bytes<const LIMBS: usize>(bytes: &[u8]) -> Option<Uint<LIMBS>> {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let bytes = &bytes[zeros..];
    let mut words = [0; LIMBS];
    if bytes.len() > size_of_val(&words) {
        return None;
    }
    for (word, chunk) in words.iter_mut().zip(bytes.rchunks(size_of::<Word>())) {
        *word = chunk.iter().fold(0, |word, byte| word << 8 | Word::from(*byte));
    }
    Some(Uint::from_words(words))
}

/// An odd modulus of at most 2048 bits, prepared for powers; cheap to clone.
#[derive(Clone)]
pub struct Modulus(pub(crate) Arc<Field<{ U2048::LIMBS }>>);

impl Modulus {
    /// From big-endian bytes; `None` when even or longer than 2048 bits.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Option<Self> {
        Field::new(&from_bytes(bytes)?).map(|field| Self(Arc::new(field)))
    }

    /// The modulus in big-endian bytes.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 256] {
        to_bytes(self.0.modulus())
    }

    /// `base^exponent`, all big-endian.
    #[must_use]
    pub fn pow(&self, base: &[u8; 256], exponent: &[u8; 256]) -> [u8; 256] {
        let (base, exponent) = (U2048::from_be_slice(base), U2048::from_be_slice(exponent));
        to_bytes(&self.0.pow(&self.0.reduce(&base), &exponent))
    }

    /// [`pow`](Self::pow) without the processor's help: what machines without AVX-512 IFMA run.
    #[must_use]
    pub fn pow_portable(&self, base: &[u8; 256], exponent: &[u8; 256]) -> [u8; 256] {
        let (base, exponent) = (U2048::from_be_slice(base), U2048::from_be_slice(exponent));
        to_bytes(&self.0.pow_portable(&self.0.reduce(&base), &exponent))
    }
}

impl fmt::Debug for Modulus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Modulus({} bits)", self.0.modulus().bits_vartime())
    }
}

#[cfg(test)]
mod tests {
    use num_bigint::BigUint;
    use proptest::prelude::*;

    use super::*;

    fn wide() -> impl Strategy<Value = [u8; 256]> {
        prop_oneof![
            prop::collection::vec(any::<u8>(), 256),
            prop::collection::vec(prop_oneof![Just(0u8), Just(0xff)], 256),
            prop::collection::vec(any::<u8>(), 1..8).prop_map(|tail| {
                let mut bytes = vec![0; 256 - tail.len()];
                bytes.extend(tail);
                bytes
            }),
        ]
        .prop_map(|bytes| bytes.try_into().unwrap())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn powers_agree_with_another_implementation(base in wide(), exponent in wide(), mut modulus in wide()) {
            modulus[255] |= 1;
            let expected = BigUint::from_bytes_be(&base)
                .modpow(&BigUint::from_bytes_be(&exponent), &BigUint::from_bytes_be(&modulus));
            let modulus = Modulus::new(&modulus).unwrap();
            prop_assert_eq!(BigUint::from_bytes_be(&modulus.pow(&base, &exponent)), expected.clone());
            prop_assert_eq!(BigUint::from_bytes_be(&modulus.pow_portable(&base, &exponent)), expected);
        }

        #[test]
        fn half_sizes_agree_too(base in wide(), exponent in wide(), mut modulus in wide()) {
            modulus[255] |= 1;
            let half = |bytes: &[u8]| from_bytes::<{ crypto_bigint::U1024::LIMBS }>(&bytes[128..]).unwrap();
            let field = Field::new(&half(&modulus)).unwrap();
            let base = field.reduce(&half(&base));
            prop_assert_eq!(field.pow(&base, &half(&exponent)), field.pow_portable(&base, &half(&exponent)));
        }

        #[test]
        fn bytes_round_trip(bytes in wide()) {
            let number: U2048 = from_bytes(&bytes).unwrap();
            prop_assert_eq!(to_bytes::<_, 256>(&number), bytes);
        }
    }

    #[test]
    fn even_and_oversized_moduli_are_refused() {
        assert!(Modulus::new(&[4]).is_none());
        assert!(Modulus::new(&[]).is_none());
        assert!(Modulus::new(&[1; 257]).is_none());
        assert!(Modulus::new(&[0, 0, 0, 7]).is_some());
    }
}
