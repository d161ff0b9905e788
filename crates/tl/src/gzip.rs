//! `gzip_packed`: any object, deflated.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use crate::codec::{Reader, Writer};
use crate::error::{DecodeError, EncodeError};

/// The id of `gzip_packed`.
pub const GZIP_PACKED: u32 = 0x3072_cfa1;

/// What one `gzip_packed` may inflate to unless the caller says otherwise: ten times the longest message
/// that MTProto carries.
pub const MAX_INFLATED: usize = 10 << 20;

/// Reads what follows the id of `gzip_packed`: the object inside, with its id.
///
/// # Errors
/// When that is no gzip stream, or inflates to more than `limit` bytes.
pub fn inflate(r: &mut Reader<'_>, limit: usize) -> Result<Vec<u8>, DecodeError> {
    let packed = r.bytes()?;
    let mut out = Vec::new();
    // One byte more than allowed tells a stream of exactly the limit from a longer one.
    let mut stream = GzDecoder::new(packed).take(limit as u64 + 1);
    stream.read_to_end(&mut out).map_err(|_| DecodeError::Gzip)?;
    if out.len() > limit {
        return Err(DecodeError::Inflated { limit });
    }
    Ok(out)
}

/// Writes `object` as `gzip_packed`, id included.
///
/// # Errors
/// When the packed bytes are too long for TL.
pub fn deflate(object: &[u8], w: &mut Writer<'_>) -> Result<(), EncodeError> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    // Writing to a `Vec` does not fail.
    let _ = packed.write_all(object);
    let packed = packed.finish().unwrap_or_default();
    w.u32(GZIP_PACKED);
    w.bytes(&packed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::Layer;

    fn pack(object: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        deflate(object, &mut Writer::new(&mut out, Layer::NEWEST)).unwrap();
        out
    }

    fn unpack(bytes: &[u8], limit: usize) -> Result<Vec<u8>, DecodeError> {
        let mut r = Reader::new(bytes);
        assert_eq!(r.u32()?, GZIP_PACKED);
        let object = inflate(&mut r, limit)?;
        r.finish()?;
        Ok(object)
    }

    #[test]
    fn comes_back() {
        for object in [&b""[..], b"abcd", &[7; 100_000]] {
            assert_eq!(unpack(&pack(object), object.len()).unwrap(), object);
        }
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        let bomb = pack(&vec![0; 50 << 20]);
        assert!(bomb.len() < 100 << 10);
        assert_eq!(
            unpack(&bomb, 1 << 20),
            Err(DecodeError::Inflated { limit: 1 << 20 })
        );
    }

    #[test]
    fn a_broken_stream_is_an_error() {
        let whole = pack(&[7; 1000]);
        for cut in (0..whole.len()).step_by(4) {
            assert!(unpack(&whole[..cut], 1000).is_err());
        }
        let mut broken = whole.clone();
        let middle = broken.len() / 2;
        broken[middle] ^= 0xff;
        assert!(unpack(&broken, 1000).is_err());
    }
}
