//! What the people in the chat see.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    dead_code,
    reason = "a test may panic; the server can do more"
)]

#[path = "../../../crates/ringback/tests/bot/server.rs"]
mod server;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use server::Server;
use volume_knob::{Allowed, Mixer, router};

const ANN: i64 = 8951984;
const BOB: i64 = 7;

fn keyboard() -> Value {
    json!({"inline_keyboard": [[
        {"text": "↑  Turn up", "callback_data": r#"{"type":"volume","direction":true}"#},
        {"text": "↓  Turn down", "callback_data": r#"{"type":"volume","direction":false}"#},
    ]]})
}

#[tokio::test]
async fn the_command_shows_the_buttons() {
    let server = Server::start().await;
    let run = server.run(router(Arc::new(Mixer::new(Allowed::Everybody))), |polling| {
        polling
    });
    server.says(BOB, "/volumeknob");
    server.until_calls("sendMessage", 1).await;
    server.says(BOB, "/start");
    let sent = server.until_calls("sendMessage", 2).await;
    run.stop().await;
    let text = "Use the buttons below to modify the volume:";
    assert_eq!(
        sent[0],
        json!({"chat_id": BOB, "text": text, "reply_markup": keyboard()})
    );
    assert_eq!(sent[1], sent[0]);
}

#[tokio::test]
async fn a_press_turns_the_volume_for_those_who_may() {
    let server = Server::start().await;
    let mixer = Arc::new(Mixer::new(Allowed::Only(vec![ANN])));
    let run = server.run(router(Arc::clone(&mixer)), |polling| polling);

    server.press("1", ANN, r#"{"type":"volume","direction":true}"#);
    server.until_calls("editMessageText", 1).await;
    server.press("2", ANN, r#"{ "direction": false, "type": "volume" }"#);
    let edits = server.until_calls("editMessageText", 2).await;
    server.press("3", BOB, r#"{"type":"volume","direction":true}"#);
    server.press("4", ANN, r#"{"type":"brightness","direction":true}"#);
    server.press("5", ANN, "not JSON");
    let mut answers = server.until_calls("answerCallbackQuery", 5).await;
    run.stop().await;

    answers.sort_by_key(|answer| answer["callback_query_id"].to_string());
    assert_eq!(
        answers[0],
        json!({"callback_query_id": "1", "text": "Volume: 60"})
    );
    assert_eq!(
        answers[1],
        json!({"callback_query_id": "2", "text": "Volume: 50"})
    );
    assert_eq!(
        answers[2],
        json!({"callback_query_id": "3", "text": "Permission denied."})
    );
    // Other programs' buttons: the wait ends, and nothing is shown.
    assert_eq!(answers[3], json!({"callback_query_id": "4"}));
    assert_eq!(answers[4], json!({"callback_query_id": "5"}));
    let text = "Use the buttons below to modify the volume:\nVolume: 60 ▮▮▮▮▮▮▯▯▯▯";
    assert_eq!(
        edits[0],
        json!({"chat_id": ANN, "message_id": 3, "text": text, "reply_markup": keyboard()})
    );
    assert_eq!(mixer.level(), 50);
}

#[tokio::test]
async fn an_edit_that_changes_nothing_is_no_failure() {
    let server = Server::start().await;
    let not_modified = "Bad Request: message is not modified: specified new message content and reply markup are \
                        exactly the same as a current content and reply markup of the message";
    server.refuse("editMessageText", 400, not_modified, json!({}));
    let reports = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&reports);
    let run = server.run(router(Arc::new(Mixer::new(Allowed::Everybody))), |polling| {
        polling.on_error(move |_| {
            count.fetch_add(1, Ordering::Relaxed);
            std::future::ready(())
        })
    });
    server.press("1", BOB, r#"{"type":"volume","direction":true}"#);
    server.until_calls("editMessageText", 1).await;
    run.stop().await;
    assert_eq!(reports.load(Ordering::Relaxed), 0);
    assert!(server.unconfirmed().is_empty());
}
