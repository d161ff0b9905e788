//! Shortcuts: methods filled with what an object knows.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use ringback_botapi::*;
use serde_json::{Value, json};

fn message(more: Value) -> Message {
    let mut message =
        json!({"message_id": 5, "date": 1, "chat": {"id": -100, "type": "supergroup", "title": "T"}});
    message
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    serde_json::from_value(message).unwrap()
}

#[track_caller]
fn is<M: Method>(method: M, name: &str, parameters: Value) {
    assert_eq!(M::NAME, name);
    assert_eq!(serde_json::to_value(&method).unwrap(), parameters);
}

#[test]
fn answers_go_to_the_messages_place() {
    let plain = message(json!({}));
    is(
        plain.answer("hi"),
        "sendMessage",
        json!({"chat_id": -100, "text": "hi"}),
    );
    is(
        plain.reply("hi"),
        "sendMessage",
        json!({"chat_id": -100, "text": "hi", "reply_parameters": {"message_id": 5}}),
    );
    let topic =
        message(json!({"message_thread_id": 7, "is_topic_message": true, "business_connection_id": "b"}));
    is(
        topic.answer_photo("file"),
        "sendPhoto",
        json!({"chat_id": -100, "photo": "file", "message_thread_id": 7, "business_connection_id": "b"}),
    );
    is(
        topic.reply_venue(1.0, 2.0, "Home", "Street 1"),
        "sendVenue",
        json!({"chat_id": -100, "latitude": 1.0, "longitude": 2.0, "title": "Home", "address": "Street 1",
               "message_thread_id": 7, "business_connection_id": "b", "reply_parameters": {"message_id": 5}}),
    );
    // A method takes what it has a parameter for: an invoice knows no business connection.
    is(
        topic.answer_invoice("t", "d", "p", "XTR", [LabeledPrice::new("l", 1)]),
        "sendInvoice",
        json!({"chat_id": -100, "title": "t", "description": "d", "payload": "p", "currency": "XTR",
               "prices": [{"label": "l", "amount": 1}], "message_thread_id": 7}),
    );
    // A thread of replies has a number as well, and is no topic.
    let thread = message(json!({"message_thread_id": 7}));
    is(thread.answer_dice(), "sendDice", json!({"chat_id": -100}));
    let direct = message(json!({"direct_messages_topic": {"topic_id": 9}}));
    is(
        direct.answer("hi"),
        "sendMessage",
        json!({"chat_id": -100, "text": "hi", "direct_messages_topic_id": 9}),
    );
}

#[test]
fn a_reply_to_what_one_person_sees_is_seen_by_that_person() {
    let ann = json!({"id": 3, "is_bot": false, "first_name": "Ann"});
    let seen = message(json!({"message_id": 0, "ephemeral_message_id": 8, "from": ann}));
    is(
        seen.reply("hi"),
        "sendMessage",
        json!({"chat_id": -100, "text": "hi", "reply_parameters": {"ephemeral_message_id": 8},
               "ephemeral_message_parameters": {"receiver_user_id": 3}}),
    );
    is(
        seen.answer("hi"),
        "sendMessage",
        json!({"chat_id": -100, "text": "hi"}),
    );
}

#[test]
fn a_message_is_named_by_what_is_done_about_it() {
    let message = message(json!({"business_connection_id": "b"}));
    let which = |more: Value| {
        let mut all = json!({"chat_id": -100, "message_id": 5, "business_connection_id": "b"});
        all.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        all
    };
    is(
        message.edit_text("x"),
        "editMessageText",
        which(json!({"text": "x"})),
    );
    is(message.edit_caption(None), "editMessageCaption", which(json!({})));
    is(
        message.edit_reply_markup(None),
        "editMessageReplyMarkup",
        which(json!({})),
    );
    is(
        message.edit_media(InputMediaPhoto::new("f")),
        "editMessageMedia",
        which(json!({"media": {"type": "photo", "media": "f"}})),
    );
    is(
        message.edit_live_location(1.0, 2.0),
        "editMessageLiveLocation",
        which(json!({"latitude": 1.0, "longitude": 2.0})),
    );
    is(
        message.stop_live_location(),
        "stopMessageLiveLocation",
        which(json!({})),
    );
    is(message.stop_poll(), "stopPoll", which(json!({})));
    is(message.pin(), "pinChatMessage", which(json!({})));
    is(message.unpin(), "unpinChatMessage", which(json!({})));
    is(
        message.delete(),
        "deleteMessage",
        json!({"chat_id": -100, "message_id": 5}),
    );
    is(
        message.copy_to("@other"),
        "copyMessage",
        json!({"chat_id": "@other", "from_chat_id": -100, "message_id": 5}),
    );
    is(
        message.forward(7),
        "forwardMessage",
        json!({"chat_id": 7, "from_chat_id": -100, "message_id": 5}),
    );
    is(
        message.react([ReactionTypeEmoji::new("👍")]),
        "setMessageReaction",
        json!({"chat_id": -100, "message_id": 5, "reaction": [{"type": "emoji", "emoji": "👍"}]}),
    );

    // What is left of an old message is enough for all of this.
    let old: MaybeInaccessibleMessage =
        serde_json::from_value(json!({"message_id": 5, "date": 0, "chat": {"id": 7, "type": "private"}}))
            .unwrap();
    is(
        old.edit_text("x"),
        "editMessageText",
        json!({"chat_id": 7, "message_id": 5, "text": "x"}),
    );
    is(
        old.delete(),
        "deleteMessage",
        json!({"chat_id": 7, "message_id": 5}),
    );
    is(old.answer("x"), "sendMessage", json!({"chat_id": 7, "text": "x"}));
    is(
        old.reply_sticker("f"),
        "sendSticker",
        json!({"chat_id": 7, "sticker": "f", "reply_parameters": {"message_id": 5}}),
    );
    let new = MaybeInaccessibleMessage::from(message);
    is(
        new.answer("x"),
        "sendMessage",
        json!({"chat_id": -100, "text": "x", "business_connection_id": "b"}),
    );
}

#[test]
fn queries_and_requests_are_answered_by_their_ids() {
    let ann = json!({"id": 3, "is_bot": false, "first_name": "Ann"});
    let read = |value: Value| value;
    let query: InlineQuery =
        serde_json::from_value(read(json!({"id": "q", "from": ann, "query": "", "offset": ""}))).unwrap();
    let article = InlineQueryResultArticle::new("1", "t", InputTextMessageContent::new("m"));
    let answer = query.answer([article]);
    assert_eq!((answer.inline_query_id.as_str(), answer.results.len()), ("q", 1));

    let checkout: PreCheckoutQuery = serde_json::from_value(
        json!({"id": "p", "from": ann, "currency": "XTR", "total_amount": 1, "invoice_payload": "x"}),
    )
    .unwrap();
    is(
        checkout.answer(),
        "answerPreCheckoutQuery",
        json!({"pre_checkout_query_id": "p", "ok": true}),
    );
    is(
        checkout.refuse("sold"),
        "answerPreCheckoutQuery",
        json!({"pre_checkout_query_id": "p", "ok": false, "error_message": "sold"}),
    );

    let address = json!({"country_code": "DE", "state": "", "city": "", "street_line1": "", "street_line2": "",
                         "post_code": ""});
    let shipping: ShippingQuery = serde_json::from_value(
        json!({"id": "s", "from": ann, "invoice_payload": "x", "shipping_address": address}),
    )
    .unwrap();
    is(
        shipping.answer([ShippingOption::new("1", "Post", [LabeledPrice::new("l", 1)])]),
        "answerShippingQuery",
        json!({"shipping_query_id": "s", "ok": true,
               "shipping_options": [{"id": "1", "title": "Post", "prices": [{"label": "l", "amount": 1}]}]}),
    );
    is(
        shipping.refuse("too far"),
        "answerShippingQuery",
        json!({"shipping_query_id": "s", "ok": false, "error_message": "too far"}),
    );

    let chat = json!({"id": -100, "type": "supergroup", "title": "T"});
    let mut request: ChatJoinRequest =
        serde_json::from_value(json!({"chat": chat, "from": ann, "user_chat_id": 33, "date": 1})).unwrap();
    is(
        request.approve(),
        "approveChatJoinRequest",
        json!({"chat_id": -100, "user_id": 3}),
    );
    is(
        request.decline(),
        "declineChatJoinRequest",
        json!({"chat_id": -100, "user_id": 3}),
    );
    is(
        request.answer("hi"),
        "sendMessage",
        json!({"chat_id": -100, "text": "hi"}),
    );
    is(
        request.answer_pm("hi"),
        "sendMessage",
        json!({"chat_id": 33, "text": "hi"}),
    );
    assert!(request.decide(JoinRequestDecision::Approve).is_none());
    request.query_id = Some("j".into());
    is(
        request.decide(JoinRequestDecision::Queue).unwrap(),
        "answerChatJoinRequestQuery",
        json!({"chat_join_request_query_id": "j", "result": "queue"}),
    );
}

#[test]
fn chats_and_users_are_written_to_and_managed() {
    let chat: Chat = serde_json::from_value(json!({"id": -100, "type": "supergroup", "title": "T"})).unwrap();
    let ann: User = serde_json::from_value(json!({"id": 3, "is_bot": false, "first_name": "Ann"})).unwrap();
    is(
        chat.send_message("hi"),
        "sendMessage",
        json!({"chat_id": -100, "text": "hi"}),
    );
    is(
        ann.send_document("f"),
        "sendDocument",
        json!({"chat_id": 3, "document": "f"}),
    );
    is(
        chat.action(ChatAction::Typing),
        "sendChatAction",
        json!({"chat_id": -100, "action": "typing"}),
    );
    is(
        chat.ban(3),
        "banChatMember",
        json!({"chat_id": -100, "user_id": 3}),
    );
    is(
        chat.unpin_message(None),
        "unpinChatMessage",
        json!({"chat_id": -100}),
    );
    is(
        chat.set_title("New"),
        "setChatTitle",
        json!({"chat_id": -100, "title": "New"}),
    );
    is(
        chat.get_member(3),
        "getChatMember",
        json!({"chat_id": -100, "user_id": 3}),
    );
    is(
        ann.get_profile_photos(),
        "getUserProfilePhotos",
        json!({"user_id": 3}),
    );
}

#[test]
fn methods_say_which_chat_they_are_about() {
    assert_eq!(SendMessage::new(7, "x").chat(), Some(ChatId::Id(7)));
    assert_eq!(
        SendMessage::new("@x", "x").chat(),
        Some(ChatId::Username("@x".into()))
    );
    assert_eq!(EditMessageText::of_inline("i").chat(), None);
    assert_eq!(EditMessageText::of(7, 1).chat(), Some(ChatId::Id(7)));
    assert_eq!(SetGameScore::new(1, 2).chat_id(7).chat(), Some(ChatId::Id(7)));
    assert_eq!(AnswerCallbackQuery::new("1").chat(), None);
    assert!(!SendMessage::new(7, "x").is_paid_broadcast());
    assert!(
        SendMessage::new(7, "x")
            .allow_paid_broadcast(true)
            .is_paid_broadcast()
    );
}
