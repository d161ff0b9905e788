//! Calls to the API server, and the ways in which they fail.

use std::time::Duration;

use ringback::api::{
    AnswerCallbackQuery, GetMe, InputFile, InputMediaPhoto, Message, ParseMode, SendMessage,
};
use ringback::{ApiErrorKind, Bot, CallbackQuery, Editor, Error, Outcome, Retry, Router};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::server::Server;

/// A server that reads one request on each connection, says this, and closes.
async fn says(response: &'static str) -> Bot {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            let _ = socket.read(&mut [0; 4096]).await;
            let _ = socket.write_all(response.as_bytes()).await;
        }
    });
    Bot::builder("42:secret")
        .server(address)
        .timeout(Duration::from_millis(200))
        .retry(Retry::none())
        .build()
        .unwrap()
}

fn no_secret(error: &Error) {
    let (said, shown) = (error.to_string(), format!("{error:?}"));
    assert!(
        !said.contains("secret") && !shown.contains("secret"),
        "{said} {shown}"
    );
}

#[tokio::test]
async fn a_result_is_typed_and_connections_are_used_again() {
    let server = Server::start().await;
    let bot = server.bot();
    for _ in 0..10 {
        assert_eq!(
            bot.send(GetMe::new()).await.unwrap().username.as_deref(),
            Some("knob_bot")
        );
    }
    assert!(bot.send(AnswerCallbackQuery::new("1")).await.unwrap());
    assert_eq!(server.connections(), 1);
    assert_eq!(server.calls("getMe")[0], json!({}));
}

#[tokio::test]
async fn a_refusal_says_what_to_do() {
    let server = Server::start().await;
    let bot = Bot::builder("42:secret")
        .server(server.address())
        .retry(Retry::none())
        .build()
        .unwrap();
    server.refuse(
        "sendMessage",
        429,
        "Too Many Requests: retry after 14",
        json!({"retry_after": 14}),
    );
    let error = bot.send(SendMessage::new(1, "x")).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(14)));
    assert_eq!(
        error.to_string(),
        "sendMessage: 429 Too Many Requests: retry after 14"
    );

    let text = "Bad Request: group chat was upgraded to a supergroup chat";
    server.refuse("sendMessage", 400, text, json!({"migrate_to_chat_id": -1001}));
    let error = bot.send(SendMessage::new(-1, "x")).await.unwrap_err();
    assert!(error.is(ApiErrorKind::GroupMigrated));
    assert_eq!(error.api().unwrap().migrate_to_chat_id, Some(-1001));
}

#[tokio::test]
async fn a_proxys_page_is_not_a_result() {
    let bot = says("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 6\r\n\r\n<html>").await;
    let error = bot.send(GetMe::new()).await.unwrap_err();
    assert!(
        matches!(
            error,
            Error::Response {
                method: "getMe",
                status: 502,
                ..
            }
        ),
        "{error:?}"
    );
    no_secret(&error);
}

#[tokio::test]
async fn a_connection_that_breaks_or_hangs_is_an_error() {
    let error = says("HTTP/1.1 200 OK\r\ncontent-length: 600\r\n\r\n{")
        .await
        .send(GetMe::new())
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Network { .. }), "{error:?}");
    no_secret(&error);

    // Accepts, and never says anything.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let bot = Bot::builder("42:secret")
        .server(address)
        .timeout(Duration::from_millis(50))
        .retry(Retry::none())
        .build()
        .unwrap();
    let error = bot.send(GetMe::new()).await.unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }), "{error:?}");
    no_secret(&error);

    let closed = listener.local_addr().unwrap();
    drop(listener);
    let bot = Bot::builder("42:secret")
        .server(format!("http://{closed}"))
        .retry(Retry::none())
        .build()
        .unwrap();
    let error = bot.send(GetMe::new()).await.unwrap_err();
    assert!(matches!(error, Error::Network { .. }), "{error:?}");
    no_secret(&error);
}

#[tokio::test]
async fn a_connection_that_the_server_closes_is_replaced() {
    let ok = "HTTP/1.1 200 OK\r\ncontent-length: 25\r\n\r\n{\"ok\":true,\"result\":true}\n";
    let bot = says(ok.trim_end()).await;
    for n in 0..20 {
        let answered = bot.send(AnswerCallbackQuery::new(n.to_string())).await;
        assert!(answered.unwrap(), "call {n}");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn many_calls_share_few_connections() {
    let server = Server::start().await;
    let bot = Bot::builder("42:secret")
        .server(server.address())
        .connections(3)
        .build()
        .unwrap();
    let calls: Vec<_> = (0..200)
        .map(|n| {
            let bot = bot.clone();
            tokio::spawn(async move { bot.send(AnswerCallbackQuery::new(n.to_string())).await })
        })
        .collect();
    // Calls that are dropped while they wait, or in the middle, give their place back.
    for (n, call) in calls.into_iter().enumerate() {
        if n % 5 == 0 {
            call.abort();
        } else {
            assert!(call.await.unwrap().unwrap());
        }
    }
    assert!(bot.send(AnswerCallbackQuery::new("last")).await.unwrap());
}

#[cfg(feature = "tls")]
#[tokio::test]
async fn a_server_without_tls_is_not_spoken_to_in_the_clear() {
    let server = Server::start().await;
    let bot = Bot::builder("42:secret")
        .server(server.address().replace("http:", "https:"))
        .build()
        .unwrap();
    let error = tokio::time::timeout(Duration::from_secs(5), bot.send(GetMe::new())).await;
    if let Ok(result) = error {
        let error = result.unwrap_err();
        assert!(matches!(error, Error::Network { .. }), "{error:?}");
        no_secret(&error);
    }
    assert!(server.calls("getMe").is_empty());
}

#[tokio::test]
async fn a_press_changes_its_message_wherever_that_is() {
    async fn press(query: CallbackQuery) -> Result<Outcome, ringback::BoxError> {
        let media = InputMediaPhoto::new(InputFile::id("f"));
        // The scripted server's results are no messages of inline mode: only what is asked for counts here.
        let _ = query.edit_text("t").await;
        let _ = query.edit_caption(Some("c".into())).await;
        let _ = query.edit_media(media).await;
        let _ = query.edit_reply_markup(None).await;
        Ok(query.answer().await)
    }
    let server = Server::start().await;
    let run = server.run(Router::new().callback(press), |polling| polling);
    let chat = json!({"id": 7, "type": "private", "first_name": "A"});
    for (n, (key, value, place)) in [
        (
            "message",
            json!({"message_id": 3, "date": 1, "chat": chat, "text": "Press"}),
            json!({"chat_id": 7, "message_id": 3}),
        ),
        (
            "message",
            json!({"business_connection_id": "b", "message_id": 3, "date": 1, "chat": chat, "text": "Press"}),
            json!({"business_connection_id": "b", "chat_id": 7, "message_id": 3}),
        ),
        (
            "inline_message_id",
            json!("AAQ"),
            json!({"inline_message_id": "AAQ"}),
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let mut query = json!({"id": "q", "from": {"id": 7, "is_bot": false, "first_name": "A"},
                               "chat_instance": "1", "data": "x"});
        query[key] = value;
        server.update("callback_query", query);
        server.until_calls("answerCallbackQuery", n + 1).await;
        for (method, more) in [
            ("editMessageText", json!({"text": "t"})),
            ("editMessageCaption", json!({"caption": "c"})),
            (
                "editMessageMedia",
                json!({"media": {"type": "photo", "media": "f"}}),
            ),
            ("editMessageReplyMarkup", json!({})),
        ] {
            let mut expected = place.clone();
            expected
                .as_object_mut()
                .unwrap()
                .extend(more.as_object().unwrap().clone());
            assert_eq!(server.calls(method)[n], expected, "{method}");
        }
    }
    run.stop().await;
}

/// Does all that can be done about the message of a press.
async fn do_all(query: CallbackQuery) -> Result<Outcome, ringback::BoxError> {
    let only_you = query.ephemeral();
    let send = query
        .send_message("m")
        .with(|m| m.ephemeral_message_parameters(only_you));
    send.await?;
    let edit = query.edit_text("t").with(|edit| edit.parse_mode(ParseMode::HTML));
    let _ = edit.await;
    let _ = query.edit_caption(Some("c".into())).await;
    let _ = query.edit_media(InputMediaPhoto::new(InputFile::id("f"))).await;
    let _ = query.edit_reply_markup(None).await;
    query.delete_message().await?;
    Ok(query.answer().await)
}

/// The calls that a press on this message leads to.
async fn calls_about(key: &str, message: Value) -> Vec<(String, Value)> {
    let server = Server::start().await;
    let run = server.run(Router::new().callback(do_all), |polling| polling);
    let mut query = json!({"id": "q", "from": {"id": 7, "is_bot": false, "first_name": "A"},
                           "chat_instance": "1", "data": "x"});
    query[key] = message;
    server.update("callback_query", query);
    server.until_calls("answerCallbackQuery", 1).await;
    run.stop().await;
    let methods: Vec<String> = server
        .log()
        .iter()
        .map(|line| line.split(' ').next().unwrap().to_owned())
        .collect();
    let calls = methods.into_iter().map(|method| {
        let body = server.calls(&method).remove(0);
        (method, body)
    });
    calls
        .filter(|(method, _)| method != "answerCallbackQuery")
        .collect()
}

fn with(place: &Value, more: Value) -> Value {
    let mut all = place.clone();
    all.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    all
}

#[tokio::test]
async fn an_ephemeral_message_has_methods_of_its_own() {
    let group = json!({"id": -9, "type": "supergroup", "title": "G"});
    let receiver = json!({"id": 8, "is_bot": false, "first_name": "B"});
    let message = json!({"message_id": 0, "date": 1, "chat": group, "text": "Press",
                         "ephemeral_message_id": 5, "receiver_user": receiver});
    let place = json!({"chat_id": -9, "receiver_user_id": 8, "ephemeral_message_id": 5});
    let only_you = json!({"receiver_user_id": 7, "callback_query_id": "q"});
    let expected = [
        (
            "sendMessage",
            json!({"chat_id": -9, "text": "m", "ephemeral_message_parameters": only_you}),
        ),
        (
            "editEphemeralMessageText",
            with(&place, json!({"text": "t", "parse_mode": "HTML"})),
        ),
        (
            "editEphemeralMessageCaption",
            with(&place, json!({"caption": "c"})),
        ),
        (
            "editEphemeralMessageMedia",
            with(&place, json!({"media": {"type": "photo", "media": "f"}})),
        ),
        ("editEphemeralMessageReplyMarkup", place.clone()),
        ("deleteEphemeralMessage", place.clone()),
    ];
    let expected = expected.map(|(method, body)| (method.to_owned(), body));
    assert_eq!(calls_about("message", message.clone()).await, expected);

    // The same by what the bot has sent itself.
    let server = Server::start().await;
    let sent: Message = serde_json::from_value(message).unwrap();
    let edited = Editor::of(&server.bot(), &sent).edit_text("t").await.unwrap();
    assert!(edited.message().is_none());
    assert_eq!(
        server.calls("editEphemeralMessageText"),
        [with(&place, json!({"text": "t"}))]
    );
}

#[tokio::test]
async fn a_business_accounts_message_is_deleted_by_its_connection() {
    let chat = json!({"id": 7, "type": "private", "first_name": "A"});
    let message =
        json!({"business_connection_id": "b", "message_id": 3, "date": 1, "chat": chat, "text": "Press"});
    let calls = calls_about("message", message.clone()).await;
    let delete = json!({"business_connection_id": "b", "message_ids": [3]});
    assert_eq!(
        calls.last().unwrap(),
        &("deleteBusinessMessages".to_owned(), delete.clone())
    );
    assert_eq!(calls[0].1["business_connection_id"], "b");

    let server = Server::start().await;
    let sent: Message = serde_json::from_value(message).unwrap();
    assert!(Editor::of(&server.bot(), &sent).delete().await.unwrap());
    assert_eq!(server.calls("deleteBusinessMessages"), [delete]);
}

#[tokio::test]
async fn what_a_press_has_to_say_finds_the_presser_when_the_chat_is_not_known() {
    let calls = calls_about("inline_message_id", json!("AAQ")).await;
    assert_eq!(
        (calls[0].0.as_str(), &calls[0].1["chat_id"]),
        ("sendMessage", &json!(7))
    );
    let chat = json!({"id": -9, "type": "supergroup", "title": "G"});
    let message = json!({"message_id": 3, "date": 1, "chat": chat, "text": "Press",
                         "message_thread_id": 4, "is_topic_message": true});
    let calls = calls_about("message", message).await;
    assert_eq!(
        (&calls[0].1["chat_id"], &calls[0].1["message_thread_id"]),
        (&json!(-9), &json!(4))
    );
    assert_eq!(
        calls.last().unwrap(),
        &(
            "deleteMessage".to_owned(),
            json!({"chat_id": -9, "message_id": 3})
        )
    );
}

#[tokio::test]
async fn a_link_to_the_bot_has_its_name_and_a_payload() {
    let server = Server::start().await;
    let bot = server.bot();
    assert_eq!(
        bot.start_link("by42").await.unwrap(),
        "https://t.me/knob_bot?start=by42"
    );
    assert_eq!(
        bot.start_link("x-_9").await.unwrap(),
        "https://t.me/knob_bot?start=x-_9"
    );
    assert_eq!(server.calls("getMe").len(), 1);
    for payload in ["", "a b", "ä", &"x".repeat(65)] {
        let error = bot.start_link(payload).await.unwrap_err();
        assert!(matches!(error, Error::Config(_)), "{payload}: {error}");
    }
}
