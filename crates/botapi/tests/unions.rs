//! Unions: each member is told apart, an unknown one is kept, and a malformed one says what is wrong.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use ringback_botapi::{
    BotCommandScope, ChatMember, ChatMemberStatus, ForceReply, InlineKeyboardMarkup, InlineQueryResult,
    InputMessageContent, MenuButton, MessageOrTrue, MessageOrigin, ReactionType, ReplyMarkup, RichText,
};
use serde_json::{Value, json};

#[test]
fn all_chat_members() {
    let text = include_str!("fixtures/chat_members.json");
    let members: Vec<ChatMember> = serde_json::from_str(text).unwrap();
    assert_eq!(
        serde_json::to_value(&members).unwrap(),
        serde_json::from_str::<Value>(text).unwrap()
    );
    let statuses: Vec<&str> = members.iter().map(ChatMember::status).collect();
    assert_eq!(statuses, ChatMemberStatus::VALUES);
    let ids: Vec<i64> = members.iter().map(|member| member.user().unwrap().id).collect();
    assert_eq!(ids, [1, 2, 3, 4, 5, 6]);
    assert!(matches!(members[5], ChatMember::Banned(_)));
}

#[test]
fn an_unknown_member_is_kept() {
    let value =
        json!({"status": "ghost", "user": {"id": 1, "is_bot": false, "first_name": "A"}, "haunts": true});
    let member: ChatMember = serde_json::from_value(value.clone()).unwrap();
    assert_eq!(member.status(), "ghost");
    assert_eq!(member, ChatMember::Unknown(value.clone()));
    assert_eq!(serde_json::to_value(&member).unwrap(), value);

    let origin: MessageOrigin = serde_json::from_value(json!({"date": 1})).unwrap();
    assert_eq!(
        (origin.type_(), matches!(origin, MessageOrigin::Unknown(_))),
        ("", true)
    );
}

#[test]
fn a_malformed_member_says_what_is_wrong() {
    let error = serde_json::from_value::<ChatMember>(json!({"status": "left"})).unwrap_err();
    assert_eq!(error.to_string(), "ChatMember: missing field `user`");
    let error = serde_json::from_str::<ReplyMarkup>("[]").unwrap_err();
    assert!(
        error.to_string().contains("expected an object of ReplyMarkup"),
        "{error}"
    );
    let error = serde_json::from_value::<ReplyMarkup>(json!({"inline_keyboard": [[{}]]})).unwrap_err();
    assert_eq!(error.to_string(), "ReplyMarkup: missing field `text`");
}

#[test]
fn members_without_a_telling_field_are_told_by_shape() {
    let markup = |value| serde_json::from_value::<ReplyMarkup>(value).unwrap();
    assert!(matches!(
        markup(json!({"inline_keyboard": []})),
        ReplyMarkup::InlineKeyboardMarkup(_)
    ));
    let both = json!({"inline_keyboard": [], "force_reply": true});
    assert!(matches!(markup(both), ReplyMarkup::InlineKeyboardMarkup(_)));
    assert!(matches!(
        markup(json!({"keyboard": [[{"text": "a"}]]})),
        ReplyMarkup::ReplyKeyboardMarkup(_)
    ));
    assert!(matches!(
        markup(json!({"remove_keyboard": true})),
        ReplyMarkup::ReplyKeyboardRemove(_)
    ));
    assert!(matches!(
        markup(json!({"force_reply": true})),
        ReplyMarkup::ForceReply(_)
    ));
    assert!(matches!(
        markup(json!({"new_keyboard": true})),
        ReplyMarkup::Unknown(_)
    ));
    assert_eq!(
        serde_json::to_value(ReplyMarkup::from(ForceReply::new())).unwrap(),
        json!({"force_reply": true})
    );

    let content = |value| serde_json::from_value::<InputMessageContent>(value).unwrap();
    let location = json!({"latitude": 1.0, "longitude": 2.0});
    assert!(matches!(content(location), InputMessageContent::Location(_)));
    let venue = json!({"latitude": 1.0, "longitude": 2.0, "title": "t", "address": "a"});
    assert!(matches!(content(venue), InputMessageContent::Venue(_)));
    assert!(matches!(
        content(json!({"message_text": "hi"})),
        InputMessageContent::Text(_)
    ));
}

#[test]
fn members_with_the_same_tag_are_told_by_shape() {
    let result = |value| serde_json::from_value::<InlineQueryResult>(value);
    let cached = json!({"type": "photo", "id": "1", "photo_file_id": "f"});
    assert!(matches!(
        result(cached).unwrap(),
        InlineQueryResult::CachedPhoto(_)
    ));
    let photo = json!({"type": "photo", "id": "1", "photo_url": "u", "thumbnail_url": "t"});
    assert!(matches!(result(photo).unwrap(), InlineQueryResult::Photo(_)));
    let error = result(json!({"type": "photo", "id": "1", "photo_url": "u"})).unwrap_err();
    assert_eq!(
        error.to_string(),
        "InlineQueryResult: missing field `thumbnail_url`"
    );
}

#[test]
fn members_are_written_with_their_tag() {
    let scope = BotCommandScope::from(ringback_botapi::BotCommandScopeDefault::new());
    assert_eq!(serde_json::to_string(&scope).unwrap(), r#"{"type":"default"}"#);
    let button: MenuButton = serde_json::from_str(r#"{"type":"commands"}"#).unwrap();
    assert_eq!(button.type_(), "commands");
    let reaction: ReactionType = serde_json::from_str(r#"{"type":"emoji","emoji":"👍"}"#).unwrap();
    let ReactionType::Emoji(emoji) = &reaction else {
        panic!("{reaction:?}")
    };
    assert_eq!(emoji.emoji, "👍");
}

#[test]
fn rich_text_is_text_a_list_or_an_object() {
    let value = json!(["plain ", {"type": "bold", "text": ["very ", {"type": "italic", "text": "bold"}]}, {"type": "new"}]);
    let text: RichText = serde_json::from_value(value.clone()).unwrap();
    assert_eq!(serde_json::to_value(&text).unwrap(), value);
    let RichText::Array(parts) = text else {
        panic!("not a list")
    };
    assert!(matches!(
        (&parts[0], &parts[1], &parts[2]),
        (RichText::Plain(_), RichText::Bold(_), RichText::Unknown(_))
    ));
}

#[test]
fn an_edit_results_in_a_message_or_true() {
    assert_eq!(
        serde_json::from_str::<MessageOrTrue>("true").unwrap(),
        MessageOrTrue::True
    );
    assert!(serde_json::from_str::<MessageOrTrue>("false").is_err());
    let text = r#"{"message_id":1,"date":2,"chat":{"id":3,"type":"private"}}"#;
    let result: MessageOrTrue = serde_json::from_str(text).unwrap();
    assert_eq!(result.message().unwrap().message_id, 1);
    assert_eq!(serde_json::to_string(&result).unwrap(), text);
}

#[test]
fn an_empty_keyboard_stays_one() {
    let markup = InlineKeyboardMarkup::new(Vec::<Vec<_>>::new());
    assert_eq!(
        serde_json::to_string(&markup).unwrap(),
        r#"{"inline_keyboard":[]}"#
    );
}

#[test]
fn rights_that_an_older_server_does_not_know_are_not_given() {
    let member: ChatMember = serde_json::from_value(json!({
        "status": "administrator",
        "user": {"id": 1, "is_bot": false, "first_name": "A"},
        "can_manage_chat": true
    }))
    .unwrap();
    let ChatMember::Administrator(member) = member else {
        panic!("not an administrator")
    };
    assert!(member.can_manage_chat && !member.can_send_welcome_messages);
}
