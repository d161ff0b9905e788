//! Users, bots and chats as a request names them: by number or by username.

use super::error::Failure;
use ringback_world::{ChatId, Peer, User, UserId, World};
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use std::fmt;

/// A number, a number as a string, or a username with or without its `@`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Id {
    Number(i64),
    Name(String),
}

impl Id {
    pub(super) fn read(text: &str) -> Id {
        let text = text.trim();
        text.parse()
            .map_or_else(|_| Id::Name(text.to_owned()), Id::Number)
    }

    /// The user or bot it names.
    pub(super) fn user<'a>(&self, world: &'a World) -> Result<&'a User, Failure> {
        let id = match self {
            Id::Number(id) => Some(UserId(*id)),
            Id::Name(name) => match world.resolve(name) {
                Some(Peer::User(id)) => Some(id),
                Some(_) => {
                    return Err(Failure::bad_request(format!(
                        "{self} is a chat, and a user is needed here"
                    )));
                }
                None => None,
            },
        };
        let unknown = || {
            Failure::not_found(format!("There is no user {self}"))
                .hint("GET /users and GET /bots list those there are; POST /users makes one.")
        };
        id.and_then(|id| world.user(id)).ok_or_else(unknown)
    }

    /// The person it names: bots act through the Bot API.
    pub(super) fn person(&self, world: &World) -> Result<UserId, Failure> {
        let user = self.user(world)?;
        if user.is_bot {
            let failure = Failure::bad_request(format!("{self} is a bot, and a person is needed here"));
            return Err(failure.hint("A bot acts through the Bot API, with its token."));
        }
        Ok(user.id)
    }

    /// The bot it names.
    pub(super) fn bot(&self, world: &World) -> Result<UserId, Failure> {
        let user = self.user(world)?;
        if user.is_bot {
            Ok(user.id)
        } else {
            Err(Failure::bad_request(format!("{self} is not a bot")))
        }
    }

    /// The chat it names, as a user sees it: a user's or bot's id is the private chat with it.
    pub(super) fn peer(&self, world: &World) -> Result<Peer, Failure> {
        let peer = match self {
            Id::Number(id) => Peer::from_chat_id(*id),
            Id::Name(name) => world.resolve(name),
        };
        let known = peer.filter(|peer| match peer {
            Peer::User(id) => world.user(*id).is_some(),
            Peer::Group(id) => world.chat(ChatId::Group(*id)).is_some(),
            Peer::Channel(id) => world.chat(ChatId::Channel(*id)).is_some(),
        });
        known.ok_or_else(|| {
            Failure::not_found(format!("There is no chat {self}"))
                .hint("GET /chats?as=… lists a user's chats; the private chat with someone has their id.")
        })
    }

    /// The group, supergroup or channel it names.
    pub(super) fn chat(&self, world: &World) -> Result<ChatId, Failure> {
        match self.peer(world)? {
            Peer::Group(id) => Ok(ChatId::Group(id)),
            Peer::Channel(id) => Ok(ChatId::Channel(id)),
            Peer::User(_) => Err(Failure::bad_request(format!(
                "{self} is a user, and a group or channel is needed here"
            ))),
        }
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Id::Number(id) => id.fmt(f),
            Id::Name(name) => write!(f, "@{}", name.strip_prefix('@').unwrap_or(name)),
        }
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Id, D::Error> {
        struct Reader;
        impl Visitor<'_> for Reader {
            type Value = Id;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an id (a number) or a username like \"@ann\"")
            }

            fn visit_i64<E>(self, id: i64) -> Result<Id, E> {
                Ok(Id::Number(id))
            }

            fn visit_u64<E: Error>(self, id: u64) -> Result<Id, E> {
                i64::try_from(id)
                    .map(Id::Number)
                    .map_err(|_| E::custom(format_args!("{id} is too large for an id")))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Id, E> {
                if text.trim().is_empty() {
                    Err(E::invalid_value(serde::de::Unexpected::Str(text), &self))
                } else {
                    Ok(Id::read(text))
                }
            }
        }
        from.deserialize_any(Reader)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_strings_and_names() {
        let read = |text: &str| serde_json::from_str::<Id>(text);
        assert_eq!(read("5").unwrap(), Id::Number(5));
        assert_eq!(read("-100").unwrap(), Id::Number(-100));
        assert_eq!(
            read("\"-1002000000001\"").unwrap(),
            Id::Number(-1_002_000_000_001)
        );
        assert_eq!(read("\"@Ann\"").unwrap().to_string(), "@Ann");
        assert_eq!(read("\"ann\"").unwrap().to_string(), "@ann");
        for bad in [
            "1.5",
            "true",
            "null",
            "[]",
            "\"\"",
            "99999999999999999999",
            "18446744073709551615",
        ] {
            let error = read(bad).unwrap_err().to_string();
            assert!(error.contains("id"), "{bad}: {error}");
        }
    }
}
