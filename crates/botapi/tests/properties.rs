//! For generated values: what is written reads back the same.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use ringback_botapi::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

fn reads_back<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T) {
    let text = serde_json::to_string(value).unwrap();
    assert_eq!(&serde_json::from_str::<T>(&text).unwrap(), value, "{text}");
    let json = serde_json::to_value(value).unwrap();
    assert_eq!(&serde_json::from_value::<T>(json).unwrap(), value, "{text}");
}

fn button() -> impl Strategy<Value = InlineKeyboardButton> {
    (
        any::<String>(),
        option::of(any::<String>()),
        option::of("[a-z]{0,9}"),
        any::<bool>(),
    )
        .prop_map(|(text, data, style, disabled)| {
            let mut button = InlineKeyboardButton::new(text);
            button.callback_data = data;
            button.style = style.map(Into::into);
            if disabled {
                button.disabled(DisabledButton::new())
            } else {
                button
            }
        })
}

fn user() -> impl Strategy<Value = User> {
    (
        any::<i64>(),
        any::<bool>(),
        any::<String>(),
        option::of(any::<String>()),
        any::<bool>(),
    )
        .prop_map(|(id, is_bot, name, username, premium)| {
            let mut user = User::new(id, is_bot, name).is_premium(premium);
            user.username = username;
            user
        })
}

fn message() -> impl Strategy<Value = Message> {
    let entity = (any::<i64>(), any::<i64>(), "[a-z_]{1,12}")
        .prop_map(|(offset, length, kind)| MessageEntity::new(kind, offset, length));
    (
        any::<i64>(),
        1..i64::MAX,
        any::<i64>(),
        option::of(user()),
        option::of(any::<String>()),
        option::of(vec(entity, 0..3)),
        option::of(vec(vec(button(), 0..3), 0..3)),
    )
        .prop_map(|(id, date, chat, from, text, entities, rows)| {
            let mut message = Message::new(id, date, Chat::new(chat, ChatType::Private));
            message.from = from.map(Box::new);
            message.text = text;
            message.entities = entities;
            message.reply_markup = rows.map(|rows| Box::new(InlineKeyboardMarkup::new(rows)));
            message
        })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn updates(id in any::<i64>(), from in user(), message in option::of(message()), data in any::<String>()) {
        let mut query = CallbackQuery::new("1", from, "2").data(data);
        query.message = message.clone().map(Into::into);
        reads_back(&Update::new(id, query));
        if let Some(message) = message {
            reads_back(&Update::new(id, UpdateKind::EditedMessage(Box::new(message))));
        }
    }

    #[test]
    fn methods(chat in any::<i64>(), text in any::<String>(), rows in vec(vec(button(), 0..3), 0..3), silent in any::<bool>()) {
        let method = SendMessage::new(chat, text)
            .disable_notification(silent)
            .reply_markup(InlineKeyboardMarkup::new(rows));
        reads_back(&method);
    }

    #[test]
    fn nothing_from_outside_panics(text in r#"\{("(update_id|message|callback_query|id|date|type)":(-?[0-9]{1,20}|null|"[a-z]{0,3}"|\{\}|\[\]),?){0,4}\}"#) {
        let _ = serde_json::from_str::<Update>(&text);
        let _ = serde_json::from_str::<ChatMember>(&text);
        let _ = serde_json::from_str::<RichText>(&text);
        let _ = serde_json::from_str::<SendMessage>(&text);
    }
}
