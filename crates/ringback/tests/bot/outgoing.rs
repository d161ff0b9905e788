//! The way out: what is sent again, what waits, and what never does.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ringback::api::{AnswerCallbackQuery, DeleteMessage, EditMessageText, GetMe, SendMessage};
use ringback::{ApiErrorKind, Bot, Error, Limits, Rate, Retry};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::server::Server;

const RESTART: (u16, &str) = (500, "Internal Server Error: restart");

fn bot(address: &str) -> ringback::Bot {
    Bot::builder("42:secret").server(address).build().unwrap()
}

/// A server that gives each connection the next response, once it has read something, and closes.
async fn script(responses: Vec<String>) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let connections = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&connections);
    tokio::spawn(async move {
        for response in responses {
            let (mut socket, _) = listener.accept().await.unwrap();
            count.fetch_add(1, Ordering::Relaxed);
            let _ = socket.read(&mut [0; 4096]).await;
            let _ = socket.write_all(response.as_bytes()).await;
        }
    });
    (address, connections)
}

const OK: &str =
    "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 25\r\n\r\n{\"ok\":true,\"result\":true}";

fn page(status: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[tokio::test]
async fn what_changes_nothing_is_tried_again_and_a_message_is_not() {
    let server = Server::start().await;
    let bot = server.bot();
    for _ in 0..2 {
        server.refuse("getMe", RESTART.0, RESTART.1, json!({}));
        server.refuse("editMessageText", RESTART.0, RESTART.1, json!({}));
        server.refuse("answerCallbackQuery", RESTART.0, RESTART.1, json!({}));
    }
    bot.send(GetMe::new()).await.unwrap();
    bot.send(EditMessageText::of(1, 2).text("x")).await.unwrap();
    assert!(bot.send(AnswerCallbackQuery::new("1")).await.unwrap());
    for method in ["getMe", "editMessageText", "answerCallbackQuery"] {
        assert_eq!(server.calls(method).len(), 3, "{method}");
    }

    server.refuse("sendMessage", RESTART.0, RESTART.1, json!({}));
    let error = bot.send(SendMessage::new(1, "x")).await.unwrap_err();
    assert!(error.is(ApiErrorKind::Restarting));
    assert_eq!(server.calls("sendMessage").len(), 1);
}

#[tokio::test]
async fn tries_end_and_can_be_switched_off() {
    let server = Server::start().await;
    for (retry, calls) in [(Retry::none(), 1), (Retry::default().times(1), 3)] {
        let bot = Bot::builder("42:secret")
            .server(server.address())
            .retry(retry)
            .build()
            .unwrap();
        for _ in 0..calls {
            server.refuse("getMe", RESTART.0, RESTART.1, json!({}));
        }
        assert!(bot.send(GetMe::new()).await.is_err());
        assert_eq!(server.calls("getMe").len(), calls);
    }
}

#[tokio::test]
async fn a_gateways_page_is_no_answer_and_not_the_last_word() {
    let html = page("502 Bad Gateway", "<html>Bad Gateway</html>");
    let (address, connections) = script(vec![html.clone(), html.clone(), OK.into()]).await;
    assert!(bot(&address).send(DeleteMessage::new(1, 2)).await.unwrap());
    assert_eq!(connections.load(Ordering::Relaxed), 3);

    let (address, connections) = script(vec![html, OK.into()]).await;
    let error = bot(&address).send(SendMessage::new(1, "x")).await.unwrap_err();
    assert!(matches!(error, Error::Response { status: 502, .. }), "{error:?}");
    assert_eq!(connections.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn bodies_that_are_cut_or_endless_are_errors() {
    let chunks = "100000\r\n".to_owned() + &"x".repeat(0x10_0000) + "\r\n";
    let endless = "HTTP/1.1 500 Oops\r\ntransfer-encoding: chunked\r\n\r\n".to_owned() + &chunks + &chunks;
    let open_end = "HTTP/1.1 502 Bad Gateway\r\n\r\n".to_owned() + &"x".repeat(0x20_0000);
    for (response, network) in [
        (
            "HTTP/1.1 200 OK\r\ncontent-length: 600\r\n\r\n{\"ok\":".to_owned(),
            true,
        ),
        (
            "HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n{".to_owned(),
            true,
        ),
        (
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"ok\"".to_owned(),
            true,
        ),
        (
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"ok\"xx0\r\n\r\n".to_owned(),
            true,
        ),
        (
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n".to_owned(),
            true,
        ),
        ("HTTP/1.1 200 OK\r\n\r\n{\"ok\":tr".to_owned(), false),
        ("HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n".to_owned(), false),
        (endless, true),
        (open_end, true),
        (format!("HTTP/1.1 200 OK\r\nx: {}\r\n", "x".repeat(100_000)), true),
        (String::new(), true),
    ] {
        let (address, _) = script(vec![response.clone()]).await;
        let bot = Bot::builder("42:secret")
            .server(address)
            .retry(Retry::none())
            .build()
            .unwrap();
        let error = bot.send(GetMe::new()).await.unwrap_err();
        let start = &response[..response.len().min(60)];
        match error {
            Error::Network { sent: true, .. } => assert!(network, "{start:?}: {error}"),
            Error::Response { .. } => assert!(!network, "{start:?}: {error}"),
            other => panic!("{start:?}: {other}"),
        }
        assert!(!error.to_string().contains("secret"));
    }
}

#[tokio::test]
async fn a_message_that_was_certainly_not_sent_is_sent_when_the_server_is_back() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let bot = bot(&format!("http://{address}"));
    let sending = tokio::spawn(async move { bot.send(SendMessage::new(1, "x")).await });
    tokio::time::sleep(Duration::from_millis(30)).await;
    let listener = TcpListener::bind(address).await.unwrap();
    let (mut socket, _) = listener.accept().await.unwrap();
    let _ = socket.read(&mut [0; 4096]).await;
    let message = r#"{"ok":true,"result":{"message_id":9,"date":1,"chat":{"id":1,"type":"private"}}}"#;
    socket
        .write_all(page("200 OK", message).as_bytes())
        .await
        .unwrap();
    assert_eq!(sending.await.unwrap().unwrap().message_id, 9);
}

#[tokio::test]
async fn a_chat_that_is_held_up_holds_up_nothing_else() {
    let server = Server::start().await;
    let bot = server.bot();
    let wait = json!({"retry_after": 30});
    server.refuse("sendMessage", 429, "Too Many Requests: retry after 30", wait);
    let held = tokio::spawn({
        let bot = bot.clone();
        async move { bot.send(SendMessage::new(-5, "x")).await }
    });
    server.until_calls("sendMessage", 1).await;
    // The same chat waits, an edit too; another chat and answers don't.
    let edit = tokio::spawn({
        let bot = bot.clone();
        async move { bot.send(EditMessageText::of(-5, 1).text("x")).await }
    });
    bot.send(SendMessage::new(-6, "y")).await.unwrap();
    assert!(bot.send(AnswerCallbackQuery::new("1")).await.unwrap());
    assert_eq!(server.calls("sendMessage").len(), 2);
    assert!(server.calls("editMessageText").is_empty());
    assert!(!held.is_finished() && !edit.is_finished());
    held.abort();
    edit.abort();

    // More than the bot is ready to wait: said at once, and the next call is not even made.
    let wait = json!({"retry_after": 3600});
    server.refuse("sendMessage", 429, "Too Many Requests: retry after 3600", wait);
    let error = bot.send(SendMessage::new(-7, "x")).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
    let error = bot.send(SendMessage::new(-7, "x")).await.unwrap_err();
    assert!(matches!(error, Error::Held { .. }), "{error:?}");
    assert!(error.retry_after() > Some(Duration::from_secs(3500)));
    assert_eq!(server.calls("sendMessage").len(), 3);
}

#[tokio::test]
async fn a_refused_message_goes_when_the_time_is_over() {
    let server = Server::start().await;
    let bot = server.bot();
    let wait = json!({"retry_after": 1});
    server.refuse("sendMessage", 429, "Too Many Requests: retry after 1", wait);
    let start = std::time::Instant::now();
    bot.send(SendMessage::new(7, "x")).await.unwrap();
    assert!(start.elapsed() >= Duration::from_secs(1));
    assert_eq!(server.calls("sendMessage").len(), 2);
}

#[tokio::test]
async fn messages_keep_to_the_limits_and_answers_do_not_wait_for_them() {
    let server = Server::start().await;
    let hour = Duration::from_secs(3600);
    let bot = Bot::builder("42:secret")
        .server(server.address())
        .limits(Limits::none().private(Some(Rate::new(2, hour))))
        .build()
        .unwrap();
    let sends: Vec<_> = (0..5)
        .map(|_| {
            let bot = bot.clone();
            tokio::spawn(async move { bot.send(SendMessage::new(7, "x")).await })
        })
        .collect();
    server.until_calls("sendMessage", 2).await;
    for n in 0..50 {
        assert!(bot.send(AnswerCallbackQuery::new(n.to_string())).await.unwrap());
    }
    assert_eq!(server.calls("sendMessage").len(), 2);
    assert_eq!(sends.iter().filter(|send| !send.is_finished()).count(), 3);
    sends.iter().for_each(|send| send.abort());
}

#[tokio::test]
async fn an_answer_finds_a_connection_when_all_are_busy() {
    // Never responds to messages, and to answers at once.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let hanging = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&hanging);
    tokio::spawn(async move {
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            let count = Arc::clone(&count);
            tokio::spawn(async move {
                let mut request = [0; 4096];
                while let Ok(read @ 1..) = socket.read(&mut request).await {
                    if String::from_utf8_lossy(&request[..read]).contains("/sendMessage") {
                        count.fetch_add(1, Ordering::Relaxed);
                        std::future::pending::<()>().await;
                    }
                    let ok = OK.replace("connection: close\r\n", "");
                    socket.write_all(ok.as_bytes()).await.unwrap();
                }
            });
        }
    });
    let bot = Bot::builder("42:secret")
        .server(address)
        .connections(2)
        .build()
        .unwrap();
    let sends: Vec<_> = (1..=20)
        .map(|chat| {
            let bot = bot.clone();
            tokio::spawn(async move { bot.send(SendMessage::new(chat, "x")).await })
        })
        .collect();
    while hanging.load(Ordering::Relaxed) < 2 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    for n in 0..20 {
        let answer = bot.send(AnswerCallbackQuery::new(n.to_string()));
        let answered = tokio::time::timeout(Duration::from_secs(5), answer).await;
        assert!(answered.expect("an answer that does not wait").unwrap());
    }
    assert_eq!(hanging.load(Ordering::Relaxed), 2);
    sends.iter().for_each(|send| send.abort());
}
