//! [`Method`]: what every method of the Bot API says about itself.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{ChatId, Upload};

/// A method of the Bot API: its parameters are the fields, its result is `Response`.
///
/// The fields serialise to the parameters' JSON. Every method also deserialises, for the other end of the wire.
pub trait Method: Serialize {
    /// The method's name in the URL, such as `sendMessage`.
    const NAME: &'static str;

    /// What `result` holds when the call went well.
    type Response: DeserializeOwned;

    /// The contents that go with the request, in the order of the fields; each under its own part name. With none, the
    /// request can be plain JSON.
    fn files(&self) -> Vec<&Upload> {
        Vec::new()
    }

    /// The chat that the call is about (its `chat_id`), if it names one. Telegram's limits count by chat.
    fn chat(&self) -> Option<ChatId> {
        None
    }

    /// Whether the call pays to go beyond the free sending rate (its `allow_paid_broadcast`).
    fn is_paid_broadcast(&self) -> bool {
        false
    }
}
