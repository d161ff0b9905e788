//! Why a press brought no answer.
//!
//! Source: <https://core.telegram.org/method/messages.getBotCallbackAnswer>.

use std::time::Duration;

use thiserror::Error;

use crate::error::{Error, RpcError};

/// Why a press brought no answer: one variant for each error that the method documents, those of passwords,
/// and what may befall any call.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PressError {
    /// 400 `BOT_RESPONSE_TIMEOUT`.
    #[error("the bot did not answer in time")]
    BotResponseTimeout,
    /// 400 `CHANNEL_INVALID`.
    #[error("the channel is not valid")]
    ChannelInvalid,
    /// 400 `CHANNEL_PRIVATE`.
    #[error("this account is not in the channel")]
    ChannelPrivate,
    /// 400 `DATA_INVALID`.
    #[error("no button of the message has this data")]
    DataInvalid,
    /// 400 `MESSAGE_ID_INVALID`.
    #[error("there is no such message, or it has no such button")]
    MessageIdInvalid,
    /// 400 `PEER_ID_INVALID`.
    #[error("there is no such chat")]
    PeerIdInvalid,
    /// −503 `Timeout`.
    #[error("the server gave up waiting")]
    Timeout,
    /// 400 `PASSWORD_MISSING`.
    #[error("the account has no two-step verification password")]
    PasswordMissing,
    /// 400 `PASSWORD_HASH_INVALID`.
    #[error("the password is wrong")]
    PasswordHashInvalid,
    /// 400 `PASSWORD_TOO_FRESH_x`.
    #[error("the password was set too recently; {} s to go", .0.as_secs())]
    PasswordTooFresh(Duration),
    /// 400 `SESSION_TOO_FRESH_x`.
    #[error("this session is too new; {} s to go", .0.as_secs())]
    SessionTooFresh(Duration),
    /// 400 `SRP_ID_INVALID`.
    #[error("the password's challenge is not known any more")]
    SrpIdInvalid,
    /// 400 `SRP_PASSWORD_CHANGED`.
    #[error("the password was changed meanwhile")]
    SrpPasswordChanged,
    /// 420 `FLOOD_WAIT_x` with x above the ceiling.
    #[error("too many presses; the server wants a pause of {} s", .0.as_secs())]
    FloodWait(Duration),
    /// The button asks for the password and none was given. Nothing was sent.
    #[error("this button asks for the two-step verification password")]
    PasswordRequired,
    /// The button asks no bot. Nothing was sent.
    #[error("this button asks no bot")]
    NotACallback,
    /// What may befall any call.
    #[error(transparent)]
    Client(Error),
}

/// Code, name, meaning, what to do.
type Row = (i32, &'static str, &'static str, &'static str);

impl PressError {
    fn row(&self) -> Option<Row> {
        Some(match self {
            Self::BotResponseTimeout => (
                400,
                "BOT_RESPONSE_TIMEOUT",
                "The bot was asked and did not answer in time",
                "See whether the bot runs and answers every callback query; press again if pressing twice does no harm",
            ),
            Self::ChannelInvalid => (
                400,
                "CHANNEL_INVALID",
                "The channel or supergroup, or its access hash, is not one that this account knows",
                "Resolve the chat again with this account",
            ),
            Self::ChannelPrivate => (
                400,
                "CHANNEL_PRIVATE",
                "This account has not joined the channel or supergroup, or was removed from it",
                "Join it first",
            ),
            Self::DataInvalid => (
                400,
                "DATA_INVALID",
                "The message has no button with this data, perhaps because the bot has edited it",
                "Fetch the message again and press a button that it has now",
            ),
            Self::MessageIdInvalid => (
                400,
                "MESSAGE_ID_INVALID",
                "The chat has no message with this number, or it has no buttons",
                "Fetch the history again; in private chats each side numbers messages differently",
            ),
            Self::PeerIdInvalid => (
                400,
                "PEER_ID_INVALID",
                "The chat is not one that this account can address",
                "Resolve the chat again with this account",
            ),
            Self::Timeout => (
                -503,
                "Timeout",
                "The server gave up while fetching the answer; the bot may have got the query",
                "Press again later, if pressing twice does no harm",
            ),
            Self::PasswordMissing => (
                400,
                "PASSWORD_MISSING",
                "The account has no two-step verification password, which this button asks for",
                "Set one in the account's settings",
            ),
            Self::PasswordHashInvalid => (
                400,
                "PASSWORD_HASH_INVALID",
                "The password is wrong",
                "Ask for the password again",
            ),
            Self::PasswordTooFresh(_) => (
                400,
                "PASSWORD_TOO_FRESH",
                "The password was set too recently for what this button does",
                "Wait as long as the error says",
            ),
            Self::SessionTooFresh(_) => (
                400,
                "SESSION_TOO_FRESH",
                "This session is too new for what this button does",
                "Wait as long as the error says, or use an older session",
            ),
            Self::SrpIdInvalid => (
                400,
                "SRP_ID_INVALID",
                "The challenge that the proof answers is not known any more; another one was tried already",
                "Press again",
            ),
            Self::SrpPasswordChanged => (
                400,
                "SRP_PASSWORD_CHANGED",
                "The password was changed between the challenge and the proof",
                "Ask for the new password",
            ),
            Self::FloodWait(_) => (
                420,
                "FLOOD_WAIT",
                "Too many calls in a short time",
                "Wait as long as the error says",
            ),
            Self::PasswordRequired | Self::NotACallback | Self::Client(_) => return None,
        })
    }

    /// The server's code; `None` if the error is not the server's.
    #[must_use]
    pub fn code(&self) -> Option<i32> {
        match self {
            Self::Client(Error::Rpc(error)) => Some(error.code),
            _ => self.row().map(|row| row.0),
        }
    }

    /// The server's name for it, without a number; `None` if the error is not the server's.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Client(Error::Rpc(error)) => Some(error.name()),
            _ => self.row().map(|row| row.1),
        }
    }

    /// What it means, in a sentence.
    #[must_use]
    pub fn meaning(&self) -> String {
        self.row()
            .map_or_else(|| self.to_string(), |row| row.2.to_owned())
    }

    /// What to do about it, in a sentence.
    #[must_use]
    pub fn what_to_do(&self) -> &'static str {
        match self {
            Self::PasswordRequired => "Give the password with the press",
            Self::NotACallback => "Press another button; what this one does is the client's own business",
            Self::Client(Error::Timeout(_)) => "Look whether it had its effect before pressing again",
            Self::Client(Error::KeyUnknown) => "Sign in again",
            Self::Client(Error::Connect(_) | Error::Closed) => "See whether the server can be reached",
            Self::Client(_) => "See the error's own text",
            _ => self.row().map_or("", |row| row.3),
        }
    }

    fn of_rpc(error: RpcError) -> Self {
        let pause = Duration::from_secs(error.value().unwrap_or_default().into());
        match (error.code, error.name()) {
            (400, "BOT_RESPONSE_TIMEOUT") => Self::BotResponseTimeout,
            (400, "CHANNEL_INVALID") => Self::ChannelInvalid,
            (400 | 403 | 406, "CHANNEL_PRIVATE") => Self::ChannelPrivate,
            (400, "DATA_INVALID") => Self::DataInvalid,
            (400, "MESSAGE_ID_INVALID") => Self::MessageIdInvalid,
            (400, "PEER_ID_INVALID") => Self::PeerIdInvalid,
            (-503, _) => Self::Timeout,
            (_, "PASSWORD_MISSING") => Self::PasswordMissing,
            (_, "PASSWORD_TOO_FRESH") => Self::PasswordTooFresh(pause),
            (_, "SESSION_TOO_FRESH") => Self::SessionTooFresh(pause),
            (_, "SRP_ID_INVALID") => Self::SrpIdInvalid,
            (_, "SRP_PASSWORD_CHANGED") => Self::SrpPasswordChanged,
            _ => Self::Client(Error::Rpc(error)),
        }
    }
}

impl From<Error> for PressError {
    fn from(error: Error) -> Self {
        match error {
            Error::Rpc(error) => Self::of_rpc(error),
            Error::FloodWait(pause) => Self::FloodWait(pause),
            Error::PasswordWrong => Self::PasswordHashInvalid,
            error => Self::Client(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_error_has_its_variant() {
        for (code, message) in [
            (400, "BOT_RESPONSE_TIMEOUT"),
            (400, "CHANNEL_INVALID"),
            (400, "CHANNEL_PRIVATE"),
            (400, "DATA_INVALID"),
            (400, "MESSAGE_ID_INVALID"),
            (400, "PEER_ID_INVALID"),
            (-503, "Timeout"),
            (400, "PASSWORD_MISSING"),
            (400, "PASSWORD_HASH_INVALID"),
            (400, "PASSWORD_TOO_FRESH_86400"),
            (400, "SESSION_TOO_FRESH_86400"),
            (400, "SRP_ID_INVALID"),
            (400, "SRP_PASSWORD_CHANGED"),
            (420, "FLOOD_WAIT_7"),
        ] {
            let error = RpcError {
                code,
                message: message.into(),
            };
            let name = error.name().to_owned();
            let error = PressError::from(Error::from(error));
            assert!(error.row().is_some(), "{message}");
            assert_eq!((error.code(), error.name()), (Some(code), Some(name.as_str())));
            assert!(!error.meaning().is_empty() && !error.what_to_do().is_empty());
        }
    }

    #[test]
    fn others_keep_their_name() {
        let error = RpcError {
            code: 400,
            message: "NEW_ONE_3".into(),
        };
        let error = PressError::from(Error::from(error));
        assert_eq!((error.code(), error.name()), (Some(400), Some("NEW_ONE")));
    }
}
