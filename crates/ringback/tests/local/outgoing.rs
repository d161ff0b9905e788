//! The way out against the local Telegram, which refuses what it is told to refuse.

use std::time::Duration;

use ringback::api::SendMessage;
use ringback::testing::Telegram;
use ringback::{CallbackQuery, Incoming, Outcome, Raw, Router};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::testing::menu;

async fn answer(query: CallbackQuery<Raw>) -> Outcome {
    query.answer().text("at once").await
}

async fn faults(telegram: &Telegram, faults: &str) {
    let host = telegram.url().replace("http://", "");
    let mut socket = TcpStream::connect(&host).await.unwrap();
    let request = format!(
        "PUT /_ringback/v1/faults HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{faults}",
        faults.len()
    );
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut response = String::new();
    socket.read_to_string(&mut response).await.unwrap();
    assert!(response.starts_with("HTTP/1.1 200"), "{response}");
}

#[tokio::test]
async fn answers_go_at_once_while_messages_are_refused() {
    let telegram = Telegram::start().await;
    let (ann, bob) = (telegram.person("Ann").await, telegram.person("Bob").await);
    telegram.run(Router::new().message(menu).callback(answer)).await;
    ann.send("/start").await;
    bob.send("/start").await;

    let flood = r#"{"faults":[{"method":"sendMessage","retry_after":30}]}"#;
    faults(&telegram, flood).await;
    let sends: Vec<_> = (0..10)
        .map(|_| {
            let (bot, to) = (telegram.bot().clone(), ann.id());
            tokio::spawn(async move { bot.send(SendMessage::new(to, "x")).await })
        })
        .collect();
    // Ann's chat is held up by now, or soon is; her presses are answered all the same, and Bob's.
    for _ in 0..20 {
        assert_eq!(ann.press("Echo").await.text(), Some("at once"));
        assert_eq!(bob.press("Echo").await.text(), Some("at once"));
    }
    assert!(sends.iter().all(|send| !send.is_finished()));
    sends.iter().for_each(|send| send.abort());
    assert!(telegram.reports().is_empty());
}

#[tokio::test]
async fn a_message_that_was_refused_arrives_once() {
    let telegram = Telegram::start().await;
    let ann = telegram.person("Ann").await;
    async fn quiet(_: Incoming) {}
    telegram.run(Router::new().message(quiet)).await;
    ann.send("/start").await;
    faults(
        &telegram,
        r#"{"faults":[{"method":"sendMessage","retry_after":1,"times":1}]}"#,
    )
    .await;
    let (one, two) = tokio::join!(
        telegram.bot().send(SendMessage::new(ann.id(), "one")),
        telegram.bot().send(SendMessage::new(ann.id(), "two")),
    );
    one.unwrap();
    two.unwrap();
    let texts: Vec<_> = ann
        .messages()
        .await
        .iter()
        .map(|seen| seen.text().to_owned())
        .collect();
    for text in ["one", "two"] {
        assert_eq!(texts.iter().filter(|seen| *seen == text).count(), 1, "{texts:?}");
    }

    // Nobody knows whether a message was sent that ended in a 500, so it is not sent again.
    faults(
        &telegram,
        r#"{"faults":[{"method":"sendMessage","error_code":500,"times":1}]}"#,
    )
    .await;
    let error = telegram
        .bot()
        .send(SendMessage::new(ann.id(), "three"))
        .await
        .unwrap_err();
    assert_eq!(error.api().unwrap().code, 500);
    // A question is: the third try gets through.
    faults(
        &telegram,
        r#"{"faults":[{"method":"getChat","error_code":502,"times":2}]}"#,
    )
    .await;
    let chat = tokio::time::timeout(
        Duration::from_secs(10),
        telegram.bot().send(ringback::api::GetChat::new(ann.id())),
    );
    assert_eq!(chat.await.unwrap().unwrap().id, ann.id());
}
