//! Files, up and down.

use ringback::api::{InputFile, SendDocument};
use ringback::testing::Telegram;
use ringback::{ApiErrorKind, Incoming, Router};

async fn ready(_: Incoming) {}

#[tokio::test]
async fn what_goes_up_comes_down() {
    let telegram = Telegram::start().await;
    let ann = telegram.person("Ann").await;
    telegram.run(Router::new().message(ready)).await;
    ann.send("/start").await;

    // Every byte there is, and more than one write takes.
    let content: Vec<u8> = (0..3_000_000_u32)
        .map(|n| (n % 251) as u8)
        .chain(0..=255)
        .collect();
    let file = InputFile::bytes("all \"bytes\".bin", content.clone());
    let sent = telegram
        .bot()
        .send(SendDocument::new(ann.id(), file).caption("All of them"))
        .await
        .unwrap();
    let document = sent.document.unwrap();
    assert_eq!(document.file_size, Some(content.len() as i64));
    assert_eq!(ann.last().await.text(), "All of them");
    let back = telegram.bot().download(&document.file_id).await.unwrap();
    assert!(back == content);

    let error = telegram.bot().download("no-such-file").await.unwrap_err();
    assert_eq!(error.api().unwrap().code, 400, "{error}");
    assert!(!error.is(ApiErrorKind::Unauthorized));
}
