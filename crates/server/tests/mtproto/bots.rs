//! Bots on MTProto: inline mode and games, and what the journal says of their calls.

use crate::client::{Local, Wire};
use ringback_tl::{ctors, functions as call, types};
use serde_json::{Value, json};

/// The next update that `pick` wants.
async fn next<T>(wire: &mut Wire, pick: impl Fn(types::Update) -> Option<T>) -> T {
    loop {
        if let Some(found) = wire.updates.drain(..).find_map(&pick) {
            return found;
        }
        wire.hear().await;
    }
}

async fn bot_of(wire: &mut Wire) -> types::InputUser {
    let (user_id, access_hash) = wire.find_bot().await;
    ctors::InputUser { user_id, access_hash }.into()
}

/// Ann asks the bot, which answers as `answer` says; she sends the result to herself. Gives the message's number.
async fn offer_and_send(
    ann: &mut Wire,
    bot: &mut Wire,
    answer: impl Fn(i64) -> call::messages::SetInlineBotResults,
) -> i32 {
    let ask = call::messages::GetInlineBotResults {
        bot: bot_of(ann).await,
        peer: types::InputPeer::Self_,
        geo_point: None,
        query: "x".into(),
        offset: String::new(),
    };
    let asked = ann
        .session
        .request(ringback_tl::encode(&ask, ringback_tl::Layer::NEWEST).unwrap());
    ann.flush().await;
    let query = next(bot, |update| match update {
        types::Update::BotInlineQuery(query) => Some(query),
        _ => None,
    })
    .await;
    assert_eq!(query.peer_type, Some(types::InlineQueryPeerType::PM));
    assert_eq!(bot.call(&answer(query.query_id)).await, Ok(true));
    let results: types::messages::BotResults =
        ringback_tl::decode(&ann.result(asked).await.unwrap()).unwrap();
    let id = match &results.results[0] {
        types::BotInlineResult::BotInlineResult(own) => own.id.clone(),
        types::BotInlineResult::BotInlineMediaResult(own) => own.id.clone(),
    };
    let send = call::messages::SendInlineBotResult {
        peer: types::InputPeer::Self_,
        random_id: 5,
        query_id: results.query_id,
        id,
        ..Default::default()
    };
    let types::Updates::Updates(sent) = ann.call(&send).await.unwrap() else {
        panic!("no updates")
    };
    let types::Update::MessageID(number) = &sent.updates[0] else {
        panic!("{:?}", sent.updates)
    };
    assert_eq!(number.random_id, 5);
    number.id
}

#[tokio::test]
async fn an_inline_message_is_offered_sent_pressed_and_edited() {
    let local = Local::with_people().await;
    let (mut ann, mut bot) = (local.ready(local.ann).await, local.ready(local.bot).await);
    ann.begin().await;
    bot.begin().await;
    let keyboard = |label: &str| {
        let button = types::KeyboardInlineButton {
            text: label.into(),
            r#type: ctors::InlineButtonTypeCallback {
                requires_password: false,
                data: b"more".to_vec(),
            }
            .into(),
            style: None,
        };
        let row = types::KeyboardInlineButtonRow {
            buttons: vec![button],
        };
        Some(types::ReplyMarkup::from(ctors::ReplyInlineMarkup {
            rows: vec![row],
            ..Default::default()
        }))
    };
    let number = offer_and_send(&mut ann, &mut bot, |query_id| {
        let message = ctors::InputBotInlineMessageText {
            message: "Count: 0".into(),
            reply_markup: keyboard("+1"),
            ..Default::default()
        };
        let result = ctors::InputBotInlineResult {
            id: "c".into(),
            r#type: "article".into(),
            title: Some("Counter".into()),
            description: None,
            url: None,
            thumb: None,
            content: None,
            send_message: message.into(),
        };
        call::messages::SetInlineBotResults {
            query_id,
            results: vec![result.into()],
            ..Default::default()
        }
    })
    .await;
    let sent = next(&mut bot, |update| match update {
        types::Update::BotInlineSend(sent) => Some(sent),
        _ => None,
    })
    .await;
    let press = call::messages::GetBotCallbackAnswer {
        peer: types::InputPeer::Self_,
        msg_id: number,
        data: Some(b"more".to_vec()),
        ..Default::default()
    };
    let pressed = ann
        .session
        .request(ringback_tl::encode(&press, ringback_tl::Layer::NEWEST).unwrap());
    ann.flush().await;
    let query = next(&mut bot, |update| match update {
        types::Update::InlineBotCallbackQuery(query) => Some(query),
        _ => None,
    })
    .await;
    assert_eq!(Some(&query.msg_id), sent.msg_id.as_ref());
    let edit = call::messages::EditInlineBotMessage {
        id: query.msg_id,
        message: Some("Count: 1".into()),
        reply_markup: keyboard("+2"),
        no_webpage: false,
        invert_media: false,
        media: None,
        entities: None,
        rich_message: None,
    };
    assert_eq!(bot.call(&edit).await, Ok(true));
    assert_eq!(bot.call(&edit).await.unwrap_err(), "400 MESSAGE_NOT_MODIFIED");
    let media = call::messages::EditInlineBotMessage {
        media: Some(types::InputMedia::Empty),
        ..edit
    };
    assert_eq!(bot.call(&media).await.unwrap_err(), "400 MEDIA_EMPTY");
    let answer = call::messages::SetBotCallbackAnswer {
        query_id: query.query_id,
        message: Some("counted".into()),
        ..Default::default()
    };
    assert_eq!(bot.call(&answer).await, Ok(true));
    let told: types::messages::BotCallbackAnswer =
        ringback_tl::decode(&ann.result(pressed).await.unwrap()).unwrap();
    assert_eq!(told.message.as_deref(), Some("counted"));
    let edited = next(&mut ann, |update| match update {
        types::Update::EditMessage(edited) => Some(edited.message),
        _ => None,
    })
    .await;
    let types::Message::Message(edited) = edited else {
        panic!("{edited:?}")
    };
    assert_eq!((edited.id, edited.message.as_str()), (number, "Count: 1"));
    assert_eq!(edited.via_bot_id, Some(local.bot));

    // The journal has what the bot said, and that it was the press that it answered.
    let events = local.control("GET", "/events?since=0", Value::Null).await;
    let events = events["events"].as_array().unwrap().clone();
    let find = |method: &str| events.iter().find(|entry| entry["method"] == method).unwrap();
    let journaled = find("messages.editInlineBotMessage");
    assert_eq!(journaled["params"]["message"], "Count: 1");
    assert_eq!(journaled["params"]["id"]["_"], "inputBotInlineMessageID64");
    assert_eq!(journaled["params"]["id"]["access_hash"], Value::Null);
    let press = &events.iter().find(|entry| entry["kind"] == "press").unwrap()["press_id"];
    let journaled = find("messages.setBotCallbackAnswer");
    assert_eq!(journaled["params"]["message"], "counted");
    assert_eq!(&journaled["press_id"], press);
}

#[tokio::test]
async fn an_inline_game_is_played_and_scored() {
    let local = Local::with_people().await;
    let (mut ann, mut bot) = (local.ready(local.ann).await, local.ready(local.bot).await);
    ann.begin().await;
    bot.begin().await;
    let number = offer_and_send(&mut ann, &mut bot, |query_id| {
        let message = ctors::InputBotInlineMessageGame::default();
        let result = ctors::InputBotInlineResultGame {
            id: "g".into(),
            short_name: "snake".into(),
            send_message: message.into(),
        };
        call::messages::SetInlineBotResults {
            query_id,
            results: vec![result.into()],
            ..Default::default()
        }
    })
    .await;
    let press = call::messages::GetBotCallbackAnswer {
        game: true,
        peer: types::InputPeer::Self_,
        msg_id: number,
        ..Default::default()
    };
    let pressed = ann
        .session
        .request(ringback_tl::encode(&press, ringback_tl::Layer::NEWEST).unwrap());
    ann.flush().await;
    let query = next(&mut bot, |update| match update {
        types::Update::InlineBotCallbackQuery(query) => Some(query),
        _ => None,
    })
    .await;
    assert_eq!(
        (query.game_short_name.as_deref(), &query.data),
        (Some("snake"), &None)
    );
    let answer = call::messages::SetBotCallbackAnswer {
        query_id: query.query_id,
        url: Some("https://example.org/snake".into()),
        ..Default::default()
    };
    assert_eq!(bot.call(&answer).await, Ok(true));
    let told: types::messages::BotCallbackAnswer =
        ringback_tl::decode(&ann.result(pressed).await.unwrap()).unwrap();
    assert!(told.has_url && told.url.as_deref() == Some("https://example.org/snake"));
    let player = || ctors::InputUser {
        user_id: query.user_id,
        access_hash: 0,
    };
    let score = |score| call::messages::SetInlineGameScore {
        edit_message: true,
        id: query.msg_id,
        user_id: player().into(),
        score,
        force: false,
    };
    assert_eq!(bot.call(&score(7)).await, Ok(true));
    assert_eq!(
        bot.call(&score(3)).await.unwrap_err(),
        "400 BOT_SCORE_NOT_MODIFIED"
    );
    let service = next(&mut ann, |update| match update {
        types::Update::NewMessage(new) => match new.message {
            types::Message::Service(service) => Some(service),
            _ => None,
        },
        _ => None,
    })
    .await;
    let types::MessageAction::GameScore(action) = &service.action else {
        panic!("{:?}", service.action)
    };
    assert_eq!(action.score, 7);
    let table = call::messages::GetInlineGameHighScores {
        id: query.msg_id,
        user_id: player().into(),
    };
    let table = bot.call(&table).await.unwrap();
    let scores: Vec<_> = table
        .scores
        .iter()
        .map(|one| (one.pos, one.user_id, one.score))
        .collect();
    assert_eq!(scores, [(1, local.ann, 7)]);
    // These are for bots, and only for the game's own.
    assert_eq!(ann.call(&score(9)).await.unwrap_err(), "400 USER_BOT_REQUIRED");
    // Ann's own page tells of the score too.
    let path = format!("/messages?chat={}&as={}", local.ann, local.ann);
    let seen = local.control("GET", &path, Value::Null).await;
    let told = seen
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["game_score"].is_object());
    assert_eq!(told.unwrap()["game_score"], json!({"game": "snake", "score": 7}));
}
