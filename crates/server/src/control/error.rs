//! Why a control request was not carried out, in words for whoever made it.

use crate::http::{Body, full};
use hyper::{Response, StatusCode};
use ringback_world::Error;
use serde::Serialize;
use std::fmt::Display;

/// An error of the control API.
#[derive(Debug)]
pub(super) struct Failure {
    pub status: StatusCode,
    /// For programs: lower case, with underscores.
    pub code: String,
    /// What was wrong.
    pub message: String,
    /// What to do; empty if nothing better is known than to read the message.
    pub hint: String,
}

impl Failure {
    pub(super) fn new(status: StatusCode, code: impl Into<String>, message: impl Into<String>) -> Failure {
        Failure {
            status,
            code: code.into(),
            message: message.into(),
            hint: String::new(),
        }
    }

    /// The request itself is wrong.
    pub(super) fn bad_request(message: impl Into<String>) -> Failure {
        Failure::new(StatusCode::BAD_REQUEST, "bad_request", message)
    }

    /// It names something that is not there.
    pub(super) fn not_found(message: impl Into<String>) -> Failure {
        Failure::new(StatusCode::NOT_FOUND, "not_found", message)
    }

    /// Something went wrong here.
    pub(super) fn internal(error: &dyn Display) -> Failure {
        tracing::error!(%error, "a control request failed");
        Failure::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", error.to_string())
    }

    /// Says what to do about it.
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Failure {
        self.hint = hint.into();
        self
    }

    pub(super) fn into_response(self) -> Response<Body> {
        #[derive(Serialize)]
        struct Envelope<'a> {
            error: Inner<'a>,
        }
        #[derive(Serialize)]
        struct Inner<'a> {
            code: &'a str,
            message: &'a str,
            hint: &'a str,
        }
        let inner = Inner {
            code: &self.code,
            message: &self.message,
            hint: &self.hint,
        };
        // Three strings can always be written.
        let body = serde_json::to_vec(&Envelope { error: inner }).unwrap_or_default();
        full(self.status, "application/json", body)
    }
}

/// What Telegram would refuse: its own name for it, in lower case, and what it means here.
impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        let code = error.rpc().1.to_ascii_lowercase();
        let message = error.bot_api().description;
        let failure = Failure::new(StatusCode::BAD_REQUEST, code, message);
        match error {
            Error::UsernameOccupied => failure.hint("Someone has this username already: GET /users and GET /bots list them."),
            Error::UsernameInvalid => failure.hint("A username has 1 to 32 letters, digits and underscores and begins with a letter; a bot's ends in “bot”."),
            Error::PhoneOccupied => failure.hint("Someone has this number already."),
            Error::TitleInvalid => failure.hint("A name or title must not be empty."),
            Error::TokenInvalid => failure.hint("A token looks like 123456:AbC_dEf, and its number must not be another user's or bot's."),
            Error::PeerIdInvalid => failure.hint("This user has no such chat: GET /chats?as=… lists those there are."),
            Error::ChannelPrivate => failure.hint("This user is not in that chat: POST /chats/{id}/members puts them in."),
            Error::NeedAdmin => failure.hint("Only administrators post in a channel."),
            Error::BotBlocked | Error::YouBlockedUser => failure.hint("One of them has blocked the other: POST /users/{id}/unblock undoes it."),
            Error::EditNotFound | Error::DeleteNotFound | Error::ReplyNotFound | Error::MessageIdInvalid => {
                failure.hint("Numbers of messages are each viewer's own: GET /messages?chat=…&as=… gives this user's.")
            }
            Error::QueryIdInvalid => failure.hint("It is unknown, another user's, not answered, or too old."),
            _ => failure,
        }
    }
}
