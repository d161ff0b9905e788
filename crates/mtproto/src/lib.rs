//! MTProto 2.0 without sockets, both ends from one set of types.
//!
//! Bytes go in, bytes and events come out. Nothing here opens a connection, reads a clock or draws its
//! own randomness: the time is a parameter (a [`Duration`](std::time::Duration) since the Unix epoch)
//! and so is the [`Random`] source, so that a run can be repeated exactly.
//!
//! From the wire inwards:
//!
//! | module | what it does | source |
//! |---|---|---|
//! | [`transport`] | frames on a byte stream, and telling the framings apart | <https://core.telegram.org/mtproto/mtproto-transports> |
//! | [`handshake`] | making an authorization key | <https://core.telegram.org/mtproto/auth_key> |
//! | [`session`] | encrypted messages, acknowledgements, salts, resending | <https://core.telegram.org/mtproto/description> |
//! | [`srp`] | two-step verification passwords | <https://core.telegram.org/api/srp> |
//! | [`service`] | the protocol's own messages, and nothing of the API | <https://core.telegram.org/mtproto/service_messages> |
//! | [`crypto`] | the primitives under all of them | <https://core.telegram.org/mtproto/security_guidelines> |
//!
//! What the API says (`invokeWithLayer`, updates, …) passes through as opaque bytes.

pub mod crypto;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzz;
pub mod handshake;
pub mod service;
pub mod session;
pub mod srp;
pub mod transport;

pub use crypto::{AuthKey, Random};

/// Which end of the conversation something comes from, or is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// The end that opens the connection.
    Client,
    /// The end that accepts it.
    Server,
}

impl Side {
    /// The other end.
    #[must_use]
    pub fn peer(self) -> Self {
        match self {
            Self::Client => Self::Server,
            Self::Server => Self::Client,
        }
    }
}
