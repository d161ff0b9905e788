//! Reading what `getUpdates` returns: one pass over the bytes, and no more of an update than routing needs.
//!
//! A press is mostly its message, which most handlers never look at: it stays a slice of the response's bytes until
//! somebody asks for it.

use std::fmt;
use std::sync::OnceLock;

use bytes::Bytes;
use ringback_botapi::{ResponseParameters, UPDATE_KINDS, User};
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

/// One update, read as far as routing needs.
#[derive(Debug)]
pub(crate) struct Update {
    pub(crate) id: i64,
    pub(crate) content: Content,
}

#[allow(
    clippy::large_enum_variant,
    reason = "a press is the usual case, and it is moved once"
)]
#[derive(Debug)]
pub(crate) enum Content {
    Callback(Query),
    /// A kind that this version knows, and its JSON.
    Other {
        kind: &'static str,
        json: Bytes,
    },
    /// A kind of a later Bot API, or an update that does not have the form it should have.
    Unreadable(String),
}

/// A callback query, its message still in JSON.
#[derive(Debug)]
pub(crate) struct Query {
    pub(crate) id: String,
    pub(crate) from: Presser,
    pub(crate) message: Option<Bytes>,
    pub(crate) inline_message_id: Option<String>,
    pub(crate) chat_instance: String,
    pub(crate) data: Option<String>,
    pub(crate) game_short_name: Option<String>,
}

/// Who pressed: the id, which routing needs, and the rest when somebody asks for it.
#[derive(Debug)]
pub(crate) struct Presser {
    pub(crate) id: i64,
    json: Bytes,
    user: OnceLock<User>,
}

impl Presser {
    pub(crate) fn user(&self) -> &User {
        self.user.get_or_init(|| {
            read(&self.json).unwrap_or_else(|error| {
                tracing::warn!(%error, "a user is malformed");
                User::new(self.id, false, "")
            })
        })
    }
}

/// The server's envelope, with the result still where it was.
#[derive(Deserialize)]
pub(crate) struct Envelope<T> {
    pub(crate) ok: bool,
    pub(crate) result: Option<T>,
    pub(crate) error_code: Option<u16>,
    pub(crate) description: Option<String>,
    pub(crate) parameters: Option<ResponseParameters>,
}

/// Reads a response of `getUpdates`.
///
/// One update that can't be read does not hide the others: it comes out as [`Content::Unreadable`], so that it can
/// be reported, and confirmed, instead of being sent again for ever.
pub(crate) fn read_batch(body: &Bytes) -> Result<Envelope<Vec<Update>>, serde_json::Error> {
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

/// Reads the one update that a webhook is sent; `None` if it has not even a number.
pub(crate) fn read_single(body: &Bytes) -> Option<Update> {
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

impl<T> Envelope<T> {
    fn map<U>(self, f: impl FnOnce(T) -> U) -> Envelope<U> {
        Envelope {
            ok: self.ok,
            result: self.result.map(f),
            error_code: self.error_code,
            description: self.description,
            parameters: self.parameters,
        }
    }
}

/// An update whose parts borrow from the response.
struct Head<'a> {
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
    fn keep(self, body: &Bytes) -> Update {
        let slice = |json: &RawValue| body.slice_ref(json.get().as_bytes());
        let content = match self.content {
            HeadContent::Callback(query) => Content::Callback(Query {
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
            }),
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

/// Reads the JSON of a part that was left for later.
pub(crate) fn read<T: DeserializeOwned>(json: &Bytes) -> Result<T, serde_json::Error> {
    serde_json::from_slice(json)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRESS: &str = r#"{"update_id":7,"callback_query":{"id":"55","from":{"id":9,"is_bot":false,
        "first_name":"Ann"},"message":{"message_id":3,"chat":{"id":9,"type":"private"},"date":0},
        "chat_instance":"-1","data":"vol:\u2191","field_of_tomorrow":[1]}}"#;

    fn batch(updates: &[u8]) -> Vec<Update> {
        let body = [b"{\"ok\":true,\"result\":[", updates, b"]}"].concat();
        read_batch(&Bytes::from(body)).unwrap().result.unwrap()
    }

    #[test]
    fn a_press_is_read_and_its_message_is_left() {
        let updates = batch(PRESS.as_bytes());
        let Content::Callback(query) = &updates[0].content else {
            panic!("{updates:?}")
        };
        assert_eq!((updates[0].id, query.id.as_str(), query.from.id), (7, "55", 9));
        assert_eq!(query.data.as_deref(), Some("vol:↑"));
        assert_eq!(query.from.user().first_name, "Ann");
        assert!(query.message.as_ref().unwrap().starts_with(b"{\"message_id\":3"));
    }

    #[test]
    fn other_kinds_keep_their_json() {
        let updates = batch(br#"{"update_id":8,"poll":{"id":"1"}},{"tomorrow":{},"update_id":9}"#);
        assert!(
            matches!(&updates[0].content, Content::Other { kind: "poll", json } if &json[..] == br#"{"id":"1"}"#)
        );
        assert!(matches!(
            updates[1],
            Update {
                id: 9,
                content: Content::Unreadable(_)
            }
        ));
    }

    #[test]
    fn an_unreadable_update_does_not_hide_the_others() {
        let mut bytes = br#"{"update_id":6,"callback_query":{"id":5}},"#.to_vec();
        bytes.extend_from_slice(PRESS.as_bytes());
        let updates = batch(&bytes);
        assert!(matches!(
            updates[0],
            Update {
                id: 6,
                content: Content::Unreadable(_)
            }
        ));
        assert!(matches!(
            updates[1],
            Update {
                id: 7,
                content: Content::Callback(_)
            }
        ));
    }

    #[test]
    fn data_that_is_not_utf8_is_data_still() {
        let press = PRESS.replace("vol:\\u2191", "vol:#");
        let bytes: Vec<u8> = press
            .bytes()
            .map(|byte| if byte == b'#' { 0xff } else { byte })
            .collect();
        let updates = batch(&bytes);
        let Content::Callback(query) = &updates[0].content else {
            panic!("{updates:?}")
        };
        assert_eq!(query.data.as_deref(), Some("vol:\u{fffd}"));
    }

    #[test]
    fn a_refusal_is_an_envelope_too() {
        let body = br#"{"ok":false,"error_code":409,"description":"Conflict: x"}"#;
        let envelope = read_batch(&Bytes::from_static(body)).unwrap();
        assert_eq!((envelope.ok, envelope.error_code), (false, Some(409)));
    }
}
