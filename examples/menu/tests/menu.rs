//! What a user sees.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    dead_code,
    reason = "a test may panic; the server can do more"
)]

#[path = "../../../crates/ringback/tests/bot/server.rs"]
mod server;

use menu::{Users, router};
use serde_json::{Value, json};
use server::Server;

fn texts(call: &Value) -> Vec<&str> {
    let rows = call["reply_markup"]["inline_keyboard"].as_array().unwrap();
    rows.iter()
        .flat_map(|row| row.as_array().unwrap())
        .map(|button| button["text"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn each_press_leads_to_its_page() {
    let server = Server::start().await;
    let run = server.run(router(Users::default()), |polling| polling);
    server.says(7, "/settings");
    let sent = server.until_calls("sendMessage", 1).await;
    assert_eq!(sent[0]["text"], "Settings\nLanguage: English");
    assert_eq!(texts(&sent[0]), ["Alerts", "Language", "Reset"]);

    let pages: [(&str, &[&str]); 7] = [
        ("set:alerts", &["News", "Replies", "‹ Back"]),
        ("set:toggle_news", &["✓ News", "Replies", "‹ Back"]),
        ("set:toggle_replies", &["✓ News", "✓ Replies", "‹ Back"]),
        ("set:speak:uk", &["English", "Deutsch", "✓ Українська", "‹ Back"]),
        ("set:ask_reset", &["Forget them", "Keep them"]),
        ("set:reset", &["Alerts", "Language", "Reset"]),
        ("set:languages", &["✓ English", "Deutsch", "Українська", "‹ Back"]),
    ];
    for (n, (data, expected)) in pages.into_iter().enumerate() {
        server.press(&format!("q{n}"), 7, data);
        let edits = server.until_calls("editMessageText", n + 1).await;
        assert_eq!(texts(&edits[n]), expected, "{data}");
    }
    let answers = server.until_calls("answerCallbackQuery", 7).await;
    assert_eq!(
        answers[5],
        json!({"callback_query_id": "q5", "text": "All is as it was in the beginning."})
    );
    run.stop().await;
}

#[tokio::test]
async fn a_double_tap_is_one() {
    let server = Server::start().await;
    let run = server.run(router(Users::default()), |polling| polling);
    server.press("1", 7, "set:toggle_news");
    server.press("2", 7, "set:toggle_news");
    server.until_calls("answerCallbackQuery", 2).await;
    run.stop().await;
    let edits = server.calls("editMessageText");
    assert_eq!(edits.len(), 1);
    assert_eq!(texts(&edits[0])[0], "✓ News");
}
