//! Reading what `getUpdates` returns: one pass over the bytes, and no more of an update than routing needs.
//!
//! A press is mostly its message, which most handlers never look at: it stays a slice of the response's bytes until
//! somebody asks for it. [`quick`] reads what is as it should be; what it does not like, [`careful`] reads once more and
//! says what is wrong.

mod block;
mod careful;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzz;
mod quick;
mod scan;

use std::sync::OnceLock;

use bytes::Bytes;
use ringback_botapi::{ResponseParameters, User};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// One update, read as far as routing needs.
#[derive(Debug)]
pub(crate) struct Update {
    pub(crate) id: i64,
    pub(crate) content: Content,
}

#[derive(Debug)]
pub(crate) enum Content {
    /// In a box: it is handed on some times until it is where it stays.
    Callback(Box<Query>),
    /// A kind that this version knows, and its JSON.
    Other { kind: &'static str, json: Bytes },
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
    if let Some(updates) = quick::batch(body) {
        return Ok(Envelope {
            ok: true,
            result: Some(updates),
            error_code: None,
            description: None,
            parameters: None,
        });
    }
    careful::batch(body)
}

/// Reads the one update that a webhook is sent; `None` if it has not even a number.
pub(crate) fn read_single(body: &Bytes) -> Option<Update> {
    quick::single(body).or_else(|| careful::single(body))
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

/// Reads the JSON of a part that was left for later.
pub(crate) fn read<T: DeserializeOwned>(json: &Bytes) -> Result<T, serde_json::Error> {
    // Checked as a whole, text is not checked again string by string.
    match std::str::from_utf8(json) {
        Ok(text) => serde_json::from_str(text),
        Err(_) => serde_json::from_slice(json),
    }
}

/// The chat and the number of a message, without reading the rest of it.
pub(crate) fn place(message: &Bytes) -> Option<(i64, i64)> {
    #[derive(Deserialize)]
    struct Place {
        message_id: i64,
        chat: Chat,
    }
    #[derive(Deserialize)]
    struct Chat {
        id: i64,
    }
    quick::place(message).or_else(|| {
        let Place { message_id, chat } = read(message).ok()?;
        Some((chat.id, message_id))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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

    #[test]
    fn an_ordinary_response_is_read_quickly() {
        let press = include_str!("../../benches/press.json");
        let body = Bytes::from(format!("{{\"ok\":true, \"result\":[{press},\n{press}]}}\n"));
        assert_eq!(quick::batch(&body).map(|updates| updates.len()), Some(2));
        let empty = Bytes::from_static(br#"{"ok":true,"result":[]}"#);
        assert_eq!(quick::batch(&empty).map(|updates| updates.len()), Some(0));
        let refused = Bytes::from_static(br#"{"ok":false,"result":[]}"#);
        assert!(quick::batch(&refused).is_none());
    }

    #[test]
    fn a_place_is_that_of_the_message_itself() {
        let message = Bytes::from_static(
            br#"{"reply_to_message":{"message_id":1,"chat":{"id":2}},"chat":{"title":"]","id":-4},"message_id":3}"#,
        );
        assert_eq!(
            (place(&message), quick::place(&message)),
            (Some((-4, 3)), Some((-4, 3)))
        );
        let escaped = Bytes::from_static(br#"{"message_id":3,"ch\u0061t":{"id":-4}}"#);
        assert_eq!((place(&escaped), quick::place(&escaped)), (Some((-4, 3)), None));
        assert_eq!(place(&Bytes::from_static(b"{\"message_id\":3}")), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever `serde_json` takes, the quick way reads alike or leaves to it.
        #[test]
        fn both_ways_read_the_same(changes in proptest::collection::vec((any::<prop::sample::Index>(), r#"|[ "\\{}\[\],:0-9a-z-]|null|\\u0061|,"data":null|,"id":1"#), 1..3)) {
            let mut text = PRESS.to_owned();
            for (at, change) in changes {
                let at = at.index(text.len());
                if text.is_char_boundary(at + 1) {
                    text.replace_range(at..=at, &change);
                }
            }
            let body = Bytes::from(text);
            let quick = quick::single(&body);
            if let (Some(quick), Ok(head)) = (quick, serde_json::from_slice::<careful::Head<'_>>(&body)) {
                let careful = head.keep(&body);
                prop_assert_eq!(format!("{quick:?}"), format!("{careful:?}"));
            }
        }
    }
}
