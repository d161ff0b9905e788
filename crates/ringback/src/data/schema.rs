//! [`Schema`]: what the binary codecs know of a type.

use super::{BitReader, BitWriter, DataError, Pack};

/// A type that goes on a button by itself, in bits: its mark, its version, and whom it is bound to.
/// `#[derive(CallbackData)]` writes it for the codecs `packed`, `sealed` and `stored`.
pub trait Schema: Pack + Send + 'static {
    /// What its data starts with.
    const PREFIX: &'static str;
    /// The version of its form, from 1.
    const VERSION: u32;
    /// Whom its buttons are bound to; for the codecs `sealed` and `stored`.
    const BOUND: Bound;

    /// Reads a value of this version of the form. Not of [`VERSION`](Self::VERSION), it is an old button's.
    ///
    /// # Errors
    /// This version can't be read any more ([`DataError::Outdated`]), or the bits are no value.
    fn unpack_version(version: u32, bits: &mut BitReader<'_>) -> Result<Self, DataError>;
}

/// Whom a type's buttons are bound to: `bind(user)`, `bind(chat)`, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bound {
    /// Only the user that was named when the button was made may press it.
    pub user: bool,
    /// It works only in the chat that was named when the button was made.
    pub chat: bool,
}

/// A version costs one bit while it is the first.
pub(super) fn write<D: Schema>(value: &D, out: &mut BitWriter) -> Result<(), DataError> {
    out.count(D::VERSION - 1);
    value.pack(out)
}

/// What [`write`] wrote, at whatever version. The rest is padding.
pub(super) fn read<D: Schema>(bits: &mut BitReader<'_>) -> Result<D, DataError> {
    let version = bits.count()?.saturating_add(1);
    D::unpack_version(version, bits)
}

/// The most bits of a type's values and its version.
pub(super) const fn most(version: u32, value: Option<usize>) -> Option<usize> {
    match value {
        Some(bits) => Some(bits + 2 * version.ilog2() as usize + 1),
        None => None,
    }
}

/// The error for a version that can't be read.
#[doc(hidden)]
pub fn outdated(found: u32, current: u32) -> DataError {
    DataError::Outdated(
        format!("it was made by version {found} of its type, this is version {current}").into(),
    )
}

/// Fails, when the program is compiled, if a version of a type and the one before can't be told to be one type.
#[doc(hidden)]
pub const fn assert_same<Old: Schema, New: Schema>() {
    assert!(
        Old::VERSION < New::VERSION,
        "`from` must name an earlier version of the type"
    );
    assert!(
        Old::BOUND.user == New::BOUND.user && Old::BOUND.chat == New::BOUND.chat,
        "all versions of a type must be bound alike"
    );
    let (old, new) = (Old::PREFIX.as_bytes(), New::PREFIX.as_bytes());
    let mut same = old.len() == new.len();
    let mut at = 0;
    while same && at < old.len() {
        same = old[at] == new[at];
        at += 1;
    }
    assert!(same, "all versions of a type must have one prefix");
}
