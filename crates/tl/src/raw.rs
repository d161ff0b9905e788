//! Values that are carried, not understood.

use std::str::Bytes;

use crate::codec::{Boxed, Decode, Encode, FALSE, Reader, TRUE, VECTOR, Writer};
use crate::error::{DecodeError, EncodeError};
use crate::generated::shapes::SHAPES;
use crate::layer::Layer;

/// A boxed value of the newest layer, as bytes: of a type this project has no use for, or a constructor
/// of a type of which it uses others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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
    fn decode_id(id: u32, r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let from = r.rest();
        step_over(id, r)?;
        let body = &from[..from.len() - r.rest().len()];
        Ok(Self {
            bytes: [&id.to_le_bytes(), body].concat(),
        })
    }
}

impl Decode for Raw {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let id = r.u32()?;
        Self::decode_id(id, r)
    }
}

/// Reads past a value of the newest layer.
///
/// Its shape is a word, one letter a field: `#` flags, `i` 4 bytes, `l` 8, `x` 16, `y` 32, `s` a string or
/// bytes, `o` a boxed value, `v` a vector of what follows, `?0A` what follows if bit 0 (`A`) of the first
/// (`0`) flags is set. Which type an `o` has is not looked at: every id says by itself how long it is.
pub(crate) fn step_over(id: u32, r: &mut Reader<'_>) -> Result<(), DecodeError> {
    let at = SHAPES.binary_search_by_key(&id, |(id, _)| *id);
    let Ok(at) = at else {
        return Err(DecodeError::Unsupported { id, ty: "" });
    };
    r.nested(|r| fields(SHAPES[at].1, r))
}

fn fields(shape: &str, r: &mut Reader<'_>) -> Result<(), DecodeError> {
    let mut shape = shape.bytes();
    let mut flags = [0_u32; 4];
    let mut seen = 0;
    while let Some(letter) = shape.next() {
        match letter {
            b'#' => {
                let bits = r.u32()?;
                if let Some(slot) = flags.get_mut(seen) {
                    *slot = bits;
                }
                seen += 1;
            }
            b'?' => {
                let slot = usize::from(shape.next().unwrap_or_default().wrapping_sub(b'0'));
                let bit = u32::from(shape.next().unwrap_or_default().wrapping_sub(b'A'));
                let bits = flags.get(slot).copied().unwrap_or_default();
                let set = bits.checked_shr(bit).unwrap_or_default() & 1 != 0;
                value(&mut shape, set, r)?;
            }
            letter => one(letter, &mut shape, true, r)?,
        }
    }
    Ok(())
}

/// The next value of a shape: read past, or only passed over in the shape.
fn value(shape: &mut Bytes<'_>, read: bool, r: &mut Reader<'_>) -> Result<(), DecodeError> {
    match shape.next() {
        Some(letter) => one(letter, shape, read, r),
        None => Ok(()),
    }
}

fn one(letter: u8, shape: &mut Bytes<'_>, read: bool, r: &mut Reader<'_>) -> Result<(), DecodeError> {
    if letter == b'v' {
        let count = match read {
            true if r.u32()? == VECTOR => r.count(4)?,
            true => return Err(r.unexpected(0, "Vector")),
            false => 0,
        };
        for _ in 0..count {
            value(&mut shape.clone(), true, r)?;
        }
        return value(shape, false, r);
    }
    if !read {
        return Ok(());
    }
    match letter {
        b'i' => r.take(4).map(drop),
        b'l' => r.take(8).map(drop),
        b'x' => r.take(16).map(drop),
        b'y' => r.take(32).map(drop),
        b's' => r.bytes().map(drop),
        _ => match r.u32()? {
            TRUE | FALSE => Ok(()),
            id => step_over(id, r),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types;

    /// `pollResults`-like nesting is the schema's business; here a shape with every letter that matters:
    /// `birthday#6c8e1e06 flags:# day:int month:int year:flags.0?int`.
    fn birthday(year: bool) -> Vec<u8> {
        let mut bytes = 0x6c8e_1e06_u32.to_le_bytes().to_vec();
        bytes.extend(u32::from(year).to_le_bytes());
        bytes.extend([1, 0, 0, 0, 2, 0, 0, 0]);
        if year {
            bytes.extend([3, 0, 0, 0]);
        }
        bytes
    }

    #[test]
    fn carries_a_value_as_it_is() {
        for year in [false, true] {
            let mut bytes = birthday(year);
            let length = bytes.len();
            bytes.extend([0xff; 8]);
            let mut r = Reader::new(&bytes);
            let raw: Raw = r.get().unwrap();
            assert_eq!(
                (raw.id(), raw.bytes(), r.rest().len()),
                (0x6c8e_1e06, &bytes[..length], 8)
            );
            assert_eq!(crate::encode(&raw, Layer::NEWEST).unwrap(), raw.bytes());
            assert!(crate::encode(&raw, Layer::L158).is_err());
            for cut in 0..length {
                assert!(Reader::new(&bytes[..cut]).get::<Raw>().is_err());
            }
        }
    }

    #[test]
    fn an_update_without_a_name_is_carried() {
        // updateTranscribedAudio#0084cd5a flags:# pending:flags.0?true peer:Peer msg_id:int
        // transcription_id:long text:string.
        let mut bytes = 0x0084_cd5a_u32.to_le_bytes().to_vec();
        bytes.extend([0; 4]);
        bytes.extend(0x5951_1722_u32.to_le_bytes());
        bytes.extend([7; 8 + 4 + 8]);
        bytes.extend(b"\x03abc");
        let update: types::Update = crate::decode(&bytes).unwrap();
        let types::Update::Other(raw) = &update else {
            panic!("{update:?}")
        };
        assert_eq!(raw.bytes(), bytes);
        assert_eq!(crate::encode(&update, Layer::NEWEST).unwrap(), bytes);

        // A layer that the value was not made for gets it left out of its list, not mangled.
        let two = vec![update, types::Update::Config];
        let old: Vec<types::Update> = crate::decode(&crate::encode(&two, Layer::L198).unwrap()).unwrap();
        assert_eq!(old, [types::Update::Config]);
    }

    #[test]
    fn depth_is_bounded() {
        // textBold#6724abc4 text:RichText, around itself.
        let deep = 0x6724_abc4_u32.to_le_bytes().repeat(1 << 20);
        assert_eq!(Reader::new(&deep).get::<Raw>(), Err(DecodeError::Depth));
    }

    #[test]
    fn names_what_it_cannot_carry() {
        let error = crate::decode::<types::Update>(&[1, 2, 3, 4]).unwrap_err();
        assert_eq!(
            error,
            DecodeError::Unsupported {
                id: 0x0403_0201,
                ty: "Update"
            }
        );
        assert_eq!(
            error.to_string(),
            "values of Update are not supported (here 0x04030201)"
        );
    }
}
