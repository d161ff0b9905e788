//! [`MessageOrTrue`], the result of the methods that edit.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::{Message, object};

/// What an edit results in: the edited message, or just `true` for a message that was sent through inline mode.
#[derive(Debug, Clone, PartialEq)]
pub enum MessageOrTrue {
    /// The message as it is now.
    Message(Box<Message>),
    /// The edit was made; the bot can't see the message.
    True,
}

impl MessageOrTrue {
    /// The message, if the bot can see it.
    pub fn message(&self) -> Option<&Message> {
        match self {
            Self::Message(message) => Some(message),
            Self::True => None,
        }
    }
}

impl From<Message> for MessageOrTrue {
    fn from(message: Message) -> Self {
        Self::Message(Box::new(message))
    }
}

impl Serialize for MessageOrTrue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Message(message) => message.serialize(serializer),
            Self::True => serializer.serialize_bool(true),
        }
    }
}

impl<'de> Deserialize<'de> for MessageOrTrue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MessageOrTrueVisitor;

        impl<'de> Visitor<'de> for MessageOrTrueVisitor {
            type Value = MessageOrTrue;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a message or true")
            }

            fn visit_bool<E: de::Error>(self, flag: bool) -> Result<MessageOrTrue, E> {
                if flag {
                    Ok(MessageOrTrue::True)
                } else {
                    Err(E::invalid_value(de::Unexpected::Bool(false), &self))
                }
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<MessageOrTrue, A::Error> {
                object::read(MapAccessDeserializer::new(map)).map(MessageOrTrue::Message)
            }
        }

        deserializer.deserialize_any(MessageOrTrueVisitor)
    }
}
