//! What Ann sees.

use ringback::testing::Telegram;

#[tokio::test]
async fn what_is_repeated_can_be_taken_back() {
    let telegram = Telegram::start().await;
    let ann = telegram.person("Ann").await;
    telegram.run(delete_echo::router()).await;

    ann.send("Hello?").await;
    let echo = ann.last().await;
    assert_eq!(echo.text(), "Hello?");
    assert_eq!(echo.buttons(), [["Delete"]]);

    ann.send("And this.").await;
    let press = ann.press_in(echo.message_id, "Delete").await;
    assert_eq!(press.text(), Some("Deleted."));
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
async fn in_a_group_anyone_may() {
    let telegram = Telegram::start().await;
    let (ann, ben) = (telegram.person("Ann").await, telegram.person("Ben").await);
    telegram.run(delete_echo::router()).await;
    let group = telegram.group("Friends", &[&ann, &ben]).await;
    let (ann, ben) = (ann.in_chat(group), ben.in_chat(group));

    ann.send("/say@test_bot something").await;
    let echo = ben.last().await;
    assert_eq!(echo.text(), "/say@test_bot something");
    assert!(ben.press("Delete").await.is_answered());
    assert_ne!(ann.last().await.message_id, echo.message_id);
}
