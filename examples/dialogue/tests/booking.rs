//! What Ann and Bob see, with the bot restarted in between.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::path::{Path, PathBuf};
use std::time::Duration;

use dialogue::{fallback, router};
use ringback::Sessions;
use ringback::store::{FileError, FileStore};
use ringback::testing::{Person, Telegram};

/// The bot's file, which is removed at the end.
struct File(PathBuf);

impl File {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("dialogue-{}-{name}.redb", std::process::id()));
        let _ = std::fs::remove_file(&path);
        File(path)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// The store. A bot that has just ended may still have it open for a moment.
async fn open(path: &Path) -> FileStore {
    let opening = async {
        loop {
            match FileStore::open(path) {
                Err(FileError::Open(_)) => tokio::time::sleep(Duration::from_millis(5)).await,
                opened => return opened.unwrap(),
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(10), opening)
        .await
        .unwrap()
}

async fn start(telegram: &Telegram, file: &File) {
    let router = router(Sessions::new(open(&file.0).await));
    telegram
        .run_with(router, |polling| {
            polling.fallback(|reason, answer| answer.text(fallback(reason)))
        })
        .await;
}

/// What the bot has said last, once it has.
async fn says(person: &Person, text: &str) -> String {
    person.send(text).await;
    person.last().await.text().to_owned()
}

#[tokio::test]
async fn a_table_is_booked_step_by_step_over_two_restarts() {
    let (telegram, file) = (Telegram::start().await, File::new("steps"));
    let (ann, bob) = (telegram.person("Ann").await, telegram.person("Bob").await);
    start(&telegram, &file).await;
    assert_eq!(says(&ann, "hello").await, "Send /book to book a table.");
    assert_eq!(says(&ann, "/book").await, "Which day?");
    assert_eq!(says(&bob, "/book").await, "Which day?");
    ann.press("Saturday").await;
    assert_eq!(ann.last().await.text(), "Saturday. For how many?");
    telegram.stop().await;

    start(&telegram, &file).await;
    assert_eq!(says(&ann, "thirteen").await, "A number from 1 to 12, please.");
    assert_eq!(says(&ann, "13").await, "A number from 1 to 12, please.");
    assert_eq!(says(&ann, "5").await, "Saturday, for 5. In what name?");
    bob.press("Friday").await;
    bob.press("2").await;
    assert_eq!(bob.last().await.text(), "Friday, for 2. In what name?");
    assert_eq!(says(&ann, "Ann").await, "Saturday, for 5, Ann. Is that right?");
    telegram.kill().await;

    start(&telegram, &file).await;
    assert_eq!(ann.press("Book").await.text(), Some("See you!"));
    assert_eq!(ann.last().await.text(), "Booked: Saturday, for 5, Ann.");
    assert_eq!(says(&ann, "/booked").await, "Saturday, for 5, Ann");
    assert_eq!(says(&bob, "/booked").await, "You have booked nothing.");
    telegram.stop().await;
    assert!(telegram.reports().is_empty());
}

#[tokio::test]
async fn there_is_a_way_back_and_a_way_out() {
    let (telegram, file) = (Telegram::start().await, File::new("back"));
    let ann = telegram.person("Ann").await;
    start(&telegram, &file).await;
    ann.send("/book").await;
    assert_eq!(ann.last().await.buttons().last(), Some(&vec!["Cancel"]));
    ann.press("Sunday").await;
    ann.press("4").await;
    assert_eq!(ann.last().await.text(), "Sunday, for 4. In what name?");
    ann.press("« Back").await;
    assert_eq!(ann.last().await.text(), "Sunday. For how many?");
    ann.press("« Back").await;
    assert_eq!(ann.last().await.text(), "Which day?");
    ann.press("Friday").await;
    ann.press("Cancel").await;
    assert_eq!(ann.last().await.text(), "Another time, then.");
    assert_eq!(says(&ann, "/cancel").await, "There is nothing to cancel.");

    // Two conversations in one chat: the older one's buttons go with the state, or lead nowhere.
    ann.send("/book").await;
    let old = ann.last().await.message_id;
    ann.press("Friday").await;
    assert_eq!(says(&ann, "6").await, "Friday, for 6. In what name?");
    assert_eq!(
        ann.press_in(old, "2").await.text(),
        Some("That question is answered already.")
    );
    assert_eq!(says(&ann, "/cancel").await, "Another time, then.");
    telegram.stop().await;
    assert!(telegram.reports().is_empty());
}
