//! [`Packed`]: data as dense as a button allows.

use super::bits::{BitReader, BitWriter};
use super::schema::{self, Schema};
use super::{DataError, MAX_DATA, text};

/// The packed form, `#[callback_data(codec = "packed")]`: a prefix, and the value's bits as
/// [text](super#how-much-fits).
///
/// A number takes its type's bits, a `bool` one, a variant as many as tell it from the others, ASCII seven for each
/// character; nothing separates the parts. The prefix is taken as it is written, with no `:` behind it: one character
/// is enough, as long as no other type's prefix starts with it.
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use ringback::data::{CallbackData, to_data};
///
/// #[derive(CallbackData, Debug, PartialEq)]
/// #[callback_data(prefix = "#", codec = "packed")]
/// struct Move { game: u64, player: i64, from: (u8, u8), to: (u8, u8), check: bool }
///
/// let knight = Move { game: u64::MAX, player: i64::MIN, from: (1, 7), to: (2, 5), check: false };
/// let data = to_data(&knight).unwrap();
/// assert_eq!(data.len(), 24); // the readable form takes 52
/// assert_eq!(Move::decode(&data).unwrap(), Some(knight));
/// # }
/// ```
///
/// Anyone can read it, and write it: what must not be forged is for [`Sealed`](super::Sealed).
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Packed;

impl Packed {
    /// A value as a button's data.
    ///
    /// # Errors
    /// A part can't be written.
    pub fn encode<D: Schema>(value: &D) -> Result<String, DataError> {
        let mut bits = BitWriter::new();
        schema::write(value, &mut bits)?;
        Ok(write(D::PREFIX, &bits))
    }

    /// Reads a button's data; `Ok(None)` if it has another prefix.
    ///
    /// # Errors
    /// It is malformed, or of a version that can't be read any more.
    pub fn decode<D: Schema>(data: &str) -> Result<Option<D>, DataError> {
        let Some(text) = data.strip_prefix(D::PREFIX) else {
            return Ok(None);
        };
        let (bytes, length) = read(text)?;
        let mut bits = BitReader::first(&bytes, length);
        let value = schema::read(&mut bits)?;
        let taken = bits.taken();
        bits.end()?;
        // One value has one form. (An old version's is as long as it was then.)
        if text.len() != text::length(taken) {
            return Err(DataError::malformed("it is longer than it needs to be"));
        }
        Ok(Some(value))
    }
}

pub(super) fn write(prefix: &str, bits: &BitWriter) -> String {
    let mut data = String::with_capacity(MAX_DATA);
    data.push_str(prefix);
    text::push(&mut data, BitReader::first(bits.as_bytes(), bits.len()));
    data
}

/// The bits of a text and how many they are.
pub(super) fn read(text: &str) -> Result<(Vec<u8>, usize), DataError> {
    let bytes = text::read(text).ok_or_else(|| DataError::malformed("it is not packed"))?;
    Ok((bytes, text::capacity(text.len())))
}

/// Fails, when the program is compiled, if this much can't be kept within a button.
#[doc(hidden)]
pub const fn assert_fits(prefix: &str, version: u32, extra: usize, value: Option<usize>) {
    assert!(prefix.len() < MAX_DATA, "the prefix leaves no room on the button");
    if let Some(bits) = schema::most(version, value) {
        assert!(
            bits + extra <= text::capacity(MAX_DATA - prefix.len()),
            "this data can be longer than the 64 bytes of a button: shorten it, or take the codec `stored`"
        );
    }
}
