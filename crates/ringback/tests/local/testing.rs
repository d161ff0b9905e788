//! The testing module itself: people, time, and what is reported.

use std::time::Duration;

use ringback::data::Json;
use ringback::testing::Telegram;
use ringback::{BoxError, CallbackQuery, Incoming, Keyboard, Outcome, Router};

pub(crate) async fn menu(message: Incoming) -> Result<(), BoxError> {
    let button = |data: &str| Json(data.to_owned());
    let keyboard = Keyboard::new()
        .callback("Echo", &button("echo"))
        .callback("Slow", &button("slow"))
        .row()
        .callback("Cached", &button("cached"))
        .callback("Never", &button("never"))
        .callback("Edit", &button("edit"))
        .build()?;
    message.answer("Menu").with(|m| m.reply_markup(keyboard)).await?;
    Ok(())
}

pub(crate) async fn pressed(query: CallbackQuery<Json<String>>) -> Result<Outcome, BoxError> {
    let data = query.data().to_string();
    Ok(match data.as_str() {
        "slow" => {
            tokio::time::sleep(Duration::from_millis(300)).await;
            query.answer().text("slow").await
        }
        "cached" => {
            query
                .answer()
                .alert("kept")
                .cache_time(Duration::from_secs(60))
                .await
        }
        "never" => std::future::pending().await,
        "edit" => {
            let edit = query.edit_text("Edited");
            let outcome = query.answer().text("first").await;
            tokio::time::sleep(Duration::from_millis(100)).await;
            edit.await?;
            outcome
        }
        _ => query.answer().text(data).await,
    })
}

pub(crate) fn router() -> Router {
    Router::new().command("start", menu).callback(pressed)
}

#[tokio::test]
async fn ann_writes_presses_and_looks() {
    let telegram = Telegram::start().await;
    let ann = telegram.person("Ann").await;
    assert_eq!(ann.user().await.first_name, "Ann");
    telegram.run(router()).await;
    ann.send("/start").await;
    assert_eq!(
        ann.last().await.buttons(),
        [vec!["Echo", "Slow"], vec!["Cached", "Never", "Edit"]]
    );
    assert_eq!(ann.press("Echo").await.text(), Some("echo"));
    // All that the handler did has happened, what it did after its answer, too.
    assert_eq!(ann.press("Edit").await.text(), Some("first"));
    assert_eq!(ann.last().await.text(), "Edited");
    telegram.stop().await;
    assert!(telegram.reports().is_empty());
}

#[tokio::test]
async fn an_app_keeps_an_answer_as_long_as_it_may() {
    let telegram = Telegram::start().await;
    let ann = telegram.person("Ann").await;
    telegram.run(router()).await;
    ann.send("/start").await;
    let first = ann.press("Cached").await;
    assert!(first.is_alert() && !first.is_cached());
    assert!(ann.press("Cached").await.is_cached());
    telegram.advance(Duration::from_secs(61)).await;
    assert!(!ann.press("Cached").await.is_cached());
}

#[tokio::test]
async fn an_app_keeps_no_answer_unless_it_is_told_to() {
    let telegram = Telegram::start().await;
    let ann = telegram.person("Ann").await;
    telegram.run(router()).await;
    ann.send("/start").await;
    for _ in 0..2 {
        let press = ann.press("Echo").await;
        assert!(press.text() == Some("echo") && !press.is_cached(), "{press:?}");
    }
    assert_eq!(telegram.calls("answerCallbackQuery").await, 2);
}

#[tokio::test]
async fn without_a_bot_the_app_gives_up() {
    let telegram = Telegram::start().await;
    let ann = telegram.person("Ann").await;
    telegram.run(router()).await;
    ann.send("/start").await;
    telegram.stop().await;
    let press = ann.begin_press("Echo").await;
    assert!(press.now().await.is_pending());
    telegram.advance(Duration::from_secs(60)).await;
    assert_eq!(press.end().await.error(), Some("BOT_RESPONSE_TIMEOUT"));
}

#[tokio::test]
async fn a_killed_bots_press_is_handled_by_the_next() {
    let telegram = Telegram::start().await;
    let ann = telegram.person("Ann").await;
    telegram.run(router()).await;
    ann.send("/start").await;
    let press = ann.begin_press("Never").await;
    // The handler has it when a second poll has come; half a second is its pace.
    tokio::time::sleep(Duration::from_millis(50)).await;
    telegram.kill().await;
    assert!(press.now().await.is_pending());

    async fn any(query: CallbackQuery) -> Outcome {
        query.answer().text("after the restart").await
    }
    telegram.run(Router::new().callback(any)).await;
    assert_eq!(press.end().await.text(), Some("after the restart"));
}
