//! The four framings.

use super::{Frame, TransportError};
use crate::crypto::array;
use crate::{Random, Side};

const QUICK_ACK: u32 = 0x8000_0000;

/// How packets are told from one another on a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Framing {
    /// One byte of length where it suffices, else four.
    Abridged,
    /// Four bytes of length.
    Intermediate,
    /// Four bytes of length, and up to fifteen bytes of padding.
    PaddedIntermediate,
    /// Length, sequence number and checksum.
    Full,
}

impl Framing {
    /// What a client opens the connection with; empty for [`Full`](Self::Full).
    #[must_use]
    pub fn tag(self) -> &'static [u8] {
        match self {
            Self::Abridged => &[0xef],
            Self::Intermediate => &[0xee; 4],
            Self::PaddedIntermediate => &[0xdd; 4],
            Self::Full => &[],
        }
    }

    /// The framing that four equal bytes name within an obfuscated stream.
    pub(super) fn from_inner_tag(tag: [u8; 4]) -> Option<Self> {
        match u32::from_le_bytes(tag) {
            0xefef_efef => Some(Self::Abridged),
            0xeeee_eeee => Some(Self::Intermediate),
            0xdddd_dddd => Some(Self::PaddedIntermediate),
            _ => None,
        }
    }

    /// The reverse of [`from_inner_tag`](Self::from_inner_tag).
    pub(super) fn inner_tag(self) -> [u8; 4] {
        match self {
            Self::Abridged => [0xef; 4],
            Self::PaddedIntermediate => [0xdd; 4],
            Self::Intermediate | Self::Full => [0xee; 4],
        }
    }
}

/// Writes frames.
#[derive(Debug)]
pub(super) struct Encoder {
    framing: Framing,
    sequence: u32,
}

impl Encoder {
    pub(super) fn new(framing: Framing) -> Self {
        Self { framing, sequence: 0 }
    }

    pub(super) fn framing(&self) -> Framing {
        self.framing
    }

    pub(super) fn packet(&mut self, packet: &[u8], out: &mut Vec<u8>, random: &mut dyn Random) {
        match self.framing {
            Framing::Abridged => {
                // Lengths are counted in fours; a packet of any other size has no form here and is filled up.
                let words = packet.len().div_ceil(4);
                if words < 0x7f {
                    out.push(words as u8);
                } else {
                    let [a, b, c, _] = (words as u32).to_le_bytes();
                    out.extend([0x7f, a, b, c]);
                }
                out.extend_from_slice(packet);
                out.resize(out.len() + words * 4 - packet.len(), 0);
            }
            Framing::Intermediate => {
                out.extend((packet.len() as u32).to_le_bytes());
                out.extend_from_slice(packet);
            }
            Framing::PaddedIntermediate => {
                let [padding] = array::<1>(random);
                // Fifteen are allowed, but Telethon takes off only what is beyond a multiple of four:
                // `telethon/network/connection/tcpintermediate.py`.
                let padding = usize::from(padding & 3);
                out.extend(((packet.len() + padding) as u32).to_le_bytes());
                out.extend_from_slice(packet);
                out.extend_from_slice(&array::<4>(random)[..padding]);
            }
            Framing::Full => {
                let at = out.len();
                out.extend((packet.len() as u32 + 12).to_le_bytes());
                out.extend(self.sequence.to_le_bytes());
                out.extend_from_slice(packet);
                let checksum = crc32fast::hash(&out[at..]);
                out.extend(checksum.to_le_bytes());
                self.sequence = self.sequence.wrapping_add(1);
            }
        }
    }

    pub(super) fn quick_ack(&self, token: u32, out: &mut Vec<u8>) {
        let token = token | QUICK_ACK;
        match self.framing {
            Framing::Abridged => out.extend(token.to_be_bytes()),
            Framing::Intermediate | Framing::PaddedIntermediate => out.extend(token.to_le_bytes()),
            Framing::Full => {}
        }
    }
}

/// Reads frames.
#[derive(Debug)]
pub(super) struct Decoder {
    framing: Framing,
    side: Side,
    sequence: u32,
    max_frame: usize,
    buffer: Vec<u8>,
    start: usize,
}

/// Where a packet lies in the buffer.
struct Found {
    head: usize,
    length: usize,
    tail: usize,
    quick_ack: bool,
}

impl Decoder {
    pub(super) fn new(framing: Framing, side: Side, max_frame: usize) -> Self {
        Self {
            framing,
            side,
            sequence: 0,
            max_frame,
            buffer: Vec::new(),
            start: 0,
        }
    }

    /// Appends bytes and says where they lie in [`buffered_mut`](Self::buffered_mut).
    pub(super) fn feed(&mut self, bytes: &[u8]) -> usize {
        if self.start > 0 {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        let at = self.buffer.len();
        self.buffer.extend_from_slice(bytes);
        at
    }

    pub(super) fn buffered_mut(&mut self) -> &mut [u8] {
        &mut self.buffer[self.start..]
    }

    fn rest(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    /// The four bytes at an offset, as a little-endian number.
    fn word(&self, at: usize) -> Option<u32> {
        self.rest()
            .get(at..)?
            .first_chunk()
            .map(|bytes| u32::from_le_bytes(*bytes))
    }

    pub(super) fn next_frame(&mut self) -> Result<Option<Frame>, TransportError> {
        let found = match self.framing {
            Framing::Abridged => self.abridged()?,
            Framing::Intermediate | Framing::PaddedIntermediate => self.intermediate()?,
            Framing::Full => self.full()?,
        };
        match found {
            None => {
                if self.start == self.buffer.len() {
                    // An idle connection keeps no buffer.
                    (self.buffer, self.start) = (Vec::new(), 0);
                }
                Ok(None)
            }
            Some(Next::Bare(frame, taken)) => {
                self.start += taken;
                Ok(Some(frame))
            }
            Some(Next::Packet(found)) => {
                let payload = self.rest()[found.head..found.head + found.length].to_vec();
                self.start += found.head + found.length + found.tail;
                Ok(Some(match self.refusal(&payload) {
                    Some(code) => Frame::Error(code),
                    None => Frame::Packet {
                        payload,
                        quick_ack: found.quick_ack,
                    },
                }))
            }
        }
    }

    /// A server's error is a packet too short to be anything else.
    fn refusal(&self, payload: &[u8]) -> Option<i32> {
        let code = i32::from_le_bytes(*payload.first_chunk()?);
        (self.side == Side::Client && payload.len() < 20 && code < 0).then_some(code)
    }

    fn checked(
        &self,
        head: usize,
        length: usize,
        tail: usize,
        quick_ack: bool,
    ) -> Result<Option<Next>, TransportError> {
        if length > self.max_frame {
            return Err(TransportError::TooLong(length));
        }
        if length < 4 || self.framing != Framing::PaddedIntermediate && !length.is_multiple_of(4) {
            return Err(TransportError::Length(length));
        }
        let whole = self.rest().len() >= head + length + tail;
        Ok(whole.then_some(Next::Packet(Found {
            head,
            length,
            tail,
            quick_ack,
        })))
    }

    fn abridged(&self) -> Result<Option<Next>, TransportError> {
        let Some(first) = self.rest().first() else {
            return Ok(None);
        };
        let marked = first & 0x80 != 0;
        if marked && self.side == Side::Client {
            let token = self.rest().first_chunk().map(|bytes| u32::from_be_bytes(*bytes));
            return Ok(token.map(|token| Next::Bare(Frame::QuickAck(token), 4)));
        }
        match first & 0x7f {
            0x7f => match self.word(0) {
                Some(word) => self.checked(4, (word >> 8) as usize * 4, 0, marked),
                None => Ok(None),
            },
            words => self.checked(1, usize::from(words) * 4, 0, marked),
        }
    }

    fn intermediate(&self) -> Result<Option<Next>, TransportError> {
        let Some(word) = self.word(0) else { return Ok(None) };
        let marked = word & QUICK_ACK != 0;
        if marked && self.side == Side::Client {
            return Ok(Some(Next::Bare(Frame::QuickAck(word), 4)));
        }
        self.checked(4, (word & !QUICK_ACK) as usize, 0, marked)
    }

    fn full(&mut self) -> Result<Option<Next>, TransportError> {
        let Some(total) = self.word(0) else {
            return Ok(None);
        };
        if self.side == Side::Client && (total as i32) < 0 {
            // Some refusals come bare, without a frame around them.
            return Ok(Some(Next::Bare(Frame::Error(total as i32), self.rest().len())));
        }
        let total = total as usize;
        if total < 16 {
            return Err(TransportError::Length(total));
        }
        let Some(found) = self.checked(8, total - 12, 4, false)? else {
            return Ok(None);
        };
        let (expected, sequence) = (self.sequence, self.word(4).unwrap_or_default());
        let checksum = self.word(total - 4).unwrap_or_default();
        if crc32fast::hash(&self.rest()[..total - 4]) != checksum {
            return Err(TransportError::Checksum);
        }
        if sequence != expected {
            return Err(TransportError::Sequence {
                expected,
                found: sequence,
            });
        }
        self.sequence = self.sequence.wrapping_add(1);
        Ok(Some(found))
    }
}

enum Next {
    /// A frame without a packet, and its size.
    Bare(Frame, usize),
    /// A packet is whole.
    Packet(Found),
}
