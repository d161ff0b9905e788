//! Shortcuts: methods as values, filled with what an object knows.
//!
//! Those that send something to a place (`message.answer_photo(..)`, `chat.send_photo(..)`) are generated; those that
//! do something about an object are written here.

mod answers;
mod chat;
mod message;

use crate::{EphemeralMessageParameters, ReplyParameters};

/// Where something is sent: what the methods that send have in common.
pub(crate) struct Address {
    pub(crate) chat_id: i64,
    pub(crate) business_connection_id: Option<String>,
    pub(crate) message_thread_id: Option<i64>,
    pub(crate) direct_messages_topic_id: Option<i64>,
    pub(crate) ephemeral_message_parameters: Option<Box<EphemeralMessageParameters>>,
    pub(crate) reply_parameters: Option<Box<ReplyParameters>>,
}

impl Address {
    pub(crate) fn chat(chat_id: i64) -> Self {
        Address {
            chat_id,
            business_connection_id: None,
            message_thread_id: None,
            direct_messages_topic_id: None,
            ephemeral_message_parameters: None,
            reply_parameters: None,
        }
    }
}

/// A method that can be sent to an address. Each takes what it has a parameter for.
pub(crate) trait Place {
    fn at(self, to: Address) -> Self;
}
