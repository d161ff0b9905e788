//! Updates, as the server sends them: what is read is what was there, and writing it again loses nothing.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use ringback_botapi::{
    ChatType, MaybeInaccessibleMessage, MessageEntityType, UPDATE_KINDS, Update, UpdateKind,
};
use serde_json::{Value, json};

/// Reads an update, checks that writing gives the same JSON, and hands it over.
fn round_trip(text: &str) -> Update {
    let update: Update = serde_json::from_str(text).unwrap();
    assert_eq!(
        serde_json::to_value(&update).unwrap(),
        serde_json::from_str::<Value>(text).unwrap()
    );
    // By way of a value, too: other deserializers than that of JSON text have to work.
    assert_eq!(
        serde_json::from_value::<Update>(serde_json::to_value(&update).unwrap()).unwrap(),
        update
    );
    update
}

fn callback(text: &str) -> ringback_botapi::CallbackQuery {
    match round_trip(text).kind {
        UpdateKind::CallbackQuery(query) => *query,
        other => panic!("not a callback query: {other:?}"),
    }
}

#[test]
fn message_with_entities_and_keyboard() {
    let update = round_trip(include_str!("fixtures/message.json"));
    assert_eq!((update.update_id, update.kind.name()), (730114201, "message"));
    let UpdateKind::Message(message) = update.kind else {
        panic!("not a message")
    };
    assert_eq!(message.chat.type_, ChatType::Supergroup);
    assert!(message.is_topic_message && !message.has_protected_content);
    assert_eq!(
        message.reply_to_message.as_ref().unwrap().text.as_deref(),
        Some("How loud?")
    );

    let entity = &message.entities.as_ref().unwrap()[0];
    assert_eq!(entity.type_, MessageEntityType::BotCommand);
    let units: Vec<u16> = message.text.as_deref().unwrap().encode_utf16().collect();
    let (start, end) = (entity.offset as usize, (entity.offset + entity.length) as usize);
    assert_eq!(String::from_utf16(&units[start..end]).unwrap(), "/volume");

    let rows = &message.reply_markup.as_ref().unwrap().inline_keyboard;
    assert_eq!(rows[0][0].callback_data.as_deref(), Some("vol:up"));
    assert!(rows[1][0].callback_game.is_some() && rows[1][2].disabled.is_some());
}

#[test]
fn callback_query_with_its_message() {
    let query = callback(include_str!("fixtures/callback_message.json"));
    assert_eq!(query.data.as_deref(), Some("vol:up"));
    let message = query.message.as_ref().unwrap().accessible().unwrap();
    assert_eq!(message.text.as_deref(), Some("Volume: 5"));
}

#[test]
fn a_date_of_zero_is_an_inaccessible_message() {
    let query = callback(include_str!("fixtures/callback_inaccessible.json"));
    let message = query.message.unwrap();
    assert!(matches!(message, MaybeInaccessibleMessage::Inaccessible(_)));
    assert!(message.accessible().is_none());
    assert_eq!((message.chat().id, message.message_id()), (5001, 12));
}

#[test]
fn callback_query_of_an_inline_message_and_of_a_game() {
    let query = callback(include_str!("fixtures/callback_inline.json"));
    assert_eq!(
        (query.message, query.inline_message_id.as_deref()),
        (None, Some("BAAAAxyz"))
    );
    let query = callback(include_str!("fixtures/callback_game.json"));
    assert_eq!(
        (query.data, query.game_short_name.as_deref()),
        (None, Some("louder"))
    );
}

#[test]
fn what_is_not_known_is_ignored_or_kept() {
    let text = include_str!("fixtures/callback_message.json");
    let mut value: Value = serde_json::from_str(text).unwrap();
    value["trace"] = json!({"new": [1]});
    value["callback_query"]["mood"] = json!("good");
    value["callback_query"]["message"]["chat"]["type"] = json!("salon");
    let update: Update = serde_json::from_value(value).unwrap();
    let UpdateKind::CallbackQuery(query) = update.kind else {
        panic!("not a callback query")
    };
    let chat = query.message.as_ref().unwrap().chat();
    assert_eq!(chat.type_, ChatType::Unknown("salon".to_owned()));
    assert_eq!(serde_json::to_value(chat).unwrap()["type"], "salon");
}

#[test]
fn an_unknown_kind_is_kept_and_no_kind_is_empty() {
    let update = round_trip(r#"{"update_id":1,"telepathy":{"from":7,"thought":["up"]}}"#);
    assert_eq!(update.kind.name(), "telepathy");
    let UpdateKind::Unknown { value, .. } = update.kind else {
        panic!("known")
    };
    assert_eq!(value["thought"][0], "up");
    assert_eq!(round_trip(r#"{"update_id":1}"#).kind, UpdateKind::Empty);
    let null: Update = serde_json::from_str(r#"{"message":null,"update_id":3}"#).unwrap();
    assert_eq!((null.update_id, null.kind), (3, UpdateKind::Empty));
}

#[test]
fn an_update_without_its_id_is_an_error() {
    let error = serde_json::from_str::<Update>(r#"{"telepathy":{}}"#).unwrap_err();
    assert!(
        error.to_string().starts_with("missing field `update_id`"),
        "{error}"
    );
}

#[test]
fn every_kind_has_a_name() {
    assert_eq!(UPDATE_KINDS.len(), 27);
    assert!(UPDATE_KINDS.contains(&"callback_query") && !UPDATE_KINDS.contains(&"update_id"));
}
