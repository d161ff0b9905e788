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
type State = (bool, bool);

/// The length of the object or list that these bytes start with.
pub(super) fn enclosed(bytes: &[u8]) -> Option<usize> {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("popcnt")
        && is_x86_feature_detected!("bmi1")
    {
        // SAFETY: the instructions that it needs are there, by the condition above; it does nothing else unsafe.
        #[allow(
            unsafe_code,
            reason = "a third of the time, on every x86-64 of the last ten years"
        )]
        return unsafe { enclosed_with_avx2(bytes) };
    }
    walk(bytes, Block::portable)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,popcnt,bmi1")]
fn enclosed_with_avx2(bytes: &[u8]) -> Option<usize> {
    walk(bytes, |block| Block::with_avx2(block))
}

/// Inlined, so that all of it is made of the instructions that the caller may use.
#[inline(always)]
fn walk(bytes: &[u8], block_of: impl Fn(&[u8; 64]) -> Block) -> Option<usize> {
    let (mut depth, mut state) = (0, (false, false));
    let (blocks, rest) = bytes.as_chunks::<64>();
    for (at, block) in blocks.iter().enumerate() {
        if let Some(end) = block_of(block).end(&mut depth, &mut state) {
            return Some(at * 64 + end);
        }
    }
    let mut last = [0; 64];
    last.get_mut(..rest.len())?.copy_from_slice(rest);
    let end = block_of(&last).end(&mut depth, &mut state)?;
    Some(bytes.len() - rest.len() + end)
}

impl Block {
    /// 32 bytes at a time.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    #[inline]
    fn with_avx2(bytes: &[u8; 64]) -> Self {
        use std::arch::x86_64::{
            _mm256_cmpeq_epi8, _mm256_movemask_epi8, _mm256_or_si256, _mm256_set_epi64x, _mm256_set1_epi8,
        };

        let mut block = Block {
            quotes: 0,
            backslashes: 0,
            opening: 0,
            closing: 0,
        };
        for (at, bytes) in bytes.as_chunks::<32>().0.iter().enumerate() {
            let words = bytes.as_chunks::<8>().0;
            let word = |at: usize| words.get(at).map_or(0, |word| i64::from_le_bytes(*word));
            let lanes = _mm256_set_epi64x(word(3), word(2), word(1), word(0));
            // `[` and `{`, and `]` and `}`, differ in this one bit.
            let folded = _mm256_or_si256(lanes, _mm256_set1_epi8(0x20));
            let mask = |lanes, byte: u8| {
                let equal = _mm256_cmpeq_epi8(lanes, _mm256_set1_epi8(byte as i8));
                u64::from(_mm256_movemask_epi8(equal) as u32) << (at * 32)
            };
            block.quotes |= mask(lanes, b'"');
            block.backslashes |= mask(lanes, b'\\');
            block.opening |= mask(folded, b'{');
            block.closing |= mask(folded, b'}');
        }
        block
    }

    /// Eight bytes at a time, in the registers that every processor has.
    #[inline]
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
    #[inline(always)]
    fn end(&self, depth: &mut usize, state: &mut State) -> Option<usize> {
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
    #[inline(always)]
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
            let block = Block::portable(bytes.as_slice().try_into().unwrap());
            #[cfg(target_arch = "x86_64")]
            if is_x86_feature_detected!("avx2") {
                #[allow(unsafe_code, reason = "the instructions are there")]
                let other = unsafe { Block::with_avx2(bytes.as_slice().try_into().unwrap()) };
                prop_assert_eq!(&block, &other);
            }
            let masks = [block.quotes, block.backslashes, block.opening, block.closing];
            for (at, byte) in bytes.iter().enumerate() {
                let is = [*byte == b'"', *byte == b'\\', matches!(byte, b'{' | b'['), matches!(byte, b'}' | b']')];
                prop_assert_eq!(masks.map(|mask| (mask >> at) & 1 == 1), is);
            }
        }

        #[test]
        fn both_walks_end_at_the_same_place(bytes in proptest::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(&b"\\\"{}[]"[..])], 0..300)) {
            prop_assert_eq!(enclosed(&bytes), walk(&bytes, Block::portable));
        }
    }
}
