//! A request as one piece of memory, so that it is sent by one write.

/// A request whose body is still to come.
pub(crate) struct Request {
    bytes: Vec<u8>,
}

const LENGTH: &[u8] = b"content-length: ";
/// Room for a length that is not known yet. Spaces in front of a value mean nothing (RFC 9110, 5.5).
const DIGITS: usize = 10;

impl Request {
    /// From a request line and headers.
    pub(super) fn new(bytes: Vec<u8>) -> Self {
        Request { bytes }
    }

    /// With a body of JSON that `write` writes.
    pub(crate) fn json<E>(self, write: impl FnOnce(&mut Vec<u8>) -> Result<(), E>) -> Result<Vec<u8>, E> {
        self.body("application/json", write)
    }

    /// With a body of this type that `write` writes.
    pub(crate) fn body<E>(
        self,
        content_type: &str,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), E>,
    ) -> Result<Vec<u8>, E> {
        let mut bytes = self.bytes;
        bytes.extend_from_slice(b"content-type: ");
        bytes.extend_from_slice(content_type.as_bytes());
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(LENGTH);
        let digits = bytes.len();
        bytes.extend_from_slice(&[b' '; DIGITS]);
        bytes.extend_from_slice(b"\r\n\r\n");
        let start = bytes.len();
        write(&mut bytes)?;
        let mut length = bytes.len() - start;
        for digit in bytes[digits..digits + DIGITS].iter_mut().rev() {
            *digit = b'0' + (length % 10) as u8;
            length /= 10;
            if length == 0 {
                break;
            }
        }
        Ok(bytes)
    }
}
