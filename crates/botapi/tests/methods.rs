//! Methods: what they write, what they read, and the files that go along.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::collections::BTreeMap;

use ringback_botapi::{
    AnswerCallbackQuery, BOT_API_VERSION, ChatId, Content, EditMessageText, GetUpdates, InputFile,
    InputMediaPhoto, InputMediaVideo, METHODS, Method, ParseMode, ReplyParameters, Response,
    ResponseParameters, SendMediaGroup, SendMessage, SendPhoto, Upload,
};
use serde::Deserialize;
use serde::de::value::{Error, MapDeserializer};

#[test]
fn all_methods_are_named() {
    assert_eq!((METHODS.len(), BOT_API_VERSION), (185, "10.3"));
    let mut sorted = METHODS.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(sorted.len(), METHODS.len());
    assert!(METHODS.contains(&AnswerCallbackQuery::NAME));
}

#[test]
fn parameters_are_written_in_order_and_absent_ones_are_not() {
    let method = SendMessage::new("@loud", "hi")
        .parse_mode(ParseMode::HTML)
        .reply_parameters(ReplyParameters::new().message_id(7));
    assert_eq!(
        serde_json::to_string(&method).unwrap(),
        r#"{"chat_id":"@loud","text":"hi","parse_mode":"HTML","reply_parameters":{"message_id":7}}"#
    );
    let edit = EditMessageText::of_inline("BAAA").text("louder");
    assert_eq!(
        serde_json::to_string(&edit).unwrap(),
        r#"{"inline_message_id":"BAAA","text":"louder"}"#
    );
}

#[test]
fn the_answer_to_a_callback_query() {
    let answer = AnswerCallbackQuery::new("q");
    assert_eq!(
        serde_json::to_string(&answer).unwrap(),
        r#"{"callback_query_id":"q"}"#
    );
    let answer = answer
        .text("Louder")
        .show_alert(true)
        .url("t.me/b?start=x")
        .cache_time(5);
    assert_eq!(
        serde_json::to_string(&answer).unwrap(),
        r#"{"callback_query_id":"q","text":"Louder","show_alert":true,"url":"t.me/b?start=x","cache_time":5}"#
    );
}

#[test]
fn parameters_are_read_back() {
    let method: SendMessage =
        serde_json::from_str(r#"{"chat_id":"42","text":"hi","suppress":true}"#).unwrap();
    assert_eq!(method, SendMessage::new(42, "hi"));
    let error = serde_json::from_str::<SendMessage>(r#"{"chat_id":42}"#).unwrap_err();
    assert!(error.to_string().starts_with("missing field `text`"), "{error}");
}

#[test]
fn parameters_can_be_read_from_text_alone() {
    // A form has nothing but text; a deserializer that only knows text is enough where text is asked for.
    let form = BTreeMap::from([("callback_query_id", "12"), ("text", "hello")]);
    let method = AnswerCallbackQuery::deserialize(MapDeserializer::<_, Error>::new(
        form.into_iter().map(|(name, value)| (name, OptionalText(value))),
    ));
    assert_eq!(method.unwrap(), AnswerCallbackQuery::new("12").text("hello"));
    let error = AnswerCallbackQuery::deserialize(MapDeserializer::<_, Error>::new(std::iter::empty::<(
        &str,
        OptionalText<'_>,
    )>()));
    assert_eq!(
        error.unwrap_err().to_string(),
        "missing field `callback_query_id`"
    );
}

/// Text that is there, also where it might not be.
struct OptionalText<'a>(&'a str);

impl<'de, 'a: 'de> serde::de::IntoDeserializer<'de, Error> for OptionalText<'a> {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de, 'a: 'de> serde::Deserializer<'de> for OptionalText<'a> {
    type Error = Error;

    fn deserialize_any<V: serde::de::Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_borrowed_str(self.0)
    }

    fn deserialize_option<V: serde::de::Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

#[test]
fn chats_are_numbers_or_names() {
    assert_eq!(ChatId::from("-100123"), ChatId::Id(-100123));
    assert_eq!(ChatId::from("@loud").username(), Some("@loud"));
    assert_eq!(serde_json::from_str::<ChatId>("7").unwrap().id(), Some(7));
    assert!(serde_json::from_str::<ChatId>("7.5").is_err());
    assert!(serde_json::from_str::<ChatId>("18446744073709551615").is_err());
}

#[test]
fn files_are_text_on_the_wire() {
    for (text, file) in [
        ("AgACAgI", InputFile::Id("AgACAgI".into())),
        (
            "https://example.org/a.png",
            InputFile::Url("https://example.org/a.png".into()),
        ),
        ("attach://a", InputFile::Attach("a".into())),
    ] {
        assert_eq!(InputFile::from(text), file);
        assert_eq!(serde_json::to_value(&file).unwrap(), text);
        assert_eq!(serde_json::from_value::<InputFile>(text.into()).unwrap(), file);
    }
}

#[test]
fn methods_name_the_files_that_go_along() {
    let photo = Upload::new("a.png", &b"png"[..]).part("photo");
    let method = SendPhoto::new(1, photo.clone());
    assert_eq!(
        serde_json::to_string(&method).unwrap(),
        r#"{"chat_id":1,"photo":"attach://photo"}"#
    );
    assert_eq!(method.files(), [&photo]);
    assert!(SendPhoto::new(1, "AgACAgI").files().is_empty());
    assert!(SendMessage::new(1, "hi").files().is_empty());
}

#[test]
fn files_are_found_at_any_depth_and_have_names_of_their_own() {
    let method = SendMediaGroup::new(
        1,
        [
            ringback_botapi::MediaGroupItem::from(InputMediaPhoto::new(InputFile::bytes("a.png", &b"1"[..]))),
            InputMediaVideo::new("AgACAgI")
                .thumbnail(InputFile::bytes("a.png", &b"2"[..]))
                .into(),
        ],
    );
    let files = method.files();
    assert_eq!(
        files.iter().map(|file| file.content.clone()).collect::<Vec<_>>(),
        [Content::from(&b"1"[..]), Content::from(&b"2"[..])]
    );
    assert_ne!(files[0].part, files[1].part);
    let json = serde_json::to_value(&method).unwrap();
    assert_eq!(json["media"][0]["type"], "photo");
    assert_eq!(
        json["media"][1]["thumbnail"],
        format!("attach://{}", files[1].part)
    );
}

#[test]
fn envelopes_have_the_official_order() {
    let ok = Response::ok(true).description("Webhook was set");
    let text = r#"{"ok":true,"result":true,"description":"Webhook was set"}"#;
    assert_eq!(serde_json::to_string(&ok).unwrap(), text);
    assert_eq!(serde_json::from_str::<Response<bool>>(text).unwrap(), ok);

    let error = Response::<bool>::error(429, "Too Many Requests: retry after 3")
        .parameters(ResponseParameters::new().retry_after(3));
    let text = r#"{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 3","parameters":{"retry_after":3}}"#;
    assert_eq!(serde_json::to_string(&error).unwrap(), text);
    assert_eq!(serde_json::from_str::<Response<bool>>(text).unwrap(), error);
}

#[test]
fn a_method_knows_its_result() {
    fn result<M: Method>(_: &M, text: &str) -> Option<M::Response> {
        serde_json::from_str::<Response<M::Response>>(text)
            .unwrap()
            .result
    }
    let updates = result(
        &GetUpdates::new().limit(1),
        r#"{"ok":true,"result":[{"update_id":1}]}"#,
    )
    .unwrap();
    assert_eq!(updates[0].update_id, 1);
    assert_eq!(
        result(&AnswerCallbackQuery::new("1"), r#"{"ok":true,"result":true}"#),
        Some(true)
    );
}
