//! Frames on a byte stream: the framings of MTProto, and telling them apart.
//!
//! A [`Transport`] is fed whatever the socket gives, split anywhere, and gives whole [`Frame`]s back; the other way
//! it appends a frame's bytes to a buffer. A server does not know which framing a client uses until it has seen the
//! first bytes: a [`Detector`] takes them and turns into a transport, or says that this is HTTP.
//!
//! Source: <https://core.telegram.org/mtproto/mtproto-transports>.

mod detect;
mod framing;
mod obfuscated;

use thiserror::Error;

pub use detect::{Detected, Detector};
pub use framing::Framing;

use crate::{Random, Side};
use framing::{Decoder, Encoder};
use obfuscated::Obfuscation;

/// No packet is longer than this unless the caller says otherwise: 2 MiB.
pub const DEFAULT_MAX_FRAME: usize = 2 << 20;

/// What the clients of an MTProto proxy share with it: the 16 bytes of a secret, without the `dd` before them that asks
/// for padding.
pub type ProxySecret = [u8; 16];

/// Why a stream cannot be read any further. The connection is to be closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TransportError {
    /// A frame says that it is longer than allowed.
    #[error("a frame of {0} bytes is longer than allowed")]
    TooLong(usize),
    /// A frame's length makes no sense in its framing.
    #[error("a frame of {0} bytes makes no sense in this transport")]
    Length(usize),
    /// A full frame's checksum is wrong.
    #[error("the checksum of a frame is wrong")]
    Checksum,
    /// A full frame is out of order.
    #[error("a frame has the sequence number {found} instead of {expected}")]
    Sequence {
        /// The number that was due.
        expected: u32,
        /// The number that came.
        found: u32,
    },
    /// The client's first byte, or what follows the obfuscation header, names no framing.
    #[error("unknown transport tag {0:#010x}")]
    Tag(u32),
}

/// One thing that arrives in a frame of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// A packet, in padded intermediate with its padding.
    Packet {
        /// What the session or the key exchange reads.
        payload: Vec<u8>,
        /// The sender asks for a quick acknowledgement.
        quick_ack: bool,
    },
    /// A quick acknowledgement: the token of the packet that has arrived.
    QuickAck(u32),
    /// The server refuses, with a negated HTTP-like code: −404 for a key it does not know, −429 for too many
    /// connections.
    Error(i32),
}

/// Both directions of one connection.
#[derive(Debug)]
pub struct Transport {
    side: Side,
    obfuscation: Option<Box<Obfuscation>>,
    encoder: Encoder,
    decoder: Decoder,
}

impl Transport {
    /// The client's end. Returns the bytes that must go out before anything else (none for [`Framing::Full`]).
    #[must_use]
    pub fn connect(framing: Framing) -> (Self, Vec<u8>) {
        (
            Self::plain(Side::Client, framing, DEFAULT_MAX_FRAME),
            framing.tag().to_vec(),
        )
    }

    /// The client's end with obfuscation, as browsers must use it. Returns the 64 bytes that open the connection.
    ///
    /// `dc` is the data centre, as in [`PqInnerData::dc`](crate::service::PqInnerData::dc). [`Framing::Full`]
    /// cannot be obfuscated; intermediate is used instead.
    #[must_use]
    pub fn connect_obfuscated(framing: Framing, dc: i16, random: &mut dyn Random) -> (Self, Vec<u8>) {
        let framing = if framing == Framing::Full {
            Framing::Intermediate
        } else {
            framing
        };
        let (obfuscation, header) = Obfuscation::connect(framing, dc, random);
        let mut transport = Self::plain(Side::Client, framing, DEFAULT_MAX_FRAME);
        transport.obfuscation = Some(Box::new(obfuscation));
        (transport, header.to_vec())
    }

    fn plain(side: Side, framing: Framing, max_frame: usize) -> Self {
        Self {
            side,
            obfuscation: None,
            encoder: Encoder::new(framing),
            decoder: Decoder::new(framing, side, max_frame),
        }
    }

    /// The framing in use.
    #[must_use]
    pub fn framing(&self) -> Framing {
        self.encoder.framing()
    }

    /// Whether the stream is obfuscated.
    #[must_use]
    pub fn is_obfuscated(&self) -> bool {
        self.obfuscation.is_some()
    }

    /// Takes bytes from the socket.
    pub fn feed(&mut self, bytes: &[u8]) {
        let at = self.decoder.feed(bytes);
        if let Some(obfuscation) = &mut self.obfuscation {
            obfuscation.incoming(&mut self.decoder.buffered_mut()[at..]);
        }
    }

    /// The next whole frame, if one is there.
    ///
    /// # Errors
    /// [`TransportError`]: nothing more can be read from this stream.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, TransportError> {
        self.decoder.next_frame()
    }

    /// Appends a packet to `out` as it goes to the socket.
    pub fn send(&mut self, packet: &[u8], out: &mut Vec<u8>, random: &mut dyn Random) {
        let at = out.len();
        self.encoder.packet(packet, out, random);
        self.cover(&mut out[at..]);
    }

    /// Appends a transport error, for example −404.
    pub fn send_error(&mut self, code: i32, out: &mut Vec<u8>, random: &mut dyn Random) {
        debug_assert_eq!(self.side, Side::Server, "only servers refuse");
        self.send(&code.to_le_bytes(), out, random);
    }

    /// Appends a quick acknowledgement of the packet with this token; nothing in [`Framing::Full`], which has none.
    pub fn send_quick_ack(&mut self, token: u32, out: &mut Vec<u8>) {
        let at = out.len();
        self.encoder.quick_ack(token, out);
        self.cover(&mut out[at..]);
    }

    fn cover(&mut self, bytes: &mut [u8]) {
        if let Some(obfuscation) = &mut self.obfuscation {
            obfuscation.outgoing(bytes);
        }
    }
}
