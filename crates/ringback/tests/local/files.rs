//! Files, up and down.

use ringback::api::{InputFile, SendDocument};
use ringback::testing::Telegram;
use ringback::{ApiErrorKind, Error, Incoming, Router, upload};

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

    // The same from the disk, and from a stream, in chunks; and back to the disk.
    let dir = std::env::temp_dir().join(format!("ringback-files-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let (up, down) = (dir.join("up.bin"), dir.join("down.bin"));
    std::fs::write(&up, &content).unwrap();
    for file in [
        InputFile::path(&up),
        upload::reader("up.bin", std::io::Cursor::new(content.clone())),
        upload::sized(
            "up.bin",
            content.len() as u64,
            std::io::Cursor::new(content.clone()),
        ),
    ] {
        let sent = telegram
            .bot()
            .send(SendDocument::new(ann.id(), file))
            .await
            .unwrap();
        let document = sent.document.unwrap();
        assert_eq!(document.file_name.as_deref(), Some("up.bin"));
        let length = telegram
            .bot()
            .download_file(&document.file_id, &down)
            .await
            .unwrap();
        assert_eq!(length, content.len() as u64);
        assert!(std::fs::read(&down).unwrap() == content);
        let mut memory = Vec::new();
        telegram
            .bot()
            .download_to(&document.file_id, &mut memory)
            .await
            .unwrap();
        assert!(memory == content);
    }
    let nowhere = dir.join("no/such/folder");
    let error = telegram
        .bot()
        .download_file(&document.file_id, nowhere)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::File { .. }), "{error:?}");
    std::fs::remove_dir_all(&dir).unwrap();
}
