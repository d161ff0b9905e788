//! Bits, one after the other: what the packed codecs write before it becomes text.

use super::DataError;

/// Bits to be written, the first is the highest of the first byte.
///
/// A [`Pack`](super::Pack) implementation writes its value here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BitWriter {
    bytes: Vec<u8>,
    length: usize,
}

impl BitWriter {
    /// No bits yet.
    pub fn new() -> Self {
        BitWriter {
            bytes: Vec::with_capacity(64),
            length: 0,
        }
    }

    /// How many bits there are.
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether there is no bit yet.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The lowest `count` bits of the value, at most 64.
    pub fn bits(&mut self, value: u64, count: u32) {
        let mut left = count.min(64);
        while left > 0 {
            let used = (self.length % 8) as u32;
            if used == 0 {
                self.bytes.push(0);
            }
            let take = left.min(8 - used);
            let part = (value >> (left - take)) & ((1 << take) - 1);
            if let Some(last) = self.bytes.last_mut() {
                *last |= (part << (8 - used - take)) as u8;
            }
            left -= take;
            self.length += take as usize;
        }
    }

    /// One bit.
    pub fn bit(&mut self, bit: bool) {
        self.bits(u64::from(bit), 1);
    }

    /// A count that is small most of the time: 1 bit for 0, 3 bits for 1 and 2, 5 for 3 to 6, and so on (Elias'
    /// gamma code of the number plus one).
    pub fn count(&mut self, count: u32) {
        let number = u64::from(count) + 1;
        let width = 64 - number.leading_zeros();
        self.bits(0, width - 1);
        self.bits(number, width);
    }

    /// The bits as bytes; the last byte is filled up with zeros.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Zeros up to this length.
    pub(super) fn pad(&mut self, length: usize) {
        self.length = self.length.max(length);
        self.bytes.resize(self.length.div_ceil(8), 0);
    }
}

/// Bits to be read; what a [`Pack`](super::Pack) implementation reads its value from.
#[derive(Debug, Clone)]
pub struct BitReader<'a> {
    bytes: &'a [u8],
    at: usize,
    end: usize,
}

impl<'a> BitReader<'a> {
    /// All bits of these bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        BitReader {
            bytes,
            at: 0,
            end: bytes.len() * 8,
        }
    }

    /// The first `length` bits of these bytes.
    pub(super) fn first(bytes: &'a [u8], length: usize) -> Self {
        BitReader {
            bytes,
            at: 0,
            end: length.min(bytes.len() * 8),
        }
    }

    /// How many bits are left. The padding counts.
    pub fn left(&self) -> usize {
        self.end - self.at
    }

    /// How many bits have been read.
    pub(super) fn taken(&self) -> usize {
        self.at
    }

    /// The next `count` bits, at most 64, as the lowest of a number.
    ///
    /// # Errors
    /// There are not so many left.
    pub fn bits(&mut self, count: u32) -> Result<u64, DataError> {
        if count > 64 || count as usize > self.left() {
            return Err(DataError::malformed("it ends too early"));
        }
        let (mut value, mut left) = (0, count);
        while left > 0 {
            let byte = u64::from(*self.bytes.get(self.at / 8).unwrap_or(&0));
            let used = (self.at % 8) as u32;
            let take = left.min(8 - used);
            let part = (byte >> (8 - used - take)) & ((1 << take) - 1);
            value = (value << take) | part;
            left -= take;
            self.at += take as usize;
        }
        Ok(value)
    }

    /// The next bit.
    ///
    /// # Errors
    /// There is none left.
    pub fn bit(&mut self) -> Result<bool, DataError> {
        Ok(self.bits(1)? == 1)
    }

    /// What [`BitWriter::count`] wrote.
    ///
    /// # Errors
    /// The bits end within it, or it is beyond 32 bits.
    pub fn count(&mut self) -> Result<u32, DataError> {
        let mut zeros = 0;
        while !self.bit()? {
            zeros += 1;
            if zeros > 32 {
                return Err(DataError::malformed("a count is too large"));
            }
        }
        let number = (1 << zeros) | self.bits(zeros)?;
        u32::try_from(number - 1).map_err(DataError::malformed)
    }

    /// Nothing but padding may be left.
    pub(super) fn end(mut self) -> Result<(), DataError> {
        while self.left() > 0 {
            let take = self.left().min(64) as u32;
            if self.bits(take)? != 0 {
                return Err(DataError::malformed("there is more than belongs to it"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_come_back_in_order() {
        let mut writer = BitWriter::new();
        writer.bits(0b101, 3);
        writer.bits(u64::MAX, 64);
        writer.bits(0, 0);
        writer.bits(0x1234, 13);
        assert_eq!(writer.len(), 80);
        let bytes = writer.into_bytes();
        let mut reader = BitReader::new(&bytes);
        assert_eq!(reader.bits(3).unwrap(), 0b101);
        assert_eq!(reader.bits(64).unwrap(), u64::MAX);
        assert_eq!(reader.bits(13).unwrap(), 0x1234);
        assert!(reader.bit().is_err());
    }

    #[test]
    fn small_counts_are_short() {
        for (count, bits) in [(0, 1), (1, 3), (2, 3), (3, 5), (6, 5), (7, 7), (u32::MAX, 65)] {
            let mut writer = BitWriter::new();
            writer.count(count);
            assert_eq!(writer.len(), bits, "{count}");
            let bytes = writer.into_bytes();
            assert_eq!(BitReader::new(&bytes).count().unwrap(), count);
        }
        assert!(BitReader::new(&[0; 9]).count().is_err());
    }
}
