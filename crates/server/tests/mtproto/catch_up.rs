//! What was missed, in slices and of channels; and layers that nobody has.

use crate::client::{Local, Wire};
use ringback_tl::{Encode, Layer, ctors, functions as call, types};
use serde_json::{Value, json};

async fn say(local: &Local, chat: &Value, text: &str) -> Value {
    let message = json!({"from": local.ann, "chat": chat, "text": text});
    local.control("POST", "/messages", message).await
}

/// A supergroup of Ann and the bot, as she names it.
async fn group(local: &Local, wire: &mut Wire) -> (Value, types::InputChannel) {
    let members = json!([local.ann, local.bot]);
    let group = json!({"type": "supergroup", "title": "Kitchen", "members": members});
    let group = local.control("POST", "/chats", group).await["id"].clone();
    say(local, &group, "welcome").await;
    let dialogs = call::messages::GetDialogs {
        limit: 10,
        ..Default::default()
    };
    let (types::messages::Dialogs::Dialogs(ctors::messages::Dialogs { chats, .. })
    | types::messages::Dialogs::Slice(ctors::messages::DialogsSlice { chats, .. })) =
        wire.call(&dialogs).await.unwrap()
    else {
        panic!("no dialogs")
    };
    let channel = chats.into_iter().find_map(|chat| match chat {
        types::Chat::Channel(channel) => Some(ctors::InputChannel {
            channel_id: channel.id,
            access_hash: channel.access_hash.unwrap(),
        }),
        _ => None,
    });
    (group, channel.unwrap().into())
}

fn texts(messages: &[types::Message]) -> Vec<&str> {
    let texts = messages.iter().filter_map(|message| match message {
        types::Message::Message(message) => Some(message.message.as_str()),
        _ => None,
    });
    texts.collect()
}

/// The same request, which asks for no updates to follow it.
fn without_updates<C: Encode>(query: C) -> Vec<u8> {
    let mut call = 0xbf94_59b7_u32.to_le_bytes().to_vec();
    call.extend(ringback_tl::encode(&query, Layer::NEWEST).unwrap());
    call
}

#[tokio::test]
async fn who_once_asked_for_updates_gets_them_and_who_never_did_does_not() {
    let local = Local::with_people().await;
    local.menu().await;
    let mut wire = local.ready(local.ann).await;
    let bot = json!(local.bot);
    let quiet = without_updates(call::updates::GetState);
    wire.raw(quiet.clone()).await.unwrap();
    say(&local, &bot, "unheard").await;
    wire.raw(quiet.clone()).await.unwrap();
    assert_eq!(wire.updates, []);
    wire.begin().await;
    wire.raw(quiet).await.unwrap();
    say(&local, &bot, "heard").await;
    while wire.updates.is_empty() {
        wire.hear().await;
    }
    let types::Update::NewMessage(heard) = &wire.updates[0] else {
        panic!("{:?}", wire.updates)
    };
    assert_eq!(texts(std::slice::from_ref(&heard.message)), ["heard"]);
}

#[tokio::test]
async fn much_is_told_in_slices_or_not_at_all_as_the_client_wants() {
    let local = Local::with_people().await;
    local.menu().await;
    let mut wire = local.ready(local.ann).await;
    wire.begin().await;
    let state = wire.call(&call::updates::GetState).await.unwrap();
    for text in ["one", "two", "three"] {
        say(&local, &local.bot.into(), text).await;
    }
    let mut ask = call::updates::GetDifference {
        pts: state.pts,
        pts_limit: Some(2),
        date: state.date,
        ..Default::default()
    };
    let types::updates::Difference::Slice(first) = wire.call(&ask).await.unwrap() else {
        panic!("no slice")
    };
    assert_eq!(texts(&first.new_messages), ["one", "two"]);
    assert_eq!(first.intermediate_state.pts, state.pts + 2);
    assert_eq!(
        first.intermediate_state.date, state.date,
        "of what is not counted nothing was told yet"
    );
    ask.pts = first.intermediate_state.pts;
    let types::updates::Difference::Difference(last) = wire.call(&ask).await.unwrap() else {
        panic!("no difference")
    };
    assert_eq!(texts(&last.new_messages), ["three"]);
    assert_eq!(last.state.pts, state.pts + 3);
    (ask.pts, ask.pts_total_limit) = (state.pts, Some(2));
    let types::updates::Difference::TooLong(long) = wire.call(&ask).await.unwrap() else {
        panic!("more than was wanted")
    };
    assert_eq!(long.pts, state.pts + 3);
}

#[tokio::test]
async fn a_channels_difference_keeps_to_the_limit() {
    let local = Local::with_people().await;
    let mut wire = local.ready(local.ann).await;
    wire.begin().await;
    let (group, channel) = group(&local, &mut wire).await;
    let mut ask = call::updates::GetChannelDifference {
        channel,
        filter: types::ChannelMessagesFilter::Empty,
        pts: i32::MAX,
        limit: 2,
        ..Default::default()
    };
    let types::updates::ChannelDifference::Empty(now) = wire.call(&ask).await.unwrap() else {
        panic!("news of nothing")
    };
    for text in ["one", "two", "three"] {
        say(&local, &group, text).await;
    }
    ask.pts = now.pts;
    let mut heard = Vec::new();
    for (pts, last) in [(now.pts + 2, false), (now.pts + 3, true)] {
        let types::updates::ChannelDifference::ChannelDifference(part) = wire.call(&ask).await.unwrap()
        else {
            panic!("no difference")
        };
        assert_eq!((part.pts, part.r#final), (pts, last));
        heard.extend(texts(&part.new_messages).into_iter().map(str::to_owned));
        ask.pts = part.pts;
    }
    assert_eq!(heard, ["one", "two", "three"]);
}

#[tokio::test]
async fn an_edit_and_a_deletion_further_up_in_a_channel_are_news() {
    let local = Local::with_people().await;
    let mut wire = local.ready(local.ann).await;
    wire.begin().await;
    let (group, _) = group(&local, &mut wire).await;
    let old = say(&local, &group, "old").await["message_id"].clone();
    say(&local, &group, "newest").await;
    local
        .control("POST", "/clock/advance", json!({"by": "60s"}))
        .await;
    let state = wire.call(&call::updates::GetState).await.unwrap();
    let ask = call::updates::GetDifference {
        pts: state.pts,
        date: state.date,
        ..Default::default()
    };
    let nothing = wire.call(&ask).await.unwrap();
    assert!(
        matches!(nothing, types::updates::Difference::Empty(_)),
        "{nothing:?}"
    );
    let edit = json!({"from": local.ann, "chat": group, "message_id": old, "text": "new"});
    local.control("POST", "/messages/edit", edit).await;
    for undone in [false, true] {
        if undone {
            let delete = json!({"from": local.ann, "chat": group, "message_ids": [old]});
            local.control("POST", "/messages/delete", delete).await;
        }
        let types::updates::Difference::Difference(news) = wire.call(&ask).await.unwrap() else {
            panic!("no news, deleted: {undone}")
        };
        assert!(
            matches!(news.other_updates[..], [types::Update::ChannelTooLong(_)]),
            "{news:?}"
        );
    }
}

#[tokio::test]
async fn a_layer_that_nobody_has_is_served_by_the_nearest_with_a_word_about_it() {
    let local = Local::with_people().await;
    for (layer, nearest) in [(120, 133), (195, 198), (240, 230)] {
        let mut wire = local.ready(local.ann).await;
        wire.begin_with(layer).await;
        wire.begin_with(layer).await;
        let events = local.control("GET", "/events?since=0", Value::Null).await;
        let text = format!(
            "speaks layer {layer}, which this server does not have; it is served by {nearest}, the nearest"
        );
        assert_eq!(events.to_string().matches(&text).count(), 1, "{events}");
    }
    let mut wire = local.ready(local.ann).await;
    wire.begin_with(158).await;
    let events = local.control("GET", "/events?since=0", Value::Null).await;
    assert_eq!(events.to_string().matches("speaks layer").count(), 3, "{events}");
}

#[tokio::test]
async fn who_has_a_chat_with_a_bot_is_told_of_its_new_commands() {
    let local = Local::with_people().await;
    local.menu().await;
    let mut wire = local.ready(local.ann).await;
    wire.begin().await;
    let mut bot = local.ready(local.bot).await;
    bot.begin().await;
    let mut set = call::bots::SetBotCommands {
        scope: types::BotCommandScope::Default,
        lang_code: "de".into(),
        commands: vec![types::BotCommand {
            command: "laut".into(),
            description: "Lauter".into(),
            ..Default::default()
        }],
    };
    assert_eq!(bot.call(&set).await, Ok(true));
    // Of a language that is not hers she is not told, nor of what is as it was.
    for text in ["up", "up", "down"] {
        set.lang_code.clear();
        set.commands[0].command = text.into();
        assert_eq!(bot.call(&set).await, Ok(true));
    }
    let mut told = Vec::new();
    while told.len() < 2 {
        if wire.updates.is_empty() {
            wire.hear().await;
        }
        for update in wire.updates.drain(..) {
            let types::Update::BotCommands(own) = update else {
                panic!("{update:?}")
            };
            assert_eq!(own.bot_id, local.bot);
            told.extend(own.commands.into_iter().map(|own| own.command));
        }
    }
    assert_eq!(told, ["up", "down"]);
}

#[tokio::test]
async fn a_public_channel_is_read_from_outside_but_not_pressed_in() {
    let local = Local::with_people().await;
    let bob = json!({"first_name": "Bob", "username": "bob"});
    let bob = local.control("POST", "/users", bob).await["id"].as_i64().unwrap();
    for (name, error) in [
        (json!("kitchen"), None),
        (Value::Null, Some("400 CHANNEL_PRIVATE")),
    ] {
        let group = json!({
            "type": "supergroup", "title": "Kitchen", "username": name, "members": [local.ann, bob],
        });
        let group = local.control("POST", "/chats", group).await["id"].clone();
        say(&local, &group, "hello").await;
        let mut wire = local.ready(bob).await;
        wire.begin().await;
        let dialogs = call::messages::GetDialogs {
            limit: 1,
            ..Default::default()
        };
        let chats = match wire.call(&dialogs).await.unwrap() {
            types::messages::Dialogs::Dialogs(all) => all.chats,
            types::messages::Dialogs::Slice(some) => some.chats,
            types::messages::Dialogs::NotModified(_) => panic!("modified"),
        };
        let types::Chat::Channel(channel) = &chats[0] else {
            panic!("{chats:?}")
        };
        let peer: types::InputPeer = ctors::InputPeerChannel {
            channel_id: channel.id,
            access_hash: channel.access_hash.unwrap(),
        }
        .into();
        let group = group.as_i64().unwrap();
        local
            .control("DELETE", &format!("/chats/{group}/members/{bob}"), Value::Null)
            .await;
        let history = call::messages::GetHistory {
            peer: peer.clone(),
            limit: 10,
            ..Default::default()
        };
        let read = wire.call(&history).await;
        assert_eq!(read.as_ref().err().map(String::as_str), error);
        if let Ok(types::messages::Messages::ChannelMessages(read)) = read {
            assert!(texts(&read.messages).contains(&"hello"));
        }
        let press = call::messages::GetBotCallbackAnswer {
            peer,
            msg_id: 1,
            data: Some(b"x".to_vec()),
            ..Default::default()
        };
        assert_eq!(wire.call(&press).await.unwrap_err(), "400 CHANNEL_PRIVATE");
    }
}
