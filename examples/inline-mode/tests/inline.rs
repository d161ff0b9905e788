//! What Ann and Ben see in a chat that the bot is not in.

use ringback::testing::{Person, Telegram};

async fn open() -> (Telegram, Person, Person) {
    let telegram = Telegram::start().await;
    let (ann, ben) = (telegram.person("Ann").await, telegram.person("Ben").await);
    telegram.run(inline_mode::router()).await;
    // Each is in the chat with the other.
    let (with_ben, with_ann) = (ann.in_chat(ben.id()), ben.in_chat(ann.id()));
    (telegram, with_ben, with_ann)
}

#[tokio::test]
async fn places_are_offered_page_by_page() {
    let (telegram, ann, _) = open().await;
    let first = ann.type_inline("").await;
    assert_eq!(first.titles()[..2], ["The Anchor", "Bell's Café"]);
    assert_eq!((first.titles().len(), first.next_offset()), (5, Some("5")));
    let second = ann.more(&first).await;
    let third = ann.more(&second).await;
    assert_eq!(
        third.titles(),
        ["Market Kitchen", "Noodle Bar", "The Reading Room", "Teapot"]
    );
    assert_eq!(third.next_offset(), None);

    let found = ann.type_inline(" mill lane").await;
    assert_eq!(found.titles(), ["The Blue Door", "The Crooked Spoon"]);
    assert_eq!(found.next_offset(), None);
    assert!(ann.type_inline("nowhere").await.titles().is_empty());
    assert!(telegram.reports().is_empty());
}

#[tokio::test]
async fn a_sent_place_shows_who_comes() {
    let (telegram, ann, ben) = open().await;
    let offers = ann.type_inline("tea").await;
    ann.choose(&offers, "Teapot").await;
    let seen = ben.last().await;
    assert_eq!(seen.text(), "Let's meet at Teapot, Old Wall 19.");
    assert_eq!(
        seen.buttons(),
        [vec!["I'll come", "I can't"], vec!["Another place"]]
    );

    assert_eq!(ben.press("I'll come").await.text(), Some("See you there!"));
    assert_eq!(
        ann.last().await.text(),
        "Let's meet at Teapot, Old Wall 19.\n\nComing: Ben"
    );
    assert_eq!(ann.press("I'll come").await.text(), Some("See you there!"));
    // Twice is once, and the message stays as it is.
    assert_eq!(ben.press("I'll come").await.text(), Some("See you there!"));
    let seen = ben.last().await;
    assert_eq!(
        seen.text(),
        "Let's meet at Teapot, Old Wall 19.\n\nComing: Ben, Ann"
    );
    assert_eq!(seen.buttons().len(), 2, "the edit kept the keyboard");
    assert_eq!(ben.press("I can't").await.text(), Some("What a pity."));
    assert_eq!(
        ann.last().await.text(),
        "Let's meet at Teapot, Old Wall 19.\n\nComing: Ann"
    );
    assert_eq!(telegram.calls("editMessageText").await, 3);
    assert!(telegram.reports().is_empty());
}

#[tokio::test]
async fn both_may_press_at_once() {
    let (telegram, ann, ben) = open().await;
    let offers = ann.type_inline("fig").await;
    ann.choose(&offers, "Fig Tree").await;
    let presses = [
        ann.begin_press("I'll come").await,
        ben.begin_press("I'll come").await,
    ];
    for press in presses {
        assert_eq!(press.end().await.text(), Some("See you there!"));
    }
    let text = ann.last().await.text().to_owned();
    let coming = text.strip_prefix("Let's meet at Fig Tree, Old Wall 8.\n\nComing: ");
    assert!(matches!(coming, Some("Ann, Ben" | "Ben, Ann")), "{text}");
    assert!(telegram.reports().is_empty());
}

#[tokio::test]
async fn each_message_has_its_own_guests() {
    let (telegram, ann, ben) = open().await;
    let offers = ann.type_inline("fig").await;
    let first = ann.choose(&offers, "Fig Tree").await;
    ben.press("I'll come").await;
    // The place was met at once, so it says so now.
    let again = ann.type_inline("fig").await;
    assert_eq!(again.results()[0]["description"], "Old Wall 8 · met here 1×");
    ann.choose(&again, "Fig Tree").await;
    assert_eq!(ann.last().await.text(), "Let's meet at Fig Tree, Old Wall 8.");
    ann.press_in(first.message_id, "I'll come").await;
    let first = ann.message(first.message_id).await.unwrap();
    assert!(first.text().ends_with("Coming: Ben, Ann"), "{}", first.text());
    assert!(telegram.reports().is_empty());
}

#[tokio::test]
async fn made_up_places_are_refused() {
    let (telegram, ann, _) = open().await;
    let offers = ann.type_inline("fig").await;
    ann.choose(&offers, "Fig Tree").await;
    let press = ann.forge("meet:come:200").await;
    assert_eq!(
        (press.text(), press.is_alert()),
        (Some("There is no such place any more."), true)
    );
    let press = ann.forge("meet:come:everywhere").await;
    assert!(press.is_answered() && press.text().is_none());
    assert_eq!(ann.last().await.text(), "Let's meet at Fig Tree, Old Wall 8.");
    assert_eq!(telegram.reports().len(), 1);
}
