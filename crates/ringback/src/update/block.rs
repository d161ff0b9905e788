//! 64 bytes of JSON as bit masks, bit `n` for byte `n`: which are quotes, backslashes and brackets.
//!
//! The idea is that of Langdale and Lemire, "Parsing Gigabytes of JSON per Second" (2019), §3.1: strings are found with
//! a few operations on a whole block instead of a branch for each byte.

/// Where a block's special bytes are.
#[derive(Debug, PartialEq)]
pub(super) struct Block {
    quotes: u64,
    backslashes: u64,
    /// `{` and `[`.
    opening: u64,
    /// `}` and `]`.
    closing: u64,
}

/// What one block tells the next: whether its first byte is escaped, and whether it is inside a string.
pub(super) type State = (bool, bool);

impl Block {
    #[inline]
    pub(super) fn new(bytes: &[u8; 64]) -> Self {
        #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
        {
            // SAFETY: the instructions that it needs are there, by the condition above; it does nothing else unsafe.
            #[allow(
                unsafe_code,
                reason = "twice as fast, and every x86-64 has these instructions"
            )]
            unsafe {
                Self::with_sse2(bytes)
            }
        }
        #[cfg(not(all(target_arch = "x86_64", target_feature = "sse2")))]
        Self::portable(bytes)
    }

    #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
    #[target_feature(enable = "sse2")]
    #[inline]
    fn with_sse2(bytes: &[u8; 64]) -> Self {
        use std::arch::x86_64::{
            _mm_cmpeq_epi8, _mm_movemask_epi8, _mm_or_si128, _mm_set_epi64x, _mm_set1_epi8,
        };

        let mut block = Block {
            quotes: 0,
            backslashes: 0,
            opening: 0,
            closing: 0,
        };
        for (at, bytes) in bytes.as_chunks::<16>().0.iter().enumerate() {
            let number = i128::from_le_bytes(*bytes);
            let lanes = _mm_set_epi64x((number >> 64) as i64, number as i64);
            // `[` and `{`, and `]` and `}`, differ in this one bit.
            let folded = _mm_or_si128(lanes, _mm_set1_epi8(0x20));
            let mask = |lanes, byte: u8| {
                let equal = _mm_cmpeq_epi8(lanes, _mm_set1_epi8(byte as i8));
                u64::from(_mm_movemask_epi8(equal) as u16) << (at * 16)
            };
            block.quotes |= mask(lanes, b'"');
            block.backslashes |= mask(lanes, b'\\');
            block.opening |= mask(folded, b'{');
            block.closing |= mask(folded, b'}');
        }
        block
    }

    /// Eight bytes at a time, in the registers that every processor has.
    #[cfg(any(test, not(all(target_arch = "x86_64", target_feature = "sse2"))))]
    fn portable(bytes: &[u8; 64]) -> Self {
        const ONES: u64 = u64::MAX / 255;
        const LOW: u64 = ONES * 0x7f;
        let mut block = Block {
            quotes: 0,
            backslashes: 0,
            opening: 0,
            closing: 0,
        };
        for (at, word) in bytes.as_chunks::<8>().0.iter().enumerate() {
            let word = u64::from_le_bytes(*word);
            // `[` and `{`, and `]` and `}`, differ in this one bit.
            let folded = word | (ONES * 0x20);
            let mask = |word: u64, byte: u8| {
                let difference = word ^ (ONES * u64::from(byte));
                // The high bit of each byte that is zero, then all of them side by side.
                let equal = !(((difference & LOW) + LOW) | difference | LOW) >> 7;
                (equal.wrapping_mul(0x0102_0408_1020_4080) >> 56) << (at * 8)
            };
            block.quotes |= mask(word, b'"');
            block.backslashes |= mask(word, b'\\');
            block.opening |= mask(folded, b'{');
            block.closing |= mask(folded, b'}');
        }
        block
    }

    /// Counts brackets outside strings, on from `depth`: the number of bytes up to and with the one that makes it zero.
    #[inline]
    pub(super) fn end(&self, depth: &mut usize, state: &mut State) -> Option<usize> {
        let quotes = self.quotes & !self.escaped(&mut state.0);
        // From each opening quote up to its closing one.
        let mut strings = quotes;
        for shift in [1, 2, 4, 8, 16, 32] {
            strings ^= strings << shift;
        }
        if state.1 {
            strings = !strings;
        }
        state.1 = strings >> 63 == 1;

        let (opening, mut closing) = (self.opening & !strings, self.closing & !strings);
        let closed = closing.count_ones() as usize;
        if closed < *depth {
            *depth = *depth - closed + opening.count_ones() as usize;
            return None;
        }
        // The end may be in here: from one closing bracket to the next.
        let mut seen = 0;
        while closing != 0 {
            let at = closing.trailing_zeros();
            let opened = (opening & ((1 << at) - 1)).count_ones() as usize;
            seen += 1;
            if *depth + opened <= seen {
                return Some(at as usize + 1);
            }
            closing &= closing - 1;
        }
        *depth = *depth + opening.count_ones() as usize - seen;
        None
    }

    /// The bytes behind a backslash that is not escaped itself.
    #[inline]
    fn escaped(&self, carry: &mut bool) -> u64 {
        let mut escaped = u64::from(*carry);
        *carry = false;
        let mut left = self.backslashes & !escaped;
        while left != 0 {
            let at = left.trailing_zeros();
            if at == 63 {
                *carry = true;
                break;
            }
            escaped |= 2 << at;
            left &= !(3 << at);
        }
        escaped
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn each_bit_is_its_byte(bytes in proptest::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(&b"\\\"{}[]"[..])], 64)) {
            let block = Block::new(bytes.as_slice().try_into().unwrap());
            prop_assert_eq!(&block, &Block::portable(bytes.as_slice().try_into().unwrap()));
            let masks = [block.quotes, block.backslashes, block.opening, block.closing];
            for (at, byte) in bytes.iter().enumerate() {
                let is = [*byte == b'"', *byte == b'\\', matches!(byte, b'{' | b'['), matches!(byte, b'}' | b']')];
                prop_assert_eq!(masks.map(|mask| (mask >> at) & 1 == 1), is);
            }
        }
    }
}
