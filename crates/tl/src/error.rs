//! Why a value could not be read or written.

use std::fmt;

use crate::layer::Layer;

/// Bytes that are not what they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecodeError {
    /// The bytes end too early.
    Eof {
        /// How many the next value needs.
        wanted: usize,
        /// How many there are.
        left: usize,
    },
    /// An id that the type does not have.
    Unexpected {
        /// The id.
        id: u32,
        /// The type's name in TL.
        expected: &'static str,
    },
    /// A call that this crate does not have.
    UnknownFunction {
        /// Its id.
        id: u32,
        /// Its name, if any supported layer has a call with that id.
        name: Option<&'static str>,
    },
    /// A value of a type that this crate neither holds nor can step over.
    Unsupported {
        /// The value's id.
        id: u32,
        /// The type's name in TL.
        ty: &'static str,
    },
    /// The length of a `string` or `bytes` is not in its shortest form.
    Length,
    /// A `string` is not UTF-8.
    Utf8,
    /// A vector claims more elements than the bytes can hold.
    Count {
        /// How many it claims.
        count: u32,
        /// How many bytes there are.
        left: usize,
    },
    /// Values nest deeper than any honest sender nests them.
    Depth,
    /// Bytes are left over after the value.
    Trailing {
        /// How many.
        left: usize,
    },
    /// `gzip_packed` holds no gzip stream.
    Gzip,
    /// `gzip_packed` would inflate to more than is allowed.
    Inflated {
        /// The allowed size, in bytes.
        limit: usize,
    },
}

impl DecodeError {
    /// Names the type of a value that could not be carried.
    #[cold]
    pub(crate) fn within(self, name: &'static str) -> Self {
        match self {
            Self::Unsupported { id, ty: "" } => Self::Unsupported { id, ty: name },
            other => other,
        }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Eof { wanted, left } => write!(f, "the next value needs {wanted} bytes, {left} are left"),
            Self::Unexpected { id, expected } => write!(f, "{id:#010x} is not a constructor of {expected}"),
            Self::UnknownFunction { id, name: Some(name) } => {
                write!(f, "{name} ({id:#010x}) is not supported")
            }
            Self::UnknownFunction { id, name: None } => {
                write!(f, "{id:#010x} is no call of any supported layer")
            }
            Self::Unsupported { id, ty } => write!(f, "values of {ty} are not supported (here {id:#010x})"),
            Self::Length => f.write_str("a length is not in its shortest form"),
            Self::Utf8 => f.write_str("a string is not UTF-8"),
            Self::Count { count, left } => {
                write!(f, "a vector of {count} elements cannot lie in {left} bytes")
            }
            Self::Depth => f.write_str("values are nested too deeply"),
            Self::Trailing { left } => write!(f, "{left} bytes are left over"),
            Self::Gzip => f.write_str("gzip_packed holds no gzip stream"),
            Self::Inflated { limit } => write!(f, "gzip_packed inflates to more than {limit} bytes"),
        }
    }
}

impl std::error::Error for DecodeError {}

/// A value that cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EncodeError {
    /// The layer has no form for it.
    NotInLayer {
        /// The constructor's name in TL.
        name: &'static str,
        /// The layer.
        layer: Layer,
    },
    /// A field that this form requires, or that shares its flag with one that is set, is `None`.
    Missing {
        /// The constructor and the field, in TL's names.
        field: &'static str,
    },
    /// A `string` or `bytes` of 16 MiB or more, or a vector of 2³² elements or more.
    TooLong {
        /// Its length.
        length: usize,
    },
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotInLayer { name, layer } => write!(f, "{name} has no form in layer {}", layer.number()),
            Self::Missing { field } => write!(f, "{field} is required here and was not given"),
            Self::TooLong { length } => write!(f, "{length} bytes or elements are more than TL can count"),
        }
    }
}

impl std::error::Error for EncodeError {}
