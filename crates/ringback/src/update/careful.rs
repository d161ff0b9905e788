//! The careful way to read updates, with `serde_json`: it takes whatever is JSON, and tells what is not as it should be.

use std::fmt;
use std::sync::OnceLock;

use bytes::Bytes;
use ringback_botapi::UPDATE_KINDS;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{Content, Envelope, Presser, Query, Update};

/// Reads a response of `getUpdates`.
pub(super) fn batch(body: &Bytes) -> Result<Envelope<Vec<Update>>, serde_json::Error> {
    if let Ok(envelope) = serde_json::from_slice::<Envelope<Vec<Head<'_>>>>(body) {
        return Ok(envelope.map(|heads| heads.into_iter().map(|head| head.keep(body)).collect()));
    }
    // Once more, with patience. The official server passes a button's data on as it is, UTF-8 or not.
    let body = Bytes::from(String::from_utf8_lossy(body).into_owned());
    let envelope = serde_json::from_slice::<Envelope<Vec<&RawValue>>>(&body)?;
    Ok(envelope.map(|updates| {
        updates
            .into_iter()
            .filter_map(|json| read_one(json, &body))
            .collect()
    }))
}

/// Reads one update by itself; `None` if it has not even a number.
pub(super) fn single(body: &Bytes) -> Option<Update> {
    if let Ok(head) = serde_json::from_slice::<Head<'_>>(body) {
        return Some(head.keep(body));
    }
    let body = Bytes::from(String::from_utf8_lossy(body).into_owned());
    read_one(serde_json::from_slice::<&RawValue>(&body).ok()?, &body)
}

/// Reads one update; `None` if it has not even a number.
fn read_one(json: &RawValue, body: &Bytes) -> Option<Update> {
    #[derive(Deserialize)]
    struct Number {
        update_id: i64,
    }
    match serde_json::from_str::<Head<'_>>(json.get()) {
        Ok(head) => Some(head.keep(body)),
        Err(error) => {
            let Number { update_id } = serde_json::from_str(json.get()).ok()?;
            Some(Update {
                id: update_id,
                content: Content::Unreadable(error.to_string()),
            })
        }
    }
}

/// An update whose parts borrow from the response.
pub(super) struct Head<'a> {
    id: i64,
    content: HeadContent<'a>,
}

#[allow(
    clippy::large_enum_variant,
    reason = "a press is the usual case, and it is moved once"
)]
enum HeadContent<'a> {
    Callback(QueryHead<'a>),
    Other(&'static str, &'a RawValue),
    Unknown,
}

#[derive(Deserialize)]
struct QueryHead<'a> {
    id: String,
    #[serde(borrow)]
    from: PresserHead<'a>,
    #[serde(borrow)]
    message: Option<&'a RawValue>,
    inline_message_id: Option<String>,
    chat_instance: String,
    data: Option<String>,
    game_short_name: Option<String>,
}

struct PresserHead<'a> {
    id: i64,
    json: &'a RawValue,
}

impl<'de: 'a, 'a> Deserialize<'de> for PresserHead<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Id {
            id: i64,
        }
        let json = <&RawValue>::deserialize(deserializer)?;
        let Id { id } = serde_json::from_str(json.get()).map_err(serde::de::Error::custom)?;
        Ok(PresserHead { id, json })
    }
}

impl Head<'_> {
    /// The same without the borrow: JSON becomes a slice of the shared bytes.
    pub(super) fn keep(self, body: &Bytes) -> Update {
        let slice = |json: &RawValue| body.slice_ref(json.get().as_bytes());
        let content = match self.content {
            HeadContent::Callback(query) => Content::Callback(Box::new(Query {
                id: query.id,
                from: Presser {
                    id: query.from.id,
                    json: slice(query.from.json),
                    user: OnceLock::new(),
                },
                message: query.message.map(slice),
                inline_message_id: query.inline_message_id,
                chat_instance: query.chat_instance,
                data: query.data,
                game_short_name: query.game_short_name,
            })),
            HeadContent::Other(kind, json) => Content::Other {
                kind,
                json: slice(json),
            },
            HeadContent::Unknown => {
                Content::Unreadable("a kind of update that this version does not know".into())
            }
        };
        Update { id: self.id, content }
    }
}

enum Key {
    Id,
    Callback,
    Kind(&'static str),
    Unknown,
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl Visitor<'_> for KeyVisitor {
            type Value = Key;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a field of an update")
            }

            fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<Key, E> {
                Ok(match key {
                    "update_id" => Key::Id,
                    "callback_query" => Key::Callback,
                    _ => UPDATE_KINDS
                        .iter()
                        .find(|kind| **kind == key)
                        .map_or(Key::Unknown, |kind| Key::Kind(kind)),
                })
            }
        }
        deserializer.deserialize_identifier(KeyVisitor)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Head<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct HeadVisitor<'a>(std::marker::PhantomData<&'a ()>);
        impl<'de: 'a, 'a> Visitor<'de> for HeadVisitor<'a> {
            type Value = Head<'a>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an update")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Head<'a>, A::Error> {
                let (mut id, mut content) = (None, HeadContent::Unknown);
                while let Some(key) = map.next_key()? {
                    match key {
                        Key::Id => id = Some(map.next_value()?),
                        Key::Callback => content = HeadContent::Callback(map.next_value()?),
                        Key::Kind(kind) => content = HeadContent::Other(kind, map.next_value()?),
                        Key::Unknown => drop(map.next_value::<IgnoredAny>()?),
                    }
                }
                let id = id.ok_or_else(|| serde::de::Error::missing_field("update_id"))?;
                Ok(Head { id, content })
            }
        }
        deserializer.deserialize_map(HeadVisitor(std::marker::PhantomData))
    }
}
