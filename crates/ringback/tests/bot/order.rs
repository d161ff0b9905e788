//! The order of one user's presses: what the next one waits for, and what it does not.

use std::sync::Arc;
use std::time::Duration;

use crate::server::{Running, Server};
use ringback::{BoxError, CallbackQuery, Outcome, Polling, Reason, Router, State};
use serde_json::json;

type Log = std::sync::Mutex<Vec<String>>;

async fn answer(query: CallbackQuery, log: State<Log>) -> Outcome {
    let data = query.data().unwrap_or_default().to_owned();
    log.lock().unwrap().push(data.clone());
    query.answer().text(data).await
}

/// A bot that has connections enough which the server knows, and from now on gets no responses to its answers.
async fn with_answers_held(router: Router, connections: usize) -> (Server, Running) {
    let server = Server::start().await;
    server.hold("answerCallbackQuery");
    let run = server.run(router, |polling| polling);
    for n in 0..connections {
        server.press(&format!("warm{n}"), 1000 + n as i64, "warm");
    }
    server.until_calls("answerCallbackQuery", connections).await;
    server.release();
    while !server.unconfirmed().is_empty() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    server.hold("answerCallbackQuery");
    (server, run)
}

#[tokio::test]
async fn the_next_press_does_not_wait_for_the_servers_response_to_the_last_answer() {
    let log = Arc::new(Log::default());
    let router = Router::new().callback(answer).shared_state(Arc::clone(&log));
    let (server, run) = with_answers_held(router, 50).await;
    for n in 0..50 {
        server.press(&n.to_string(), 7, &n.to_string());
    }
    // None of them has had a response.
    server.until_calls("answerCallbackQuery", 100).await;
    // So none of them may be confirmed.
    assert_eq!(server.unconfirmed().len(), 50);
    server.release();
    run.stop().await;
    assert_eq!((server.log().len(), server.unconfirmed().len()), (100, 0));
    let log = log.lock().unwrap().clone();
    let expected: Vec<_> = (0..50).map(|n| n.to_string()).collect();
    assert_eq!(log[50..], expected);
}

#[tokio::test]
async fn a_users_presses_on_inline_messages_keep_their_order_too() {
    let server = Server::start().await;
    for n in 0..20 {
        let from = json!({"id": 7, "is_bot": false, "first_name": "Ann"});
        let press = json!({
            "id": n.to_string(), "from": from, "chat_instance": "1", "data": n.to_string(),
            "inline_message_id": format!("message-{n}"),
        });
        server.update("callback_query", press);
    }
    async fn uneven(query: CallbackQuery) -> Outcome {
        let data = query.data().unwrap_or_default().to_owned();
        let number: u64 = data.parse().unwrap();
        tokio::time::sleep(Duration::from_millis(3 * (number % 3))).await;
        query.answer().text(data).await
    }
    let run = server.run(Router::new().callback(uneven), Polling::strict_order);
    server.until_calls("answerCallbackQuery", 20).await;
    run.stop().await;
    let expected: Vec<_> = (0..20).map(|n| format!("answerCallbackQuery {n}")).collect();
    assert_eq!(server.log(), expected);
}

/// Two presses of one user while the method that edits is held: what has been called, then and at the end.
async fn with_edits_held(router: Router) -> (Vec<String>, Vec<String>) {
    let server = Server::start().await;
    server.hold("editMessageText");
    server.press("1", 7, "1");
    server.press("2", 7, "2");
    // Another user's edit: by the time it is there, the first user's second would be, too.
    server.press("3", 8, "3");
    let run = server.run(router, |polling| polling);
    server.until_calls("editMessageText", 2).await;
    tokio::time::sleep(Duration::from_millis(30)).await;
    let of_first = |log: Vec<String>| {
        log.into_iter()
            .filter(|call| !call.ends_with('3'))
            .collect::<Vec<_>>()
    };
    let then = of_first(server.log());
    server.release();
    server.until_calls("editMessageText", 3).await;
    run.stop().await;
    (then, of_first(server.log()))
}

#[tokio::test]
async fn an_edit_before_the_answer_is_over_before_the_next_press() {
    async fn edits(query: CallbackQuery) -> Result<Outcome, BoxError> {
        let data = query.data().unwrap_or_default().to_owned();
        query.edit_text(data.clone()).await?;
        Ok(query.answer().text(data).await)
    }
    let (then, at_last) = with_edits_held(Router::new().callback(edits)).await;
    assert_eq!(then, ["editMessageText 1"]);
    let at = |call: &str| at_last.iter().position(|made| made == call).unwrap();
    assert_eq!(at_last.len(), 4);
    assert!(
        at("editMessageText 1") < at("answerCallbackQuery 1")
            && at("editMessageText 1") < at("editMessageText 2")
    );
    assert!(at("editMessageText 2") < at("answerCallbackQuery 2"));
}

#[tokio::test]
async fn an_edit_behind_the_answer_is_over_before_the_next_press() {
    async fn edits(query: CallbackQuery) -> Result<Outcome, BoxError> {
        let data = query.data().unwrap_or_default().to_owned();
        let edit = query.edit_text(data.clone());
        let outcome = query.answer().text(data).await;
        edit.await?;
        Ok(outcome)
    }
    let (mut then, mut at_last) = with_edits_held(Router::new().callback(edits)).await;
    // The answer and the edit are on their way at once, over two connections.
    then.sort();
    at_last[..2].sort();
    at_last[2..].sort();
    assert_eq!(then, ["answerCallbackQuery 1", "editMessageText 1"]);
    assert_eq!(
        at_last,
        [
            "answerCallbackQuery 1",
            "editMessageText 1",
            "answerCallbackQuery 2",
            "editMessageText 2"
        ]
    );
}

#[tokio::test]
async fn a_refusal_that_no_handler_waits_for_is_reported_and_made_good() {
    async fn fails(query: CallbackQuery) -> Result<Outcome, BoxError> {
        let data = query.data().unwrap_or_default().to_owned();
        let outcome = query.answer().text(&data).await;
        match data.as_str() {
            // The answer is on its way, and its outcome is lost.
            "lost" => Err("on purpose".into()),
            _ => Ok(outcome),
        }
    }
    for data in ["kept", "lost"] {
        let server = Server::start().await;
        server.refuse(
            "answerCallbackQuery",
            400,
            "Bad Request: MESSAGE_TOO_LONG",
            json!({}),
        );
        server.press("1", 7, data);
        server.press("2", 7, "next");
        let (reports, mut reported) = tokio::sync::mpsc::unbounded_channel();
        let run = server.run(Router::new().callback(fails), |polling| {
            polling
                .on_error(move |report| {
                    let _ = reports.send(report.to_string());
                    std::future::ready(())
                })
                .fallback(|reason, answer| {
                    assert_eq!(reason, Reason::Failed);
                    answer.text("fallback")
                })
        });
        let calls = server.until_calls("answerCallbackQuery", 3).await;
        // The first one's two answers follow each other: the fallback comes when the first is known to be refused.
        let of_first: Vec<_> = calls
            .iter()
            .filter(|call| call["callback_query_id"] == "1")
            .collect();
        assert_eq!(
            (of_first[0]["text"].as_str(), of_first[1]["text"].as_str()),
            (Some(data), Some("fallback"))
        );
        let refusal =
            "update 1000: the answer was not sent: answerCallbackQuery: 400 Bad Request: MESSAGE_TOO_LONG";
        let mut expected = vec![refusal];
        if data == "lost" {
            expected.push("update 1000: the handler failed: on purpose");
        }
        let mut told = Vec::new();
        for _ in &expected {
            told.push(reported.recv().await.unwrap());
        }
        told.sort();
        expected.sort_unstable();
        assert_eq!(told, expected);
        run.stop().await;
        assert_eq!(server.answers().len(), 3);
    }
}

#[tokio::test]
async fn fallback_answers_do_not_hold_up_the_next_press_either() {
    let (server, run) = with_answers_held(Router::new(), 20).await;
    for n in 0..20 {
        server.press(&n.to_string(), 7, "x");
    }
    server.until_calls("answerCallbackQuery", 40).await;
    server.release();
    run.stop().await;
    assert!(server.unconfirmed().is_empty());
}
