//! The few TL shapes that the protocol's own messages are made of.
//!
//! Source: <https://core.telegram.org/mtproto/serialize>.

use thiserror::Error;

/// The constructor of a boxed vector.
pub(crate) const VECTOR: u32 = 0x1cb5_c415;

/// Why bytes are not the message that they claim to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum WireError {
    /// The message ends before its fields do.
    #[error("the message is cut short")]
    Short,
    /// A constructor that has no business here.
    #[error("unexpected constructor {0:#010x}")]
    Constructor(u32),
    /// A vector announces more elements than its message holds.
    #[error("a vector announces more elements than its message holds")]
    Vector,
    /// A string is not what the field asks for.
    #[error("a string does not fit its field")]
    Value,
}

/// Reads fields off the front of a message.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Starts at the beginning of `bytes`.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// What has not been read.
    #[must_use]
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The next `count` bytes.
    ///
    /// # Errors
    /// [`WireError::Short`].
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], WireError> {
        let (head, rest) = self.rest.split_at_checked(count).ok_or(WireError::Short)?;
        self.rest = rest;
        Ok(head)
    }

    /// The next `N` bytes: an `int128` nonce, for example.
    ///
    /// # Errors
    /// [`WireError::Short`].
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], WireError> {
        let (head, rest) = self.rest.split_first_chunk().ok_or(WireError::Short)?;
        self.rest = rest;
        Ok(*head)
    }

    /// A constructor id or other unsigned `int`.
    ///
    /// # Errors
    /// [`WireError::Short`].
    pub fn u32(&mut self) -> Result<u32, WireError> {
        self.array().map(u32::from_le_bytes)
    }

    /// An `int`.
    ///
    /// # Errors
    /// [`WireError::Short`].
    pub fn i32(&mut self) -> Result<i32, WireError> {
        self.array().map(i32::from_le_bytes)
    }

    /// A `long`.
    ///
    /// # Errors
    /// [`WireError::Short`].
    pub fn i64(&mut self) -> Result<i64, WireError> {
        self.array().map(i64::from_le_bytes)
    }

    /// A `bytes` or `string`.
    ///
    /// # Errors
    /// [`WireError::Short`].
    pub fn bytes(&mut self) -> Result<&'a [u8], WireError> {
        let [first] = self.array()?;
        let (length, head) = match first {
            254 => {
                let [a, b, c] = self.array()?;
                (u32::from_le_bytes([a, b, c, 0]) as usize, 4)
            }
            // 255 opens a form for 2^24 bytes and more, which no message of this protocol needs.
            255 => return Err(WireError::Value),
            short => (usize::from(short), 1),
        };
        let value = self.take(length)?;
        self.take((4 - (head + length) % 4) % 4)?;
        Ok(value)
    }

    /// The constructor that must come next.
    ///
    /// # Errors
    /// [`WireError::Constructor`] when another one does.
    pub fn expect(&mut self, constructor: u32) -> Result<(), WireError> {
        let found = self.u32()?;
        if found == constructor {
            Ok(())
        } else {
            Err(WireError::Constructor(found))
        }
    }

    /// The length of a vector whose elements take at least `least` bytes each.
    ///
    /// # Errors
    /// [`WireError::Vector`] when so many cannot be there: nothing is allocated for an empty promise.
    pub fn count(&mut self, least: usize) -> Result<usize, WireError> {
        let count = self.u32()? as usize;
        if count > self.rest.len() / least.max(1) {
            Err(WireError::Vector)
        } else {
            Ok(count)
        }
    }

    /// A boxed `Vector<long>`.
    ///
    /// # Errors
    /// Any [`WireError`].
    pub fn longs(&mut self) -> Result<Vec<i64>, WireError> {
        self.expect(VECTOR)?;
        let count = self.count(8)?;
        (0..count).map(|_| self.i64()).collect()
    }
}

/// Appends an unsigned `int` or a constructor id.
pub(crate) fn put_u32(out: &mut Vec<u8>, value: u32) {
    out.extend_from_slice(&value.to_le_bytes());
}

/// Appends an `int`.
pub(crate) fn put_i32(out: &mut Vec<u8>, value: i32) {
    out.extend_from_slice(&value.to_le_bytes());
}

/// Appends a `long`.
pub(crate) fn put_i64(out: &mut Vec<u8>, value: i64) {
    out.extend_from_slice(&value.to_le_bytes());
}

/// Appends a `bytes` or `string`.
pub(crate) fn put_bytes(out: &mut Vec<u8>, value: &[u8]) {
    let head = if value.len() < 254 {
        out.push(value.len() as u8);
        1
    } else {
        let [a, b, c, _] = (value.len() as u32).to_le_bytes();
        out.extend([254, a, b, c]);
        4
    };
    out.extend_from_slice(value);
    out.resize(out.len() + (4 - (head + value.len()) % 4) % 4, 0);
}

/// Appends a boxed `Vector<long>`.
pub(crate) fn put_longs(out: &mut Vec<u8>, values: &[i64]) {
    put_u32(out, VECTOR);
    put_u32(out, values.len() as u32);
    values.iter().for_each(|value| put_i64(out, *value));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn strings_of_every_length_round_trip() {
        for length in (0..600).chain([65_535, 70_000]) {
            let value = vec![7; length];
            let mut wire = Vec::new();
            put_bytes(&mut wire, &value);
            assert_eq!(wire.len() % 4, 0);
            let mut reader = Reader::new(&wire);
            assert_eq!(reader.bytes().unwrap(), value);
            assert!(reader.rest().is_empty());
            for cut in 0..wire.len().min(300) {
                assert_eq!(Reader::new(&wire[..cut]).bytes(), Err(WireError::Short));
            }
        }
    }

    #[test]
    fn a_vector_cannot_promise_more_than_it_brings() {
        let mut wire = Vec::new();
        put_u32(&mut wire, VECTOR);
        put_u32(&mut wire, u32::MAX);
        put_i64(&mut wire, 1);
        assert_eq!(Reader::new(&wire).longs(), Err(WireError::Vector));
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes: Vec<u8>) {
            let _ = Reader::new(&bytes).bytes();
            let _ = Reader::new(&bytes).longs();
        }
    }
}
