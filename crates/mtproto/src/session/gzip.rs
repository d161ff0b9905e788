//! `gzip_packed`, with a bound on what may come out.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::{GzDecoder, ZlibDecoder};
use flate2::write::GzEncoder;
use thiserror::Error;

/// Nothing unpacks to more than this: 8 MiB.
pub const MAX_UNPACKED: usize = 8 << 20;

/// Why packed data cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum GzipError {
    /// It is neither gzip nor zlib, or ends early.
    #[error("the packed data is neither gzip nor zlib")]
    Broken,
    /// It unpacks to more than [`MAX_UNPACKED`].
    #[error("the packed data unpacks to too much")]
    TooLong,
}

/// What a gzip stream begins with.
const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Unpacks gzip, and zlib's own format, which some clients send under the same name.
///
/// Sources: `core/network/session-connection.js` with `node/utils/crypto.js` of mtcute 0.30 (`deflateSync`), and
/// `tdutils/td/utils/Gzip.cpp` of TDLib, which packs as zlib and unpacks both.
///
/// # Errors
/// [`GzipError`].
pub fn gunzip(packed: &[u8]) -> Result<Vec<u8>, GzipError> {
    let mut out = Vec::new();
    let limit = MAX_UNPACKED as u64 + 1;
    let read = if packed.starts_with(&MAGIC) {
        GzDecoder::new(packed).take(limit).read_to_end(&mut out)
    } else {
        ZlibDecoder::new(packed).take(limit).read_to_end(&mut out)
    };
    read.map_err(|_| GzipError::Broken)?;
    if out.len() > MAX_UNPACKED {
        Err(GzipError::TooLong)
    } else {
        Ok(out)
    }
}

/// Packs; `None` if that would not make it shorter.
#[must_use]
pub fn gzip(data: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(data).ok()?;
    encoder
        .finish()
        .ok()
        .filter(|packed| packed.len() + 8 < data.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bomb_is_cut_off() {
        let bomb = gzip(&vec![0; MAX_UNPACKED + 1]).unwrap();
        assert!(bomb.len() < 100_000);
        assert_eq!(gunzip(&bomb), Err(GzipError::TooLong));
        assert_eq!(
            gunzip(&gzip(&vec![0; MAX_UNPACKED]).unwrap()).unwrap().len(),
            MAX_UNPACKED
        );
    }

    #[test]
    fn only_what_saves_is_packed() {
        assert_eq!(gzip(b"short"), None);
        let text = b"again and again and ".repeat(50);
        assert_eq!(gunzip(&gzip(&text).unwrap()).unwrap(), text);
    }

    fn zlib(data: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn zlib_is_unpacked_too() {
        assert_eq!(gunzip(&zlib(&[7; 131_176])), Ok(vec![7; 131_176]));
        assert_eq!(gunzip(&zlib(&vec![0; MAX_UNPACKED + 1])), Err(GzipError::TooLong));
        let packed = zlib(b"a part of a file");
        for cut in 0..packed.len() - 1 {
            assert_eq!(gunzip(&packed[..cut]), Err(GzipError::Broken), "{cut}");
        }
    }

    #[test]
    fn broken_data_is_an_error() {
        let packed = gzip(&[7; 2000]).unwrap();
        for cut in 0..packed.len() {
            assert_eq!(gunzip(&packed[..cut]), Err(GzipError::Broken), "{cut}");
        }
        assert_eq!(gunzip(&[]), Err(GzipError::Broken));
    }
}
