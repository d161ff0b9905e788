//! Encrypted messages: who said what, whether it arrived, and what to send again.
//!
//! [`open`] and [`Envelope`] are the encryption alone. A [`ServerSession`] and a [`ClientSession`] sit on top: they
//! take opened envelopes, keep the books (message ids, sequence numbers, salts, acknowledgements, what may have to be
//! resent) and give events; what they have to say waits until `flush` makes packets of it.
//!
//! Sources: <https://core.telegram.org/mtproto/description>, <https://core.telegram.org/mtproto/service_messages>,
//! <https://core.telegram.org/mtproto/service_messages_about_messages> and
//! <https://core.telegram.org/mtproto/security_guidelines>.

mod bind;
mod book;
mod client;
mod client_inbox;
pub(crate) mod container;
mod envelope;
mod gzip;
mod salts;
mod server;
mod server_inbox;

use std::time::Duration;

use thiserror::Error;

pub use bind::{BindError, open_bind_message, seal_bind_message};
pub use client::{ClientSession, RequestId};
pub use client_inbox::ClientEvent;
pub use envelope::{Envelope, EnvelopeError, open};
pub use gzip::{GzipError, MAX_UNPACKED, gunzip, gzip};
pub use salts::ServerSalts;
pub use server::{ServerSession, SessionOptions};
pub use server_inbox::ServerEvent;

/// No container holds more messages.
pub const MAX_CONTAINER: usize = 1024;
/// How far behind the receiver's clock a message may be.
pub const OLDEST: Duration = Duration::from_secs(300);
/// How far ahead of the receiver's clock a message may be.
pub const NEWEST: Duration = Duration::from_secs(30);
/// How long an acknowledgement may wait for something to travel with.
pub const ACK_DELAY: Duration = Duration::from_millis(500);
/// This many acknowledgements do not wait.
pub const ACK_BATCH: usize = 64;
/// Containers are closed at this size.
const CONTAINER_BYTES: usize = 512 << 10;
/// Results longer than this are compressed, if that makes them shorter.
pub const GZIP_FROM: usize = 512;

/// Why a client must not act on a packet. The packet is to be dropped, as the security guidelines say.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SessionError {
    /// It cannot be opened.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// It belongs to another session.
    #[error("the packet is for another session")]
    SessionId,
    /// Its message id has the parity of the other side.
    #[error("the message id is one that this side cannot send")]
    Parity,
    /// It is older than 300 or newer than 30 seconds.
    #[error("the message is too old or from the future")]
    Time,
    /// It has arrived before.
    #[error("the message has arrived before")]
    Replay,
}

/// The message id of a moment, with the low two bits zero: seconds above, their fraction below.
///
/// Source: <https://core.telegram.org/mtproto/description#message-identifier-msg-id>.
#[must_use]
pub fn msg_id_at(now: Duration) -> i64 {
    let fraction = (u64::from(now.subsec_nanos()) << 32) / 1_000_000_000;
    (now.as_secs() << 32 | fraction & !3).cast_signed()
}

/// The moment that a message id was made at, by its sender's clock.
#[must_use]
pub fn moment_of(msg_id: i64) -> Duration {
    let id = msg_id.cast_unsigned();
    Duration::new(id >> 32, (((id & 0xffff_ffff) * 1_000_000_000) >> 32) as u32)
}
