//! What Ann sees.

use ringback::testing::Telegram;

#[tokio::test]
async fn every_button_does_something() {
    let telegram = Telegram::start().await;
    let ann = telegram.person("Ann").await;
    telegram.run(actions::router()).await;
    ann.send("/start").await;
    let menu = ann.last().await;
    assert_eq!(menu.text(), "What shall I do?");
    assert_eq!(menu.buttons().len(), 6);
    for label in menu.buttons().concat() {
        let press = ann.press(label).await;
        assert_eq!(
            press.text(),
            Some("Look at the top of the chat."),
            "{label}: {press:?}"
        );
    }
    assert!(telegram.reports().is_empty(), "an action was refused");
}

#[tokio::test]
async fn an_old_button_ends_the_wait() {
    let telegram = Telegram::start().await;
    let ann = telegram.person("Ann").await;
    telegram.run(actions::router()).await;
    ann.send("/start").await;
    let press = ann.forge("action:dance").await;
    assert!(press.is_answered() && press.text().is_none(), "{press:?}");
    assert_eq!(telegram.reports().len(), 1);
}
