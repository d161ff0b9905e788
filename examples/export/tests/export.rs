//! What Ann sees while the bot works.

use std::sync::Arc;
use std::time::Duration;

use export::{Archive, Patience, fallback, router};
use ringback::data::Stash;
use ringback::testing::{Person, Telegram};

const LONG: Patience = Patience(Duration::from_secs(3600));
const NONE: Patience = Patience(Duration::ZERO);

/// An archive that nobody can read until a place is given.
async fn open(patience: Patience) -> (Telegram, Person, Arc<Archive>) {
    let telegram = Telegram::start().await;
    let ann = telegram.person("Ann").await;
    let archive = Arc::new(Archive::new(0, Duration::ZERO));
    let router = router(Arc::clone(&archive), Stash::memory(100), patience);
    telegram
        .run_with(router, |polling| {
            polling.fallback(|reason, answer| answer.text(fallback(reason)))
        })
        .await;
    ann.send("/export").await;
    (telegram, ann, archive)
}

#[tokio::test]
async fn what_is_quick_is_answered_with_its_end() {
    let (telegram, ann, archive) = open(LONG).await;
    let choice = ann.last().await;
    assert_eq!(
        (choice.text(), choice.buttons()),
        ("Which year?", vec![vec!["2024", "2025", "2026"]])
    );
    archive.readers.add_permits(1);
    assert_eq!(ann.press("2025").await.text(), Some("It is ready."));
    let file = ann.until(|seen| seen.document.is_some()).await;
    assert_eq!(file.text(), "The export of 2025");
    let id = file.document.clone().unwrap().file_id;
    let rows = telegram.bot().download(id).await.unwrap();
    assert_eq!(
        rows,
        "quarter,count\n2025-Q1,85\n2025-Q2,73\n2025-Q3,61\n2025-Q4,49\n"
    );
    ann.until(|seen| seen.text() == "2025: done.").await;
    assert!(telegram.reports().is_empty());
}

#[tokio::test]
async fn what_is_slow_is_answered_at_once_and_shown() {
    let (telegram, ann, archive) = open(NONE).await;
    let press = ann.press("2024").await;
    assert_eq!(press.text(), Some("This takes a while. I'll send it."));
    let progress = ann.until(|seen| seen.text() == "2024: ▯▯▯▯").await;
    assert_eq!(progress.buttons(), [["Cancel"]]);
    archive.readers.add_permits(1);
    let done = ann.until(|seen| seen.text() == "2024: done.").await;
    assert!(done.buttons().is_empty());
    assert_eq!(done.message_id, progress.message_id);
    // One for each part begun, and one for the end.
    assert_eq!(telegram.calls("editMessageText").await, 5);
    assert!(telegram.reports().is_empty());
}

#[tokio::test]
async fn a_choice_is_made_once_and_by_who_was_asked() {
    let (telegram, ann, archive) = open(NONE).await;
    let choice = ann.last().await;
    let (this, other) = (choice.data("2024").unwrap(), choice.data("2025").unwrap());
    ann.press("2024").await;
    // The screen is slow, the finger is not.
    let over = Some("This choice is over. Send /export for a new one.");
    assert_eq!(ann.forge_in(choice.message_id, this).await.text(), over);
    let press = ann.forge_in(choice.message_id, other).await;
    assert_eq!(
        (press.text(), press.is_alert()),
        (Some("One at a time: yours is being made."), true)
    );
    let ben = telegram.person("Ben").await;
    ben.send("/export").await;
    let third = choice.data("2026").unwrap();
    assert_eq!(
        ben.forge(third).await.text(),
        Some("This is another user's choice.")
    );
    assert_eq!(
        ben.forge("&made up").await.text(),
        Some("This button is out of date.")
    );
    archive.readers.add_permits(1);
    ann.until(|seen| seen.text() == "2024: done.").await;
    assert_eq!(telegram.calls("sendDocument").await, 1);
}

#[tokio::test]
async fn it_can_be_called_off() {
    // The press of the year itself still waits for its answer.
    let (telegram, ann, archive) = open(LONG).await;
    let year = ann.begin_press("2026").await;
    let progress = ann.until(|seen| seen.text() == "2026: ▯▯▯▯").await;
    assert_eq!(ann.press("Cancel").await.text(), Some("Called off."));
    assert_eq!(year.end().await.text(), Some("Called off."));
    ann.until(|seen| seen.text() == "2026: called off. /export begins anew.")
        .await;
    let press = ann.forge_in(progress.message_id, "cancel").await;
    assert_eq!(press.text(), Some("It has ended already."));
    archive.readers.add_permits(1);
    assert_eq!(telegram.calls("sendDocument").await, 0);
    // And begun anew.
    ann.send("/export").await;
    assert_eq!(ann.press("2026").await.text(), Some("It is ready."));
    ann.until(|seen| seen.document.is_some()).await;
    assert!(telegram.reports().is_empty());
}

#[tokio::test]
async fn the_wait_ends_in_time_whatever_the_task_does() {
    let telegram = Telegram::start().await;
    let ann = telegram.person("Ann").await;
    let archive = Arc::new(Archive::new(0, Duration::ZERO));
    let router = router(Arc::clone(&archive), Stash::memory(100), LONG);
    telegram
        .run_with(router, |polling| {
            polling
                .answer_within(Duration::from_millis(20))
                .fallback(|reason, answer| answer.text(fallback(reason)))
        })
        .await;
    ann.send("/export").await;
    assert_eq!(ann.press("2024").await.text(), Some("Still at work …"));
    archive.readers.add_permits(1);
    ann.until(|seen| seen.text() == "2024: done.").await;
    // The task's own answer came too late, and was not sent.
    assert_eq!(telegram.calls("answerCallbackQuery").await, 1);
    assert_eq!(telegram.reports().len(), 1);
}
