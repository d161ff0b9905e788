//! Order, confirming, and what happens when the server or the process is in trouble.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::server::Server;
use ringback::{ApiErrorKind, Args, CallbackQuery, Context, Flow, Incoming, Outcome, Router, Sender, State};
use serde_json::json;

/// Answers with the data; `slow` takes its time.
async fn echo(query: CallbackQuery) -> Outcome {
    let data = query.data().unwrap_or_default().to_owned();
    if data == "slow" {
        tokio::time::sleep(Duration::from_millis(150)).await;
    }
    query.answer().text(data).await
}

fn texts(server: &Server) -> Vec<String> {
    server
        .answers()
        .iter()
        .map(|answer| answer["text"].as_str().unwrap_or_default().to_owned())
        .collect()
}

#[tokio::test]
async fn one_users_presses_keep_their_order_and_others_do_not_wait() {
    let server = Server::start().await;
    server.press("1", 7, "slow");
    server.press("2", 7, "fast");
    server.press("3", 8, "other");
    let run = server.run(Router::new().callback(echo), |polling| polling);
    server.until_calls("answerCallbackQuery", 3).await;
    run.stop().await;
    assert_eq!(texts(&server), ["other", "slow", "fast"]);
}

#[tokio::test]
async fn updates_that_come_while_a_handler_is_stuck_are_handled() {
    let server = Server::start().await;
    async fn stuck(query: CallbackQuery) -> Outcome {
        if query.data() == Some("stuck") {
            tokio::time::sleep(Duration::from_secs(30)).await;
        }
        query.answer().await
    }
    let run = server.run(Router::new().callback(stuck), |polling| {
        polling.drain(Duration::from_millis(10))
    });
    let first = server.press("1", 7, "stuck");
    tokio::time::sleep(Duration::from_millis(50)).await;
    let before = Instant::now();
    let second = server.press("2", 8, "x");
    server.until_calls("answerCallbackQuery", 1).await;
    assert!(
        before.elapsed() < Duration::from_millis(800),
        "{:?}",
        before.elapsed()
    );
    run.stop().await;
    // The second is done, but confirming it would confirm the first.
    assert_eq!(server.unconfirmed(), [first, second]);
}

#[tokio::test]
async fn what_was_not_handled_comes_again_after_a_crash() {
    let server = Server::start().await;
    async fn never(_query: CallbackQuery) -> Outcome {
        std::future::pending().await
    }
    let run = server.run(Router::new().callback(never), |polling| polling);
    server.press("1", 7, "x");
    while server.calls("getUpdates").len() < 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    run.kill().await;

    let run = server.run(Router::new().callback(echo), |polling| polling);
    server.until_calls("answerCallbackQuery", 1).await;
    run.stop().await;
    assert_eq!(texts(&server), ["x"]);
    assert!(server.unconfirmed().is_empty());
}

#[tokio::test]
async fn a_stop_waits_for_handlers_and_confirms() {
    let server = Server::start().await;
    let run = server.run(Router::new().callback(echo), |polling| polling);
    server.press("1", 7, "slow");
    tokio::time::sleep(Duration::from_millis(50)).await;
    let before = Instant::now();
    run.stop().await;
    assert!(
        before.elapsed() < Duration::from_secs(2),
        "the long poll was waited for"
    );
    assert_eq!(texts(&server), ["slow"]);
    assert!(server.unconfirmed().is_empty());
    let last = server.calls("getUpdates").pop().unwrap();
    assert_eq!(last, json!({"offset": 1001, "limit": 1, "timeout": 0}));
}

#[tokio::test]
async fn a_burst_is_answered_once_each_over_few_connections() {
    let server = Server::start().await;
    for n in 0..500 {
        server.press(&format!("q{n}"), n, "x");
    }
    let run = server.run(Router::new().callback(echo), |polling| polling);
    server.until_calls("answerCallbackQuery", 500).await;
    run.stop().await;
    let mut ids: Vec<_> = server
        .answers()
        .iter()
        .map(|a| a["callback_query_id"].to_string())
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), server.answers().len()), (500, 500));
    // A hundred are under way at once; some are opened ahead.
    assert!(server.connections() < 140, "{} connections", server.connections());
    assert!(server.unconfirmed().is_empty());
}

#[tokio::test]
async fn allowed_updates_follow_from_the_routes() {
    async fn message(_: Incoming) {}
    let server = Server::start().await;
    let run = server.run(Router::new().callback(echo).message(message), |polling| polling);
    server.until_calls("getUpdates", 1).await;
    run.stop().await;
    assert_eq!(
        server.calls("getUpdates")[0]["allowed_updates"],
        json!(["callback_query", "message"])
    );
}

#[tokio::test]
async fn a_flood_limit_and_a_broken_server_are_waited_out() {
    let server = Server::start().await;
    server.refuse(
        "getUpdates",
        429,
        "Too Many Requests: retry after 1",
        json!({"retry_after": 1}),
    );
    server.refuse("getUpdates", 502, "Bad Gateway", json!({}));
    server.press("1", 7, "x");
    let before = Instant::now();
    let run = server.run(Router::new().callback(echo), |polling| polling);
    server.until_calls("answerCallbackQuery", 1).await;
    assert!(before.elapsed() >= Duration::from_secs(1));
    run.stop().await;
}

#[tokio::test]
async fn a_wrong_token_and_a_set_webhook_end_the_run() {
    let server = Server::start().await;
    server.refuse("getMe", 401, "Unauthorized", json!({}));
    let run = server.run(Router::new().callback(echo), |polling| polling);
    assert!(run.result().await.unwrap_err().is(ApiErrorKind::Unauthorized));

    let conflict = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the \
                    webhook first";
    server.refuse("getUpdates", 409, conflict, json!({}));
    let run = server.run(Router::new().callback(echo), |polling| polling);
    assert!(run.result().await.unwrap_err().is(ApiErrorKind::WebhookActive));
}

#[tokio::test]
async fn commands_messages_states_and_filters_find_their_handlers() {
    type Log = Mutex<Vec<String>>;
    async fn start(
        message: Incoming,
        args: Args,
        sender: Sender,
        log: State<Log>,
    ) -> Result<(), ringback::Error> {
        log.lock()
            .unwrap()
            .push(format!("start {} from {}", args.0, sender.id));
        message.reply("Hello").await?;
        Ok(())
    }
    async fn admin(_: Incoming, log: State<Log>) -> Flow {
        log.lock().unwrap().push("admin".into());
        Flow::Pass
    }
    async fn other(message: Incoming, log: State<Log>) {
        log.lock()
            .unwrap()
            .push(format!("other {}", message.text.as_deref().unwrap_or_default()));
    }
    let log = Arc::new(Log::default());
    let router = Router::new()
        .command("start", start)
        .nest(
            |update: &Context| update.sender().is_some_and(|user| user.id == 1),
            Router::new().message(admin),
        )
        .message(other)
        .shared_state(Arc::clone(&log));
    let server = Server::start().await;
    for (user, text) in [
        (7, "/start  abc"),
        (7, "/start@another_bot"),
        (1, "hello"),
        (7, "/START@Knob_Bot"),
    ] {
        server.says(user, text);
    }
    let run = server.run(router, |polling| polling);
    server.until_calls("sendMessage", 2).await;
    run.stop().await;
    let mut log = log.lock().unwrap().clone();
    log.sort();
    assert_eq!(
        log,
        [
            "admin",
            "other /start@another_bot",
            "other hello",
            "start  from 7",
            "start abc from 7"
        ]
    );
    let quote = json!({"chat_id": 7, "text": "Hello", "reply_parameters": {"message_id": 3}});
    assert_eq!(server.calls("sendMessage")[0], quote);
}
