//! What Ann sees.

use std::time::Duration;

use ringback::testing::Telegram;

#[tokio::test]
async fn what_is_repeated_can_be_taken_back() {
    let telegram = Telegram::start().await;
    let ann = telegram.person("Ann").await;
    telegram.run(delete_echo::router()).await;

    ann.send("Hello?").await;
    let echo = ann.last().await;
    assert_eq!(echo.text(), "Hello?");
    assert_eq!(echo.buttons(), [["🔪 Delete"]]);
    assert_eq!(echo.data("🔪 Delete"), Some("delete_echo.deleteMe"));

    ann.send("And this.").await;
    let press = ann.press_in(echo.message_id, "Delete").await;
    assert_eq!((press.text(), press.is_alert()), (Some("Deleted!"), false));
    let texts: Vec<_> = ann
        .messages()
        .await
        .iter()
        .map(|seen| seen.text().to_owned())
        .collect();
    assert_eq!(texts, ["Hello?", "And this.", "And this."]);
    assert!(telegram.reports().is_empty());
}

#[tokio::test]
async fn what_can_not_be_deleted_is_said_in_a_dialog() {
    let telegram = Telegram::start().await;
    let ann = telegram.person("Ann").await;
    telegram.run(delete_echo::router()).await;
    // Two taps before the first has had its effect.
    ann.send("Hello?").await;
    telegram.stop().await;
    let taps = [ann.begin_press("Delete").await, ann.begin_press("Delete").await];
    telegram.run(delete_echo::router()).await;
    let [first, second] = taps;
    assert_eq!(first.end().await.text(), Some("Deleted!"));
    let second = second.end().await;
    assert_eq!(
        (second.text(), second.is_alert()),
        (Some("Couldn't delete message"), true)
    );
    // After two days nobody deletes it.
    ann.send("Still there?").await;
    telegram.advance(Duration::from_secs(49 * 3600)).await;
    assert_eq!(ann.press("Delete").await.text(), Some("Couldn't delete message"));
    assert_eq!(ann.last().await.text(), "Still there?");
    assert!(telegram.reports().is_empty());
}

#[tokio::test]
async fn in_a_group_anyone_may_and_what_can_not_be_repeated_is_said() {
    let telegram = Telegram::start().await;
    let (ann, ben) = (telegram.person("Ann").await, telegram.person("Ben").await);
    telegram.run(delete_echo::router()).await;
    let group = telegram.group("Friends", &[&ann, &ben]).await;
    telegram.promote(group, telegram.bot().id()).await;
    let (ann, ben) = (ann.in_chat(group), ben.in_chat(group));
    ann.send("/say@test_bot something").await;
    let echo = ben.last().await;
    assert_eq!(echo.text(), "/say@test_bot something");
    // In a group anyone may.
    assert!(ben.press("Delete").await.is_answered());
    assert_ne!(ann.last().await.message_id, echo.message_id);

    // That somebody has joined can't be repeated.
    let carl = telegram.person("Carl").await;
    telegram.promote(group, carl.id()).await;
    assert_eq!(ann.last().await.text(), "Couldn't resend that.");

    // A press of another program's button ends its wait.
    ann.send("Hello").await;
    let press = ann.forge("delete_echo.deleteThem").await;
    assert!(press.is_answered() && press.text().is_none(), "{press:?}");
}
