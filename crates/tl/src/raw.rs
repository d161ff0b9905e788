//! Values that are carried, not understood.

use crate::codec::{Boxed, Decode, Encode, Reader, Writer};
use crate::error::{DecodeError, EncodeError};
use crate::layer::Layer;

/// A boxed value of the newest layer, as bytes: of a type this project has no use for, or a constructor
/// of a type of which it uses others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raw {
    bytes: Vec<u8>,
}

impl Raw {
    /// The constructor's id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.bytes.first_chunk().map_or(0, |id| u32::from_le_bytes(*id))
    }

    /// The value, with its id.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl Encode for Raw {
    fn encode(&self, w: &mut Writer<'_>) -> Result<(), EncodeError> {
        if w.layer() != Layer::NEWEST {
            return w.absent("a raw value");
        }
        w.raw(&self.bytes);
        Ok(())
    }
}

impl Boxed for Raw {
    fn decode_id(id: u32, _r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Err(DecodeError::Unsupported { id, ty: "" })
    }
}

impl Decode for Raw {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let id = r.u32()?;
        Self::decode_id(id, r)
    }
}
