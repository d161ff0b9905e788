//! What a connection's first bytes say about it.

use super::obfuscated::Obfuscation;
use super::{DEFAULT_MAX_FRAME, Framing, ProxySecret, Transport, TransportError};
use crate::Side;

/// The first four bytes of the requests that HTTP knows, and of its second version.
const HTTP: [&[u8; 4]; 10] = [
    b"GET ", b"POST", b"HEAD", b"PUT ", b"OPTI", b"DELE", b"PATC", b"CONN", b"TRAC", b"PRI ",
];

/// What a connection turned out to be.
#[derive(Debug)]
pub enum Detected {
    /// HTTP, or a WebSocket's opening; [`Detector::buffered`] has all bytes so far.
    Http,
    /// MTProto; the transport has been fed what followed the opening.
    Mtproto(Box<Transport>),
}

/// Collects a connection's first bytes until they say what it is.
///
/// MTProto's transports are made so that they cannot be taken for HTTP or for one another.
///
/// ```
/// use ringback_mtproto::transport::{Detected, Detector};
///
/// let mut detector = Detector::new();
/// assert!(detector.feed(b"GE").unwrap().is_none());
/// assert!(matches!(detector.feed(b"T / HTTP/1.1").unwrap(), Some(Detected::Http)));
/// assert_eq!(detector.buffered(), b"GET / HTTP/1.1");
/// ```
#[derive(Debug)]
pub struct Detector {
    buffer: Vec<u8>,
    max_frame: usize,
    obfuscated_only: bool,
    proxy: Option<ProxySecret>,
}

impl Default for Detector {
    fn default() -> Self {
        Self::new()
    }
}

impl Detector {
    /// For a fresh connection.
    #[must_use]
    pub fn new() -> Self {
        Self {
            buffer: Vec::new(),
            max_frame: DEFAULT_MAX_FRAME,
            obfuscated_only: false,
            proxy: None,
        }
    }

    /// For what comes within a WebSocket: always obfuscated, whatever the bytes look like.
    #[must_use]
    pub fn obfuscated() -> Self {
        Self {
            obfuscated_only: true,
            ..Self::new()
        }
    }

    /// Sets the longest packet that the transport will accept.
    #[must_use]
    pub fn max_frame(mut self, bytes: usize) -> Self {
        self.max_frame = bytes;
        self
    }

    /// Takes what comes from clients that believe this to be an MTProto proxy with this secret, too.
    ///
    /// Such a client opens as with obfuscation, but mixes the secret into the keys: it is only told apart by what it
    /// decrypts to. Source: `telethon/network/connection/tcpmtproxy.py` of Telethon 1.45.
    #[must_use]
    pub fn proxy_secret(mut self, secret: ProxySecret) -> Self {
        self.proxy = Some(secret);
        self
    }

    /// All bytes so far.
    #[must_use]
    pub fn buffered(&self) -> &[u8] {
        &self.buffer
    }

    /// Takes bytes; `None` while they do not suffice.
    ///
    /// # Errors
    /// [`TransportError::Tag`] for an obfuscated stream without a known framing.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<Option<Detected>, TransportError> {
        self.buffer.extend_from_slice(bytes);
        let plain = |framing: Framing, opening: usize| {
            let mut transport = Transport::plain(Side::Server, framing, self.max_frame);
            transport.feed(&self.buffer[opening..]);
            Ok(Some(Detected::Mtproto(Box::new(transport))))
        };
        if !self.obfuscated_only {
            if self.buffer.first() == Some(&0xef) {
                return plain(Framing::Abridged, 1);
            }
            let Some(word) = self.buffer.first_chunk::<4>() else {
                return Ok(None);
            };
            if HTTP.contains(&word) {
                return Ok(Some(Detected::Http));
            }
            match *word {
                [0xee, 0xee, 0xee, 0xee] => return plain(Framing::Intermediate, 4),
                [0xdd, 0xdd, 0xdd, 0xdd] => return plain(Framing::PaddedIntermediate, 4),
                _ => {}
            }
            let Some(words) = self.buffer.first_chunk::<8>() else {
                return Ok(None);
            };
            // The second word of a full frame is its sequence number, and the first frame's is zero.
            if words[4..] == [0; 4] {
                return plain(Framing::Full, 0);
            }
        }
        let Some((header, rest)) = self.buffer.split_first_chunk::<64>() else {
            return Ok(None);
        };
        let (obfuscation, framing) = Obfuscation::accept(header, self.proxy.as_ref())?;
        let mut transport = Transport::plain(Side::Server, framing, self.max_frame);
        transport.obfuscation = Some(Box::new(obfuscation));
        transport.feed(rest);
        Ok(Some(Detected::Mtproto(Box::new(transport))))
    }
}
