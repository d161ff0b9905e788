//! What Ann sees, and that it came in the responses.

use ringback::testing::Telegram;

#[tokio::test]
async fn each_press_counts() {
    let telegram = Telegram::start().await;
    let ann = telegram.person("Ann").await;
    telegram.serve(webhook::router()).await;
    ann.send("/start").await;
    for n in ["1", "2", "3"] {
        assert_eq!(ann.press("Count").await.text(), Some(n));
    }
    telegram.stop().await;
    assert!(telegram.reports().is_empty());
}
