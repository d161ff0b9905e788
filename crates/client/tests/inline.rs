//! Inline mode, against a server that answers as it is told.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails panics")]

mod common;

use std::time::Duration;

use common::{Asked, KEY, Peer as Scripted, Reply, bytes};
use ringback_client::tl::functions::Function;
use ringback_client::tl::{ctors, types};
use ringback_client::{Client, Error, Peer, PeerId, Press, Session};
use ringback_mtproto::AuthKey;

fn sent(random_id: i64, id: i32) -> Reply {
    let update = ctors::UpdateMessageID { id, random_id };
    bytes(&types::Updates::from(ctors::Updates {
        updates: vec![update.into()],
        users: vec![],
        chats: vec![],
        date: 1,
        seq: 0,
    }))
}

fn script(asked: Asked) -> Reply {
    match asked.function {
        Function::MessagesGetInlineBotResults(call) if call.query == "slow" => {
            Err((400, "BOT_RESPONSE_TIMEOUT"))
        }
        Function::MessagesGetInlineBotResults(call) => {
            let result = ctors::BotInlineResult {
                id: format!("{}-{}", call.query, call.offset),
                r#type: "article".into(),
                title: Some("Counter".into()),
                description: None,
                url: None,
                thumb: None,
                content: None,
                send_message: ctors::BotInlineMessageText::default().into(),
            };
            bytes(&types::messages::BotResults {
                query_id: 9,
                next_offset: call.offset.is_empty().then(|| "2".into()),
                results: vec![result.into()],
                cache_time: -1,
                ..Default::default()
            })
        }
        Function::MessagesSendInlineBotResult(call) if call.query_id == 9 && call.id == "count-2" => {
            sent(call.random_id, 31)
        }
        Function::MessagesSendInlineBotResult(_) => Err((400, "RESULT_ID_INVALID")),
        Function::MessagesGetBotCallbackAnswer(press) if press.msg_id == 31 => {
            bytes(&types::messages::BotCallbackAnswer {
                message: Some("counted".into()),
                ..Default::default()
            })
        }
        other => panic!("{}", other.name()),
    }
}

#[tokio::test]
async fn results_are_asked_for_sent_and_pressed() {
    let server = Scripted::start(script).await;
    let session = Session {
        address: server.address,
        dc: 2,
        user: 1,
        key: AuthKey::from_bytes(KEY),
    };
    let client = Client::builder().session(session).connect().await.unwrap();
    let (bot, chat) = (Peer::new(PeerId::User(5), 6), Peer::new(PeerId::Group(7), 0));
    let first = client.inline_query(&bot, &chat, "count").await.unwrap();
    assert_eq!(
        (first.next_offset.as_deref(), first.cache_time),
        (Some("2"), Duration::ZERO)
    );
    let second = client.inline_query_from(&bot, &chat, "count", "2").await.unwrap();
    assert_eq!((second.next_offset.as_deref(), second.results.len()), (None, 1));
    assert_eq!(
        (second.results[0].id.as_str(), second.results[0].kind.as_str()),
        ("count-2", "article")
    );
    let id = client
        .send_inline_result(&chat, &second.results[0])
        .await
        .unwrap();
    let answer = client.press((&chat, id), Press::data("more")).await.unwrap();
    assert_eq!(answer.text.as_deref(), Some("counted"));
    let refused = client.send_inline_result(&chat, &first.results[0]).await;
    assert!(refused.is_err_and(|error| error.rpc().is_some_and(|rpc| rpc.name() == "RESULT_ID_INVALID")));
    let late = client.inline_query(&bot, &chat, "slow").await;
    assert!(late.is_err_and(|error| {
        error
            .rpc()
            .is_some_and(|rpc| rpc.name() == "BOT_RESPONSE_TIMEOUT")
    }));
    let nobody = client.inline_query(&chat, &chat, "count").await;
    assert!(matches!(nobody, Err(Error::NotABot)), "{nobody:?}");
}
