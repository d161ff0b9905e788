//! Randomness comes from the caller.

use core::convert::Infallible;

/// Where random bytes come from.
///
/// A closure that fills a slice is one, so any generator fits without this crate naming it:
///
/// ```
/// use ringback_mtproto::Random;
///
/// let mut next = 0u8;
/// let mut counter = |out: &mut [u8]| out.iter_mut().for_each(|b| { *b = next; next = next.wrapping_add(1) });
/// let random: &mut dyn Random = &mut counter;
/// let mut bytes = [0; 3];
/// random.fill(&mut bytes);
/// assert_eq!(bytes, [0, 1, 2]);
/// ```
///
/// Keys made from it are as secret as the source is: outside of tests it must be cryptographically secure.
pub trait Random {
    /// Fills `out` with random bytes.
    fn fill(&mut self, out: &mut [u8]);
}

impl<F: FnMut(&mut [u8])> Random for F {
    fn fill(&mut self, out: &mut [u8]) {
        self(out);
    }
}

/// An array of random bytes.
pub(crate) fn array<const N: usize>(random: &mut dyn Random) -> [u8; N] {
    let mut out = [0; N];
    random.fill(&mut out);
    out
}

/// Lends a [`Random`] to the prime search, which asks for a `rand_core` generator.
pub(crate) struct Lent<'a>(pub(crate) &'a mut dyn Random);

impl rand_core::TryRng for Lent<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_le_bytes(array(self.0)))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_le_bytes(array(self.0)))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill(out);
        Ok(())
    }
}

impl rand_core::TryCryptoRng for Lent<'_> {}
