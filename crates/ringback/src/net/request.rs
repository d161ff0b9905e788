//! What is sent: a request as one piece of memory, so that it is one write; or a form, piece by piece.

use crate::form::Form;

/// What a connection sends.
pub(crate) enum Request {
    /// All of it.
    Whole(Vec<u8>),
    /// The head up to where the body's length goes, and what makes the body.
    Form { head: Vec<u8>, form: Form },
}

impl Request {
    /// Whether it can be sent once only.
    pub(crate) fn is_once(&self) -> bool {
        match self {
            Request::Whole(_) => false,
            Request::Form { form, .. } => form.is_once(),
        }
    }
}

/// A request whose body is still to come.
pub(crate) struct Head {
    bytes: Vec<u8>,
}

pub(super) const LENGTH: &[u8] = b"content-length: ";
/// Room for a length that is not known yet. Spaces in front of a value mean nothing (RFC 9110, 5.5).
const DIGITS: usize = 10;

impl Head {
    /// From a request line and headers.
    pub(super) fn new(bytes: Vec<u8>) -> Self {
        Head { bytes }
    }

    fn content_type(mut self, content_type: &str) -> Vec<u8> {
        self.bytes.extend_from_slice(b"content-type: ");
        self.bytes.extend_from_slice(content_type.as_bytes());
        self.bytes.extend_from_slice(b"\r\n");
        self.bytes
    }

    /// With a body of JSON that `write` writes.
    pub(crate) fn json<E>(self, write: impl FnOnce(&mut Vec<u8>) -> Result<(), E>) -> Result<Request, E> {
        let mut bytes = self.content_type("application/json");
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
        Ok(Request::Whole(bytes))
    }

    /// With a form for a body.
    pub(crate) fn form(self, form: Form) -> Request {
        let head = self.content_type(&form.content_type());
        Request::Form { head, form }
    }
}
