//! Bits as text: how the packed codecs fill a button.
//!
//! A button's data is up to 64 bytes of valid UTF-8. How many bits is that? Of texts of exactly `n` bytes there are
//!
//! ```text
//! T(n) = 128 T(n-1) + 1920 T(n-2) + 61440 T(n-3) + 1048576 T(n-4),    T(0) = 1
//! ```
//!
//! for the last character is one of 128 of one byte, 1920 of two, 61440 of three (without the surrogates) or 1048576
//! of four. All texts of up to 64 bytes together are 2^459.06: **no encoding holds more than 459 bits**. Base64 holds
//! 384, hexadecimal digits 256.
//!
//! Here it is **456 bits**. The data is cut into blocks of eight bytes, each a text by itself, and the texts of eight
//! bytes are numbered: there are more than 2^57, so that a block is a number of 57 bits, and all arithmetic stays
//! within a machine's word. This even leaves room to do without two characters, NUL and carriage return, which
//! programs on the way are the likeliest to mistake for an end or a line's end.

use super::MAX_DATA;
use super::bits::BitReader;

/// The bits that a button without a prefix carries.
pub const CAPACITY: usize = capacity(MAX_DATA);

const BLOCK: usize = 8;
/// The bits in a block of so many bytes.
const BITS: [usize; BLOCK + 1] = [0, 6, 14, 21, 28, 35, 42, 49, 57];

const TWO: u64 = 0x800 - 0x80;
const SURROGATES: u64 = 0x800;
const THREE: u64 = 0x1_0000 - 0x800 - SURROGATES;
const FOUR: u64 = 0x11_0000 - 0x1_0000;
/// The one-byte characters that are used: neither NUL nor carriage return.
const ONE: u64 = 0x80 - 2;
const CR: u64 = 0x0d;

/// How many texts there are of so many bytes.
const TEXTS: [u64; BLOCK + 1] = {
    let mut texts = [1; BLOCK + 1];
    let mut n = 1;
    while n <= BLOCK {
        texts[n] = ONE * texts[n - 1];
        if n >= 2 {
            texts[n] += TWO * texts[n - 2];
        }
        if n >= 3 {
            texts[n] += THREE * texts[n - 3];
        }
        if n >= 4 {
            texts[n] += FOUR * texts[n - 4];
        }
        // The proof that a block holds what it is said to hold.
        assert!(texts[n] >= 1 << BITS[n]);
        n += 1;
    }
    texts
};

/// How many bits fit into a text of so many bytes.
pub(crate) const fn capacity(bytes: usize) -> usize {
    bytes / BLOCK * BITS[BLOCK] + BITS[bytes % BLOCK]
}

/// How many bytes a text has that holds so many bits.
pub(crate) const fn length(bits: usize) -> usize {
    let (whole, rest) = (bits / BITS[BLOCK], bits % BITS[BLOCK]);
    let mut bytes = 0;
    while BITS[bytes] < rest {
        bytes += 1;
    }
    whole * BLOCK + bytes
}

/// Writes the bits, filled up with zeros, as the shortest text that holds them.
pub(crate) fn push(out: &mut String, mut bits: BitReader<'_>) {
    let mut bytes = length(bits.left());
    while bytes > 0 {
        let block = bytes.min(BLOCK);
        let width = BITS[block];
        let here = bits.left().min(width);
        let value = bits.bits(here as u32).unwrap_or(0) << (width - here);
        push_block(out, value, block);
        bytes -= block;
    }
}

fn push_block(out: &mut String, mut value: u64, mut bytes: usize) {
    while bytes > 0 {
        let mut class = 1;
        let code = loop {
            let (count, rest) = (COUNTS[class - 1], TEXTS[bytes - class]);
            if value < count * rest {
                let code = value / rest;
                value %= rest;
                break code;
            }
            value -= count * rest;
            class += 1;
            if class > bytes.min(4) {
                // Never: the value is below TEXTS[bytes].
                return;
            }
        };
        out.push(character(class, code));
        bytes -= class;
    }
}

const COUNTS: [u64; 4] = [ONE, TWO, THREE, FOUR];

/// The character of this many bytes with this number.
fn character(class: usize, code: u64) -> char {
    let point = match class {
        1 if code + 1 < CR => code + 1,
        1 => code + 2,
        2 => code + 0x80,
        3 if code + 0x800 < 0xd800 => code + 0x800,
        3 => code + 0x800 + SURROGATES,
        _ => code + 0x1_0000,
    };
    u32::try_from(point).ok().and_then(char::from_u32).unwrap_or(' ')
}

/// The number of a character among those of its length; `None` for one that is not used.
fn code(character: char) -> Option<u64> {
    let point = u64::from(u32::from(character));
    Some(match point {
        0 | CR => return None,
        1..CR => point - 1,
        CR..0x80 => point - 2,
        0x80..0x800 => point - 0x80,
        0x800..0xd800 => point - 0x800,
        0xd800..0x1_0000 => point - 0x800 - SURROGATES,
        _ => point - 0x1_0000,
    })
}

/// Reads a text's bits, padding and all; `None` if [`push`] has not written it. The last byte may be partly used:
/// [`capacity`] says how many bits there are.
pub(crate) fn read(text: &str) -> Option<Vec<u8>> {
    let mut bits = super::BitWriter::new();
    let mut rest = text;
    while !rest.is_empty() {
        let block = rest.len().min(BLOCK);
        let (head, tail) = rest.split_at_checked(block)?;
        bits.bits(read_block(head)?, BITS[block] as u32);
        rest = tail;
    }
    Some(bits.into_bytes())
}

fn read_block(block: &str) -> Option<u64> {
    let mut left = block.len();
    let mut value = 0;
    for character in block.chars() {
        let class = character.len_utf8();
        for shorter in 1..class {
            value += COUNTS[shorter - 1] * TEXTS[left - shorter];
        }
        left -= class;
        value += code(character)? * TEXTS[left];
    }
    (value < 1 << BITS[block.len()]).then_some(value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_bit_string_is_a_text_and_comes_back(mut bytes in any::<[u8; 57]>(), bits in 0..=CAPACITY) {
            // Once as many bits as there is room for, and once as many as it happens.
            for bits in [CAPACITY, bits] {
                bytes[bits.div_ceil(8)..].fill(0);
                if let Some(last) = bytes[..bits.div_ceil(8)].last_mut() {
                    *last &= 0xff_u8 << (bits.div_ceil(8) * 8 - bits);
                }
                let mut text = String::new();
                push(&mut text, BitReader::first(&bytes, bits));
                prop_assert_eq!(text.len(), length(bits));
                prop_assert!(text.len() <= MAX_DATA && std::str::from_utf8(text.as_bytes()).is_ok());
                let back = read(&text).unwrap();
                let used = bits.div_ceil(8);
                prop_assert_eq!(&back[..used], &bytes[..used]);
                prop_assert!(back[used..].iter().all(|byte| *byte == 0));
            }
        }

        #[test]
        fn a_text_is_read_as_what_it_was_written_from_or_not_at_all(text in any::<String>()) {
            if let Some(bytes) = read(&text) {
                let mut again = String::new();
                push(&mut again, BitReader::first(&bytes, capacity(text.len())));
                prop_assert_eq!(again, text);
            }
        }
    }

    #[test]
    fn every_length_has_its_capacity() {
        assert_eq!(CAPACITY, 456);
        for bits in 0..=CAPACITY {
            let bytes = length(bits);
            assert!(capacity(bytes) >= bits && bytes <= MAX_DATA);
            assert!(bytes == 0 || capacity(bytes - 1) < bits, "{bits}");
        }
    }

    #[test]
    fn the_limit_is_459_bits() {
        // In floating point: the exact numbers have hundreds of digits.
        let mut texts = [0_f64; MAX_DATA + 1];
        texts[0] = 1.0;
        for n in 1..=MAX_DATA {
            for (size, count) in [128.0, 1920.0, 61440.0, 1048576.0].into_iter().enumerate() {
                if n > size {
                    texts[n] += count * texts[n - size - 1];
                }
            }
        }
        let limit = texts.iter().sum::<f64>().log2();
        assert_eq!((limit * 100.0).round(), 45906.0);
    }

    #[test]
    fn the_ends_of_each_block_come_back() {
        for (block, bits) in BITS.into_iter().enumerate().skip(1) {
            let last = (1 << bits) - 1;
            for value in [0, 1, 125, 126, last / 2, last - 1, last] {
                let value = value.min(last);
                let mut text = String::new();
                push_block(&mut text, value, block);
                assert_eq!(text.len(), block);
                assert_eq!(read_block(&text), Some(value));
                assert!(!text.contains(['\0', '\r']));
            }
        }
    }

    #[test]
    fn every_character_has_one_number() {
        let mut seen = [0_u64; 4];
        for character in '\0'..=char::MAX {
            let Some(number) = code(character) else {
                assert!(matches!(character, '\0' | '\r'));
                continue;
            };
            let class = character.len_utf8();
            assert_eq!(number, seen[class - 1]);
            assert_eq!(super::character(class, number), character);
            seen[class - 1] += 1;
        }
        assert_eq!(seen, COUNTS);
    }

    #[test]
    fn texts_of_others_are_refused() {
        for text in ["\0", "\r", "aaaaaaaя", "\u{10ffff}\u{10ffff}"] {
            assert_eq!(read(text), None, "{text:?}");
        }
        assert_eq!(read(""), Some(vec![]));
    }
}
