//! What can go wrong between a bot and the API server.

mod kind;

pub use kind::ApiErrorKind;

use std::fmt;
use std::time::Duration;

/// Any error, as handlers may return it.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A call to the API server that did not succeed.
///
/// Most bots look at one variant, [`Error::Api`], and there at [`ApiError::kind`]. No variant's text holds the
/// bot's token.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The server understood the call and refused it.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// No connection within the call's time, or one that broke before the response was complete.
    #[error("{method}: the connection to the API server failed: {source}")]
    Network {
        /// The method of the call, as the Bot API spells it.
        method: &'static str,
        /// Whether any of the call was sent. If so, it is not known whether the server carried it out.
        sent: bool,
        /// What the connection said.
        source: BoxError,
    },
    /// The server did not respond in time. Whether it carried the call out is not known.
    #[error("{method}: no response within {limit:?}")]
    Timeout {
        /// The method of the call, as the Bot API spells it.
        method: &'static str,
        /// How long the call was given.
        limit: Duration,
    },
    /// The server responded with something that is not this method's result.
    #[error("{method}: the response can't be read (HTTP {status}): {source}")]
    Response {
        /// The method of the call, as the Bot API spells it.
        method: &'static str,
        /// The HTTP status of the response; a proxy between the bot and the server speaks through it.
        status: u16,
        /// What was wrong with the body.
        source: BoxError,
    },
    /// The chat is held up: the server has asked for more time than the bot is [ready to wait](crate::Retry::patience).
    /// Nothing was sent.
    #[error("{method}: not sent: the server takes nothing for this chat for another {wait:?}")]
    Held {
        /// The method of the call, as the Bot API spells it.
        method: &'static str,
        /// How much longer.
        wait: Duration,
    },
    /// A file to be sent could not be read, or a stream was to be sent a second time; or a file that was fetched could
    /// not be written. The server has got no whole request, or has given out the file.
    #[error("{method}: {source}")]
    File {
        /// The method of the call, as the Bot API spells it.
        method: &'static str,
        /// What was wrong.
        source: BoxError,
    },
    /// The method's parameters could not be written as JSON; nothing was sent.
    #[error("{method}: the parameters can't be written as JSON: {source}")]
    Request {
        /// The method of the call, as the Bot API spells it.
        method: &'static str,
        /// What was wrong.
        source: BoxError,
    },
    /// Something that the program says about its bot has the wrong form: the token, the server's address, a
    /// [link's](crate::Bot::start_link) payload. Nothing was sent.
    #[error("{0}")]
    Config(String),
}

impl Error {
    /// The server's refusal, when that is what this error is.
    pub fn api(&self) -> Option<&ApiError> {
        match self {
            Error::Api(error) => Some(error),
            _ => None,
        }
    }

    /// The kind of the server's refusal, when that is what this error is.
    ///
    /// ```
    /// # fn edited(result: Result<(), ringback::Error>) -> Result<(), ringback::Error> {
    /// use ringback::ApiErrorKind;
    /// match result {
    ///     // The second of two quick presses asks for what is on the screen already.
    ///     Err(error) if error.is(ApiErrorKind::MessageNotModified) => Ok(()),
    ///     other => other,
    /// }
    /// # }
    /// ```
    pub fn is(&self, kind: ApiErrorKind) -> bool {
        self.api().is_some_and(|error| error.kind == kind)
    }

    /// Whether the server may have carried the call out all the same: it did not respond, the connection broke before
    /// the response was complete, or it failed in the middle (5xx). What is not [sent
    /// again](crate::outgoing::table) by itself (a message) is to be sent again only if twice is better than never.
    pub fn is_uncertain(&self) -> bool {
        match self {
            Error::Network { sent, .. } => *sent,
            Error::Timeout { .. } => true,
            Error::Api(refusal) => refusal.code >= 500,
            Error::Response { status, .. } => *status >= 500,
            _ => false,
        }
    }

    /// How long the server asked to be left alone (429), when it did; what is left of it, if the call was not sent for
    /// that reason.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Error::Api(error) => error.retry_after,
            Error::Held { wait, .. } => Some(*wait),
            _ => None,
        }
    }
}

/// The server's refusal of a call: its code and text, and what they mean.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApiError {
    /// The method that was refused, as the Bot API spells it.
    pub method: &'static str,
    /// `error_code`: much like an HTTP status, 400 to 599.
    pub code: u16,
    /// `description`: the server's own words.
    pub description: String,
    /// What the description says, as far as it is known.
    pub kind: ApiErrorKind,
    /// How long to wait before the same call again; with 429 only.
    pub retry_after: Option<Duration>,
    /// The supergroup that the group of the call has become.
    pub migrate_to_chat_id: Option<i64>,
}

impl ApiError {
    pub(crate) fn new(method: &'static str, code: u16, description: String) -> Self {
        let kind = ApiErrorKind::of(code, &description);
        ApiError {
            method,
            code,
            description,
            kind,
            retry_after: None,
            migrate_to_chat_id: None,
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} {}", self.method, self.code, self.description)
    }
}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self} ({:?})", self.kind)
    }
}

impl std::error::Error for ApiError {}
