//! What can go wrong, apart from a press ([`PressError`](crate::PressError) has that).

use std::io;
use std::time::Duration;

use ringback_mtproto::handshake::HandshakeError;
use ringback_mtproto::srp::SrpError;
use ringback_mtproto::transport::TransportError;
use ringback_tl::{DecodeError, EncodeError};
use thiserror::Error;

use crate::session::SessionError;

/// Why a call brought nothing.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// The server could not be reached.
    #[error("cannot reach the server: {0}")]
    Connect(#[source] io::Error),
    /// The key exchange failed.
    #[error(transparent)]
    Handshake(#[from] HandshakeError),
    /// The bytes of the server are no frames.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// There is neither an authorization key in the session nor an RSA key to make one with.
    #[error("the session has no key, and no RSA key of the server was given to make one")]
    NoServerKey,
    /// The server does not know the session's key (transport error −404): sign in again.
    #[error("the server does not know this session's key; sign in again")]
    KeyUnknown,
    /// The task that keeps the connection is gone, as when its runtime was shut down.
    #[error("the client is closed")]
    Closed,
    /// No answer came in time. The call may or may not have had its effect.
    #[error("no answer within {0:?}")]
    Timeout(Duration),
    /// The server refused again and again to take the call (`bad_msg_notification` with this code).
    /// <https://core.telegram.org/mtproto/service_messages_about_messages#notice-of-ignored-error-message>
    #[error("the server does not take the message (code {0})")]
    Refused(i32),
    /// An error of the API without a variant of its own.
    #[error("{0}")]
    Rpc(RpcError),
    /// Too many calls: `FLOOD_WAIT_x`, and x is more than the ceiling.
    #[error("too many calls; the server wants a pause of {} s", .0.as_secs())]
    FloodWait(Duration),
    /// The server sends to another data centre (303 `PHONE_MIGRATE_x`, `FILE_MIGRATE_x`, …), and it could not be
    /// followed: its address is not known, there is no RSA key to make a key there with, or it sends on and on.
    #[error("the server sends to data centre {dc}, where this client cannot go")]
    Migrate {
        /// Which.
        dc: i32,
        /// What is to go there.
        what: Migration,
    },
    /// The account has a two-step verification password: [`Client::check_password`](crate::Client::check_password).
    #[error("the account has a password")]
    PasswordNeeded,
    /// The number has no account, and this client makes none.
    #[error("this phone number has no account")]
    SignUpRequired,
    /// The server uses a way of checking passwords that this client does not know, or an unsafe one.
    #[error("the server's way of checking passwords is not known or not safe")]
    PasswordAlgorithm,
    /// The server's part of the password proof is not acceptable.
    #[error(transparent)]
    Srp(#[from] SrpError),
    /// The password is wrong: `PASSWORD_HASH_INVALID`.
    #[error("the password is wrong")]
    PasswordWrong,
    /// The code is wrong or too old: `PHONE_CODE_INVALID`, `PHONE_CODE_EXPIRED`, `PHONE_CODE_EMPTY`.
    #[error("the code is wrong or too old")]
    CodeWrong,
    /// Nobody has this user name.
    #[error("nobody has the user name @{0}")]
    NobodyNamed(String),
    /// Only bots are asked for inline results, and this is none.
    #[error("this is not a bot")]
    NotABot,
    /// The server's bytes are not what the schema says.
    #[error("the server's answer cannot be read: {0}")]
    Decode(#[from] DecodeError),
    /// The server's answer makes no sense here.
    #[error("the server's answer makes no sense: {0}")]
    Unexpected(&'static str),
    /// The call cannot be written.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// The session cannot be read or kept.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// A file that was to be uploaded cannot be read, or is shorter than it was said to be; or one that was fetched
    /// cannot be written.
    #[error("the file cannot be read or written: {0}")]
    File(#[source] io::Error),
    /// The system gives no random bytes.
    #[error("the operating system gives no random bytes")]
    Randomness,
}

/// What another data centre is responsible for. <https://core.telegram.org/api/errors#303-see-other>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Migration {
    /// The account: `PHONE_MIGRATE_x`, `USER_MIGRATE_x`, `NETWORK_MIGRATE_x`.
    Account,
    /// This call alone: `FILE_MIGRATE_x`, `STATS_MIGRATE_x` and any other.
    Call,
}

/// An error of the API: <https://core.telegram.org/api/errors>.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{code} {message}")]
pub struct RpcError {
    /// Like an HTTP status; negative for a few.
    pub code: i32,
    /// The name as it came: `FLOOD_WAIT_3`.
    pub message: String,
}

impl RpcError {
    /// The name without its number: `FLOOD_WAIT`.
    #[must_use]
    pub fn name(&self) -> &str {
        match self.message.rsplit_once('_') {
            Some((name, number)) if number.parse::<u32>().is_ok() => name,
            _ => &self.message,
        }
    }

    /// The number at the end of the name: 3 of `FLOOD_WAIT_3`.
    #[must_use]
    pub fn value(&self) -> Option<u32> {
        self.message.rsplit_once('_')?.1.parse().ok()
    }

    /// How long the server wants a pause: `FLOOD_WAIT_x` and `FLOOD_PREMIUM_WAIT_x`.
    #[must_use]
    pub fn flood_wait(&self) -> Option<Duration> {
        let waits = matches!(self.name(), "FLOOD_WAIT" | "FLOOD_PREMIUM_WAIT");
        let seconds = self.value().filter(|_| waits)?;
        Some(Duration::from_secs(seconds.into()))
    }

    /// The data centre that the server sends to: `PHONE_MIGRATE_x` and the like.
    #[must_use]
    pub fn migrate(&self) -> Option<(i32, Migration)> {
        let what = match self.name() {
            "PHONE_MIGRATE" | "USER_MIGRATE" | "NETWORK_MIGRATE" => Migration::Account,
            name if name.ends_with("_MIGRATE") => Migration::Call,
            _ => return None,
        };
        let dc = self.value().filter(|_| self.code == 303)?;
        Some((i32::try_from(dc).ok()?, what))
    }
}

impl From<RpcError> for Error {
    fn from(error: RpcError) -> Self {
        if let Some(pause) = error.flood_wait() {
            return Self::FloodWait(pause);
        }
        if let Some((dc, what)) = error.migrate() {
            return Self::Migrate { dc, what };
        }
        match error.message.as_str() {
            "SESSION_PASSWORD_NEEDED" => Self::PasswordNeeded,
            "PASSWORD_HASH_INVALID" => Self::PasswordWrong,
            "PHONE_CODE_INVALID" | "PHONE_CODE_EXPIRED" | "PHONE_CODE_EMPTY" => Self::CodeWrong,
            _ => Self::Rpc(error),
        }
    }
}

impl Error {
    /// The API's error, if it is one without a variant of its own.
    #[must_use]
    pub fn rpc(&self) -> Option<&RpcError> {
        match self {
            Self::Rpc(error) => Some(error),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: i32, message: &str) -> Error {
        RpcError {
            code,
            message: message.into(),
        }
        .into()
    }

    #[test]
    fn names_with_numbers() {
        assert!(matches!(of(420, "FLOOD_WAIT_3"), Error::FloodWait(pause) if pause.as_secs() == 3));
        for (name, sent) in [
            ("PHONE_MIGRATE_4", Migration::Account),
            ("FILE_MIGRATE_4", Migration::Call),
            ("NEW_MIGRATE_4", Migration::Call),
        ] {
            assert!(matches!(of(303, name), Error::Migrate { dc: 4, what } if what == sent));
        }
        assert!(matches!(of(420, "FLOOD_WAIT_X"), Error::Rpc(_)));
        assert!(matches!(
            of(420, "FLOOD_WAIT_99999999999999999999"),
            Error::Rpc(_)
        ));
        assert!(matches!(
            of(401, "SESSION_PASSWORD_NEEDED"),
            Error::PasswordNeeded
        ));
        assert!(matches!(of(0, ""), Error::Rpc(_)));
    }
}
