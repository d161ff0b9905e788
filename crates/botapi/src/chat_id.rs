//! [`ChatId`], in a module of its own because the Bot API has no name for it.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

/// What a method takes as a chat: its number, or the `@username` of a public one.
///
/// A user's number is the number of the private chat with that user; groups are negative, supergroups and channels
/// start at -1000000000000 and go down. Text that is a number is read as one, as the official server does.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ChatId {
    /// The number of a chat. At most 52 bits are used.
    Id(i64),
    /// The `@username` of a public chat, with its `@`.
    Username(String),
}

impl ChatId {
    /// The number, if it is one.
    pub fn id(&self) -> Option<i64> {
        match self {
            Self::Id(id) => Some(*id),
            Self::Username(_) => None,
        }
    }

    /// The username, if it is one.
    pub fn username(&self) -> Option<&str> {
        match self {
            Self::Id(_) => None,
            Self::Username(username) => Some(username),
        }
    }
}

impl From<i64> for ChatId {
    fn from(id: i64) -> Self {
        Self::Id(id)
    }
}

impl From<&str> for ChatId {
    fn from(text: &str) -> Self {
        text.parse()
            .map_or_else(|_| Self::Username(text.to_owned()), Self::Id)
    }
}

impl From<String> for ChatId {
    fn from(text: String) -> Self {
        match text.parse() {
            Ok(id) => Self::Id(id),
            Err(_) => Self::Username(text),
        }
    }
}

impl fmt::Display for ChatId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(f, "{id}"),
            Self::Username(username) => f.write_str(username),
        }
    }
}

impl Serialize for ChatId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Id(id) => serializer.serialize_i64(*id),
            Self::Username(username) => serializer.serialize_str(username),
        }
    }
}

crate::object::simple_parts! { ChatId = Self::Id(0), }

impl<'de> Deserialize<'de> for ChatId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ChatIdVisitor;

        impl Visitor<'_> for ChatIdVisitor {
            type Value = ChatId;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a chat's number or @username")
            }

            fn visit_i64<E: de::Error>(self, id: i64) -> Result<ChatId, E> {
                Ok(ChatId::Id(id))
            }

            fn visit_u64<E: de::Error>(self, id: u64) -> Result<ChatId, E> {
                i64::try_from(id)
                    .map(ChatId::Id)
                    .map_err(|_| E::invalid_value(de::Unexpected::Unsigned(id), &self))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<ChatId, E> {
                Ok(text.into())
            }

            fn visit_string<E: de::Error>(self, text: String) -> Result<ChatId, E> {
                Ok(text.into())
            }
        }

        deserializer.deserialize_any(ChatIdVisitor)
    }
}
