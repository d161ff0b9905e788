//! `gzip_packed`: any object, deflated.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::{GzDecoder, ZlibDecoder};
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
/// When that is neither a gzip nor a zlib stream, or inflates to more than `limit` bytes.
pub fn inflate(r: &mut Reader<'_>, limit: usize) -> Result<Vec<u8>, DecodeError> {
    let packed = r.bytes()?;
    let mut out = Vec::new();
    // One byte more than allowed tells a stream of exactly the limit from a longer one.
    let limit_and_one = limit as u64 + 1;
    // Some clients (mtcute, TDLib) send zlib's own format under this name.
    let read = if packed.starts_with(&[0x1f, 0x8b]) {
        GzDecoder::new(packed).take(limit_and_one).read_to_end(&mut out)
    } else {
        ZlibDecoder::new(packed).take(limit_and_one).read_to_end(&mut out)
    };
    read.map_err(|_| DecodeError::Gzip)?;
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
    fn zlib_comes_back_too() {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&[7; 1000]).unwrap();
        let mut out = Vec::new();
        let mut w = Writer::new(&mut out, Layer::NEWEST);
        w.u32(GZIP_PACKED);
        w.bytes(&encoder.finish().unwrap()).unwrap();
        assert_eq!(unpack(&out, 1000).unwrap(), [7; 1000]);
        assert_eq!(unpack(&out, 999), Err(DecodeError::Inflated { limit: 999 }));
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
