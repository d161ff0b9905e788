//! Any type by its name: what tests and fuzzing go over.

use crate::codec::{Decode, Encode, Reader, Writer};
use crate::error::{DecodeError, EncodeError};
use crate::layer::Layer;

/// A type or call, its Rust type forgotten.
#[derive(Clone, Copy, Debug)]
pub struct Any {
    /// Its name in TL.
    pub name: &'static str,
    check: fn(&[u8], Option<Layer>) -> Result<Recoded, DecodeError>,
}

/// A value read, and what writing it again gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recoded {
    /// How many bytes the value took.
    pub read: usize,
    /// The bytes written, or why they could not be.
    pub written: Result<Vec<u8>, EncodeError>,
}

impl Any {
    /// Reads one value from the front of `bytes` and writes it again for `layer`.
    ///
    /// # Errors
    /// When the bytes do not hold such a value.
    pub fn recode(&self, bytes: &[u8], layer: Layer) -> Result<Recoded, DecodeError> {
        (self.check)(bytes, Some(layer))
    }

    /// Reads one value and forgets it.
    ///
    /// # Errors
    /// When the bytes do not hold such a value.
    pub fn decode(&self, bytes: &[u8]) -> Result<(), DecodeError> {
        (self.check)(bytes, None).map(drop)
    }
}

pub(crate) const fn any<T: Decode + Encode>(name: &'static str) -> Any {
    Any {
        name,
        check: check::<T>,
    }
}

fn check<T: Decode + Encode>(bytes: &[u8], layer: Option<Layer>) -> Result<Recoded, DecodeError> {
    let mut r = Reader::new(bytes);
    let value: T = r.get()?;
    let mut out = Vec::new();
    let written = match layer {
        Some(layer) => value.encode(&mut Writer::new(&mut out, layer)),
        None => Ok(()),
    };
    Ok(Recoded {
        read: bytes.len() - r.rest().len(),
        written: written.map(|()| out),
    })
}
