//! Diffie–Hellman groups and what must be true of them.
//!
//! Source: <https://core.telegram.org/mtproto/auth_key#presenting-proof-of-work-server-authentication> and
//! <https://core.telegram.org/mtproto/security_guidelines>.

use crypto_bigint::U2048;
use crypto_primes::{Flavor, is_prime};
use thiserror::Error;

use super::modpow::{Modulus, from_bytes, to_bytes};

/// The 2048-bit safe prime that Telegram's servers use, and that several clients insist on.
pub const TELEGRAM_PRIME: [u8; 256] = hex(
    b"c71caeb9c6b1c9048e6c522f70f13f73980d40238e3e21c14934d037563d930f48198a0aa7c14058229493d22530f4db\
fa336f6e0ac925139543aed44cce7c3720fd51f69458705ac68cd4fe6b6b13abdc9746512969328454f18faf8c595f64\
2477fe96bb2a941d5bcd1d4ac8cc49880708fa9b378e3c4f3a9060bee67cf9a4a4a695811051907e162753b56b0f6b41\
0dba74d8a84b2a14b3144e0ef1284754fd17ed950d5965b4b9dd46582db1178d169c6bc465b0d6ff9ca3928fef5b9ae4\
e418fc15e83ebea0f87fa9ff5eed70050ded2849f47bf959d956850ce929851f0d8115f635b105ee2e4e15d04b2454bf\
6f4fadf034b10403119cd8e3b92fcc5b",
);

const fn hex(digits: &[u8; 512]) -> [u8; 256] {
    const fn value(digit: u8) -> u8 {
        if digit <= b'9' {
            digit - b'0'
        } else {
            digit - b'a' + 10
        }
    }
    let mut out = [0; 256];
    let mut at = 0;
    while at < 256 {
        out[at] = value(digits[2 * at]) << 4 | value(digits[2 * at + 1]);
        at += 1;
    }
    out
}

/// Why a group or a public number is not to be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DhError {
    /// The prime is not between 2^2047 and 2^2048.
    #[error("the prime is not of exactly 2048 bits")]
    PrimeSize,
    /// The modulus is not prime, or `(p - 1) / 2` is not.
    #[error("the modulus is not a safe prime")]
    NotSafePrime,
    /// The generator is not 2 to 7, or does not generate the subgroup of prime order.
    #[error("{0} does not generate the subgroup of prime order")]
    Generator(u32),
    /// A public number is too close to an end of the range.
    #[error("a public number lies outside of 2^1984 to p - 2^1984")]
    PublicRange,
}

/// A prime and a generator that have passed every check, so that holding one is the proof.
#[derive(Debug, Clone)]
pub struct DhGroup {
    pub(crate) modulus: Modulus,
    g: u32,
}

impl DhGroup {
    /// Telegram's own prime with one of the generators that suit it (3 is the one in use).
    ///
    /// # Errors
    /// [`DhError::Generator`].
    pub fn telegram(g: u32) -> Result<Self, DhError> {
        Self::verify(&TELEGRAM_PRIME, g)
    }

    /// Checks what a peer sent: size, safe prime, generator.
    ///
    /// Telegram's own prime is recognised; any other costs two primality tests, some tens of milliseconds.
    ///
    /// # Errors
    /// Whatever is wrong with it.
    pub fn verify(prime: &[u8], g: u32) -> Result<Self, DhError> {
        if prime.len() != 256 || prime[0] < 0x80 {
            return Err(DhError::PrimeSize);
        }
        let modulus = Modulus::new(prime).ok_or(DhError::NotSafePrime)?;
        if !generates(modulus.0.modulus(), g) {
            return Err(DhError::Generator(g));
        }
        if prime != TELEGRAM_PRIME && !is_prime(Flavor::Safe, modulus.0.modulus()) {
            return Err(DhError::NotSafePrime);
        }
        Ok(Self { modulus, g })
    }

    /// The generator.
    #[must_use]
    pub fn g(&self) -> u32 {
        self.g
    }

    /// The prime, in big-endian bytes.
    #[must_use]
    pub fn prime(&self) -> [u8; 256] {
        self.modulus.to_bytes()
    }

    /// `g^exponent mod p`.
    #[must_use]
    pub fn power_of_g(&self, exponent: &[u8; 256]) -> [u8; 256] {
        let base: [u8; 256] = to_bytes(&U2048::from_u32(self.g));
        self.modulus.pow(&base, exponent)
    }

    /// `base^exponent mod p`.
    #[must_use]
    pub fn pow(&self, base: &[u8; 256], exponent: &[u8; 256]) -> [u8; 256] {
        self.modulus.pow(base, exponent)
    }

    /// Checks a public number of either side and brings it to 256 bytes.
    ///
    /// # Errors
    /// [`DhError::PublicRange`] unless it lies between 2^1984 and p − 2^1984.
    pub fn check_public(&self, public: &[u8]) -> Result<[u8; 256], DhError> {
        let number: U2048 = from_bytes(public).ok_or(DhError::PublicRange)?;
        let margin = U2048::ONE.shl_vartime(2048 - 64);
        let most = self.modulus.0.modulus().wrapping_sub(&margin);
        if number < margin || number > most {
            return Err(DhError::PublicRange);
        }
        Ok(to_bytes(&number))
    }

    /// A group nobody checked, for vectors with toy numbers.
    #[cfg(test)]
    pub(crate) fn unchecked(prime: &[u8], g: u32) -> Self {
        Self {
            modulus: Modulus::new(prime).unwrap(),
            g,
        }
    }
}

/// Whether `g` is a quadratic residue, by the residues of `p` that the protocol's documentation lists.
fn generates(prime: &U2048, g: u32) -> bool {
    let rest = |by: u8| {
        let bytes: [u8; 256] = to_bytes(prime);
        bytes
            .iter()
            .fold(0u32, |rest, byte| (rest << 8 | u32::from(*byte)) % u32::from(by))
    };
    match g {
        2 => rest(8) == 7,
        3 => rest(3) == 2,
        4 => true,
        5 => matches!(rest(5), 1 | 4),
        6 => matches!(rest(24), 19 | 23),
        7 => matches!(rest(7), 3 | 5 | 6),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telegrams_prime_is_safe_and_takes_its_generators() {
        let prime: U2048 = from_bytes(&TELEGRAM_PRIME).unwrap();
        assert!(is_prime(Flavor::Safe, &prime));
        for g in [3, 4, 7] {
            assert!(DhGroup::telegram(g).is_ok(), "{g}");
        }
        for g in [0, 1, 2, 5, 6, 8, 9] {
            assert_eq!(DhGroup::telegram(g).unwrap_err(), DhError::Generator(g));
        }
    }

    #[test]
    fn other_moduli_are_tested_for_primality() {
        // Telegram's prime plus twice 2520: odd still, and every residue that the generators look at is kept.
        let mut composite = TELEGRAM_PRIME;
        let low = u32::from_be_bytes(composite[252..].try_into().unwrap()) + 2 * 2520;
        composite[252..].copy_from_slice(&low.to_be_bytes());
        assert_eq!(DhGroup::verify(&composite, 3).unwrap_err(), DhError::NotSafePrime);
        // The next prime above Telegram's that 3 would suit, whose half is no prime.
        let mut unsafe_prime = TELEGRAM_PRIME;
        let low = u32::from_be_bytes(unsafe_prime[252..].try_into().unwrap()) + 570;
        unsafe_prime[252..].copy_from_slice(&low.to_be_bytes());
        let number: U2048 = from_bytes(&unsafe_prime).unwrap();
        assert!(is_prime(Flavor::Any, &number));
        assert_eq!(
            DhGroup::verify(&unsafe_prime, 3).unwrap_err(),
            DhError::NotSafePrime
        );
        assert_eq!(
            DhGroup::verify(&TELEGRAM_PRIME[1..], 3).unwrap_err(),
            DhError::PrimeSize
        );
        let mut short = TELEGRAM_PRIME;
        short[0] = 0x47;
        assert_eq!(DhGroup::verify(&short, 3).unwrap_err(), DhError::PrimeSize);
    }

    #[test]
    fn the_residue_rules_are_those_of_the_documentation() {
        for (prime, g, good) in [
            (11, 2, false),
            (23, 2, true),
            (13, 3, false),
            (47, 3, true),
            (11, 4, true),
            (13, 5, false),
            (11, 5, true),
            (179, 5, true),
            (13, 6, false),
            (383, 6, true),
            (13, 7, true),
            (17, 7, true),
            (23, 7, false),
            (479, 7, true),
            (383, 7, true),
            (503, 7, true),
        ] {
            assert_eq!(generates(&U2048::from_u32(prime), g), good, "{prime} {g}");
        }
    }

    #[test]
    fn public_numbers_keep_their_distance_from_both_ends() {
        let group = DhGroup::telegram(3).unwrap();
        let mut margin = [0; 256];
        margin[7] = 1;
        assert!(group.check_public(&margin).is_ok());
        let mut below = [0xff; 256];
        below[..8].fill(0);
        assert_eq!(group.check_public(&below), Err(DhError::PublicRange));
        let mut most = TELEGRAM_PRIME;
        most[7] -= 1;
        assert!(group.check_public(&most).is_ok());
        most[255] += 1;
        assert_eq!(group.check_public(&most), Err(DhError::PublicRange));
        for bad in [&[][..], &[1], &[0xff; 256], &[1; 257], &TELEGRAM_PRIME] {
            assert_eq!(group.check_public(bad), Err(DhError::PublicRange));
        }
        let mut odd_length = vec![0; 3];
        odd_length.extend(margin);
        assert!(
            group.check_public(&odd_length).is_ok(),
            "leading zeros do not matter"
        );
    }
}
