#![doc = include_str!("guide.md")]

mod bits;
mod claims;
mod codec;
mod json;
#[doc(hidden)]
pub mod pack;
#[doc(hidden)]
pub mod packed;
#[doc(hidden)]
pub mod readable;
#[doc(hidden)]
pub mod schema;
#[doc(hidden)]
pub mod sealed;
#[doc(hidden)]
pub mod stored;
mod text;

pub use bits::{BitReader, BitWriter};
pub(crate) use claims::Claims;
pub use codec::{Attempt, Carried, Codec, Plain, Read, Reading, ToData};
pub use json::Json;
pub use pack::Pack;
pub use packed::Packed;
pub use readable::Field;
#[cfg(feature = "macros")]
pub use ringback_macros::{CallbackData, Part};
pub use schema::{Bound, Schema};
pub use sealed::{Keys, MIN_KEY, Seal, Sealed, ShortKey};
pub use stored::{Put, Stash, Stored, Ticket};
pub use text::CAPACITY;

use crate::error::BoxError;

/// The most bytes of data that a button carries. Bytes, not characters: one Cyrillic letter is two.
pub const MAX_DATA: usize = 64;

/// A type that a button carries as its `callback_data`.
///
/// Derive it (see [the guide](self)), use [`Json<T>`](Json) for data that other programs write as JSON, or
/// write it out:
///
/// ```
/// use ringback::data::{CallbackData, Claim, DataError};
///
/// /// `page:7`
/// struct Page(u32);
///
/// impl CallbackData for Page {
///     const CLAIM: Claim = Claim::Prefix("page:");
///
///     fn decode(data: &str) -> Result<Option<Self>, DataError> {
///         let Some(number) = data.strip_prefix("page:") else { return Ok(None) };
///         number.parse().map(|number| Some(Page(number))).map_err(DataError::malformed)
///     }
///
///     fn encode(&self) -> Result<String, DataError> {
///         Ok(format!("page:{}", self.0))
///     }
/// }
/// ```
///
/// Data comes back from the user's client, and a client can be modified: what `decode` lets through has the right
/// form, no more. Whether *this* user may do *this* is the handler's question.
pub trait CallbackData: Sized + Send + 'static {
    /// What data is this type's, so that a press finds its route without asking each one.
    const CLAIM: Claim;

    /// Reads a button's data. `Ok(None)`: this is another type's data.
    ///
    /// # Errors
    /// The data has this type's mark and can't be read: an old button of an earlier version of the bot, or a
    /// forgery.
    fn decode(data: &str) -> Result<Option<Self>, DataError>;

    /// Writes a button's data.
    ///
    /// # Errors
    /// The value can't be written. That it fits [`MAX_DATA`] is checked where the button is made.
    fn encode(&self) -> Result<String, DataError>;
}

/// What data a [`CallbackData`] type takes for its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Claim {
    /// All data that starts with this text. Two types whose prefixes start with each other can't be routed by the
    /// same router: building it says so.
    Prefix(&'static str),
    /// This text and no other.
    Exact(&'static str),
    /// What any of these take.
    OneOf(&'static [Claim]),
    /// Only [`decode`](CallbackData::decode) can tell. Such types are asked in the order of their routes.
    Inspect,
}

/// Data that can't be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// The data has the mark of its type, but not its form.
    #[error("the data is malformed: {0}")]
    Malformed(BoxError),
    /// The button is out of date: it was made by a version of the type that can't be read any more, or what it stood
    /// for has expired or was used. The dispatcher answers with [`Reason::Outdated`](crate::Reason::Outdated).
    #[error("the button is out of date: {0}")]
    Outdated(BoxError),
    /// The button is not this user's to press here, or it was forged. The dispatcher answers with
    /// [`Reason::Refused`](crate::Reason::Refused).
    #[error("the button is refused: {0}")]
    Refused(&'static str),
    /// What is needed to read it can't be reached: the store.
    #[error("the data can't be read now: {0}")]
    Unavailable(BoxError),
    /// The value can't be written as data.
    #[error("the value can't be written: {0}")]
    Unwritable(BoxError),
    /// The data is empty or longer than [`MAX_DATA`].
    #[error("the data is {0} bytes, a button carries 1 to {MAX_DATA}")]
    Length(usize),
}

impl DataError {
    /// The data has the mark of its type, but not its form, for this reason.
    pub fn malformed(reason: impl Into<BoxError>) -> Self {
        DataError::Malformed(reason.into())
    }

    /// The value can't be written, for this reason.
    pub fn unwritable(reason: impl Into<BoxError>) -> Self {
        DataError::Unwritable(reason.into())
    }
}

/// A button's data for this value, of a length that a button carries.
///
/// # Errors
/// The value can't be written, or its data is not 1 to [`MAX_DATA`] bytes.
pub fn to_data<D: ToData + ?Sized>(value: &D) -> Result<String, DataError> {
    let data = value.write()?;
    match data.len() {
        1..=MAX_DATA => Ok(data),
        length => Err(DataError::Length(length)),
    }
}
