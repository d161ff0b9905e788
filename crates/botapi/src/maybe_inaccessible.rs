//! [`MaybeInaccessibleMessage`]: the one union that is told apart by a number.

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

use crate::object::{self, Part};
use crate::{Chat, InaccessibleMessage, Message};

/// A message that the bot may no longer be able to see.
///
/// Telegram sends the short form when the message was deleted or can't be loaded; a bot meets it most often behind an
/// old button. The short form has the chat, the message's number and a `date` of 0, which no real message has: that
/// zero is what tells the two apart.
///
/// [`MaybeInaccessibleMessage` in the Bot API](https://core.telegram.org/bots/api#maybeinaccessiblemessage)
#[derive(Debug, Clone, PartialEq)]
pub enum MaybeInaccessibleMessage {
    /// The message, in full.
    Accessible(Box<Message>),
    /// What is left of it: enough to say which message it was.
    Inaccessible(Box<InaccessibleMessage>),
}

impl MaybeInaccessibleMessage {
    /// The chat of the message.
    pub fn chat(&self) -> &Chat {
        match self {
            Self::Accessible(message) => &message.chat,
            Self::Inaccessible(message) => &message.chat,
        }
    }

    /// The number of the message in its chat.
    pub fn message_id(&self) -> i64 {
        match self {
            Self::Accessible(message) => message.message_id,
            Self::Inaccessible(message) => message.message_id,
        }
    }

    /// The message, if the bot can see it.
    pub fn accessible(&self) -> Option<&Message> {
        match self {
            Self::Accessible(message) => Some(message),
            Self::Inaccessible(_) => None,
        }
    }
}

impl From<Message> for MaybeInaccessibleMessage {
    fn from(message: Message) -> Self {
        Self::Accessible(Box::new(message))
    }
}

impl From<InaccessibleMessage> for MaybeInaccessibleMessage {
    fn from(message: InaccessibleMessage) -> Self {
        Self::Inaccessible(Box::new(message))
    }
}

impl Serialize for MaybeInaccessibleMessage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Accessible(message) => message.serialize(serializer),
            Self::Inaccessible(message) => message.serialize(serializer),
        }
    }
}

impl Part for MaybeInaccessibleMessage {
    fn blank() -> Self {
        Self::Accessible(Part::blank())
    }

    /// The fields of the short form are exactly those that a message requires, so both are read as a message, with
    /// nothing buffered: this is on the path of every press.
    fn fill<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        if matches!(self, Self::Inaccessible(_)) {
            *self = Self::blank();
        }
        let Self::Accessible(message) = self else {
            return Ok(());
        };
        message.fill(deserializer)?;
        if message.date == 0 {
            let chat = std::mem::replace(&mut message.chat, Part::blank());
            *self = InaccessibleMessage::new(chat, message.message_id, 0).into();
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for MaybeInaccessibleMessage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        object::read(deserializer)
    }
}
