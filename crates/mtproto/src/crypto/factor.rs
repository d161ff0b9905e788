//! Splitting `pq`, and making one.

use super::Random;
use super::random::array;

/// How much work a factorisation may take; the hardest product of two 32-bit primes needs far less.
const MAX_STEPS: u32 = 1 << 22;

/// `a·b mod n`.
fn mul_mod(a: u64, b: u64, n: u64) -> u64 {
    (u128::from(a) * u128::from(b) % u128::from(n)) as u64
}

fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// Arithmetic modulo an odd number in Montgomery form: the inner loop is two multiplications and no division.
#[derive(Clone, Copy)]
struct Montgomery {
    n: u64,
    /// `-n⁻¹ mod 2⁶⁴`.
    inverse: u64,
}

impl Montgomery {
    fn new(n: u64) -> Self {
        let mut inverse = 1u64;
        for _ in 0..6 {
            inverse = inverse.wrapping_mul(2u64.wrapping_sub(n.wrapping_mul(inverse)));
        }
        Self {
            n,
            inverse: inverse.wrapping_neg(),
        }
    }

    /// `a·b·2⁻⁶⁴ mod n`, for `n < 2⁶³`.
    fn mul(self, a: u64, b: u64) -> u64 {
        let product = u128::from(a) * u128::from(b);
        let m = (product as u64).wrapping_mul(self.inverse);
        let sum = ((product + u128::from(m) * u128::from(self.n)) >> 64) as u64;
        if sum >= self.n { sum - self.n } else { sum }
    }
}

/// Splits a product of two primes into `(smaller, larger)`.
///
/// Brent's variant of Pollard's rho, with a bound on the work, so that a hostile `pq` costs milliseconds.
/// `None` when `pq` is prime, has a factor of 2³² or more, or is 2⁶³ or more.
///
/// ```
/// assert_eq!(ringback_mtproto::crypto::factorize(0x17ED48941A08F981), Some((0x494C553B, 0x53911073)));
/// ```
#[must_use]
pub fn factorize(pq: u64) -> Option<(u32, u32)> {
    if !(4..1 << 63).contains(&pq) {
        return None;
    }
    let factor = if pq.is_multiple_of(2) {
        2
    } else {
        square_root(pq).or_else(|| rho(pq))?
    };
    let other = pq / factor;
    let (p, q) = (
        u32::try_from(factor.min(other)).ok()?,
        u32::try_from(factor.max(other)).ok()?,
    );
    Some((p, q))
}

fn square_root(n: u64) -> Option<u64> {
    let root = n.isqrt();
    (root * root == n).then_some(root)
}

fn rho(n: u64) -> Option<u64> {
    let field = Montgomery::new(n);
    let mut steps = 0;
    for c in 1..32u64 {
        let next = |x: u64| {
            let mut y = field.mul(x, x) + c;
            while y >= n {
                y -= n;
            }
            y
        };
        let (mut y, mut length, mut product, mut divisor) = (2u64, 1u32, 1u64, 1u64);
        let (mut x, mut start) = (y, y);
        while divisor == 1 {
            x = y;
            for _ in 0..length {
                y = next(y);
            }
            let mut done = 0;
            while done < length && divisor == 1 {
                start = y;
                let batch = (length - done).min(128);
                for _ in 0..batch {
                    y = next(y);
                    product = field.mul(product, x.abs_diff(y));
                }
                divisor = gcd(product, n);
                done += batch;
            }
            steps += 2 * length;
            if steps > MAX_STEPS {
                return None;
            }
            length *= 2;
        }
        if divisor == n {
            // Both factors fell into one batch: walk it again one by one.
            y = start;
            loop {
                y = next(y);
                divisor = gcd(x.abs_diff(y), n);
                if divisor != 1 {
                    break;
                }
            }
        }
        if divisor != n {
            return Some(divisor);
        }
    }
    None
}

/// Whether a 32-bit number is prime; exact.
#[must_use]
pub fn is_prime_u32(n: u32) -> bool {
    if n < 2 {
        return false;
    }
    for small in [2u32, 3, 5, 7, 11, 13] {
        if n.is_multiple_of(small) {
            return n == small;
        }
    }
    let n = u64::from(n);
    let shift = (n - 1).trailing_zeros();
    let odd = (n - 1) >> shift;
    // These three bases leave no composite below 4,759,123,141.
    [2u64, 7, 61].into_iter().all(|base| {
        let (mut x, mut square, mut exponent) = (1, base, odd);
        while exponent > 0 {
            if exponent & 1 == 1 {
                x = mul_mod(x, square, n);
            }
            square = mul_mod(square, square, n);
            exponent >>= 1;
        }
        if x == 1 || x == n - 1 {
            return true;
        }
        (1..shift).any(|_| {
            x = mul_mod(x, x, n);
            x == n - 1
        })
    })
}

/// Two different primes `p < q` of 30 bits, so that `pq` has exactly 8 bytes and is quick for a client to split.
#[must_use]
pub fn random_pq(random: &mut dyn Random) -> (u32, u32) {
    let mut prime = || loop {
        let candidate = u32::from_le_bytes(array(random)) >> 2 | 1 << 29 | 1;
        if is_prime_u32(candidate) {
            return candidate;
        }
    };
    let p = prime();
    loop {
        let q = prime();
        if p != q {
            return (p.min(q), p.max(q));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_products_are_split() {
        for (pq, p, q) in [
            (0x17ED_4894_1A08_F981, 0x494C_553B, 0x5391_1073),
            (1_470_626_929_934_143_021, 1_206_429_347, 1_218_991_343),
            (2_363_612_107_535_801_713, 1_518_968_219, 1_556_064_227),
            (15, 3, 5),
            (4, 2, 2),
            (49, 7, 7),
            (0x7fff_fffb * 2, 2, 0x7fff_fffb),
        ] {
            assert_eq!(factorize(pq), Some((p, q)), "{pq}");
        }
    }

    #[test]
    fn what_cannot_be_split_is_refused_in_bounded_time() {
        for pq in [
            0,
            1,
            2,
            3,
            13,
            0x7fff_ffff_ffff_ffe7,
            u64::MAX,
            1 << 63,
            3 * 2_305_843_009_213_693_951,
        ] {
            assert_eq!(factorize(pq), None, "{pq}");
        }
    }

    #[test]
    fn a_made_pq_is_eight_bytes_of_two_primes() {
        let mut state = 1u64;
        let mut random = |out: &mut [u8]| {
            for byte in out {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                *byte = (state >> 56) as u8;
            }
        };
        for _ in 0..20 {
            let (p, q) = random_pq(&mut random);
            let pq = u64::from(p) * u64::from(q);
            assert!(p < q && (1 << 56..1 << 63).contains(&pq));
            assert_eq!(factorize(pq), Some((p, q)));
        }
    }
}
