//! What the people in a group see.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use std::time::Duration;

use admin::{ConfirmWithin, fallback, router};
use ringback::api::GetChatMember;
use ringback::data::{Keys, Stash};
use ringback::testing::{Person, Telegram};

struct Group {
    telegram: Telegram,
    id: i64,
    /// The owner.
    ann: Person,
    /// An administrator.
    bea: Person,
    /// Somebody who writes too much.
    carl: Person,
}

impl Group {
    async fn open(confirm: ConfirmWithin) -> Group {
        let telegram = Telegram::start().await;
        let (ann, bea) = (telegram.person("Ann").await, telegram.person("Bea").await);
        let carl = telegram.person("Carl").await;
        let id = telegram.group("Friends", &[&ann, &bea, &carl]).await;
        telegram.promote(id, bea.id()).await;
        telegram.promote(id, telegram.bot().id()).await;
        let keys = Keys::new(&[7; 32]).unwrap();
        let router = router(keys, Stash::memory(100), confirm);
        let answering = |reason, answer: ringback::api::AnswerCallbackQuery| answer.text(fallback(reason));
        telegram
            .run_with(router, |polling| polling.fallback(answering))
            .await;
        let (ann, bea, carl) = (ann.in_chat(id), bea.in_chat(id), carl.in_chat(id));
        Group {
            telegram,
            id,
            ann,
            bea,
            carl,
        }
    }

    /// Carl writes, and somebody moderates; the message with the buttons.
    async fn moderate(&self, by: &Person) -> i64 {
        let spam = self.carl.send("Buy my tea!").await;
        by.reply(spam.message_id, "/moderate").await;
        by.last().await.message_id
    }

    async fn status(&self, person: &Person) -> String {
        let member = GetChatMember::new(self.id, person.id());
        self.telegram
            .bot()
            .send(member)
            .await
            .unwrap()
            .status()
            .to_owned()
    }
}

#[tokio::test]
async fn who_is_banned_was_asked_about_twice() {
    let group = Group::open(ConfirmWithin::default()).await;
    let (ann, carl) = (&group.ann, &group.carl);
    group.moderate(ann).await;
    let seen = ann.last().await;
    assert_eq!(seen.text(), "What shall happen to Carl?");
    assert_eq!(seen.buttons(), [["Mute for an hour"], ["Ban"], ["Nothing"]]);

    assert!(ann.press("Ban").await.is_answered());
    let seen = ann.last().await;
    assert_eq!(
        (seen.text(), seen.buttons()),
        ("Ban Carl for ever?", vec![vec!["Ban Carl", "No"]])
    );
    assert_eq!(group.status(carl).await, "member");

    assert_eq!(ann.press("Ban Carl").await.text(), Some("Done."));
    assert_eq!(group.status(carl).await, "kicked");
    let message = ann.message(seen.message_id).await.unwrap();
    assert_eq!(
        (message.text(), message.buttons().len()),
        ("Ann has banned Carl.", 0)
    );
    // The same button again: Ann's screen was slow.
    let press = ann
        .forge_in(seen.message_id, seen.data("Ban Carl").unwrap())
        .await;
    assert_eq!(
        press.text(),
        Some("Too late, or done already. Send /moderate again.")
    );
    assert_eq!(group.telegram.calls("banChatMember").await, 1);
}

#[tokio::test]
async fn an_hours_mute_ends_after_an_hour() {
    let group = Group::open(ConfirmWithin::default()).await;
    group.moderate(&group.bea).await;
    group.bea.press("Mute").await;
    assert_eq!(group.bea.press("Mute Carl").await.text(), Some("Done."));
    assert_eq!(group.bea.last().await.text(), "Bea has muted Carl for an hour.");
    assert_eq!(group.status(&group.carl).await, "restricted");
    group.telegram.advance(Duration::from_secs(3500)).await;
    assert_eq!(group.status(&group.carl).await, "restricted");
    group.telegram.advance(Duration::from_secs(3600)).await;
    assert_eq!(group.status(&group.carl).await, "member");
    assert!(group.telegram.reports().is_empty());
}

#[tokio::test]
async fn buttons_are_for_who_asked_where_they_asked() {
    let group = Group::open(ConfirmWithin::default()).await;
    let (ann, bea, carl) = (&group.ann, &group.bea, &group.carl);
    let message = group.moderate(ann).await;
    let seen = ann.last().await;
    let others = Some("These buttons are another administrator's.");
    for label in ["Mute for an hour", "Ban", "Nothing"] {
        assert_eq!(bea.press(label).await.text(), others);
        assert_eq!(carl.press(label).await.text(), others);
    }
    // Ann's own, but of another group.
    let data = seen.data("Ban").unwrap();
    let elsewhere = group.telegram.group("Others", &[ann]).await;
    let there = ann.in_chat(elsewhere);
    let word = there.send("Nobody here?").await;
    there.reply(word.message_id, "/moderate@test_bot").await;
    assert_eq!(there.last().await.text(), "What shall happen to Ann?");
    assert_eq!(there.forge(data).await.text(), others);
    // And one that was changed a little.
    let (head, _) = data.split_at(data.char_indices().nth_back(0).unwrap().0);
    assert!(matches!(
        ann.forge(&format!("{head}x")).await.text(),
        Some("These buttons are another administrator's." | "This button is out of date.")
    ));
    // The question in the middle is Ann's alone, too.
    ann.press("Ban").await;
    assert_eq!(bea.press("Ban Carl").await.text(), others);
    assert_eq!(carl.press("No").await.text(), others);
    ann.press("No").await;
    assert_eq!(ann.message(message).await.unwrap().text(), "So be it: nothing.");
    assert_eq!(group.status(carl).await, "member");
    assert_eq!(group.telegram.calls("banChatMember").await, 0);
}

#[tokio::test]
async fn rights_are_looked_up_at_each_step() {
    let group = Group::open(ConfirmWithin::default()).await;
    let (bea, carl) = (&group.bea, &group.carl);
    carl.send("/moderate").await;
    assert_eq!(
        carl.last().await.text(),
        "Only for administrators who may ban users."
    );
    bea.send("/moderate").await;
    assert_eq!(
        bea.last().await.text(),
        "Send it in reply to a message of whom it is about."
    );

    group.moderate(bea).await;
    group.telegram.demote(group.id, bea.id()).await;
    let press = bea.press("Ban").await;
    assert_eq!(
        (press.text(), press.is_alert()),
        (Some("You may not do that any more."), true)
    );
    group.telegram.promote(group.id, bea.id()).await;
    bea.press("Mute").await;
    group.telegram.demote(group.id, bea.id()).await;
    assert_eq!(
        bea.press("Mute Carl").await.text(),
        Some("You may not do that any more.")
    );
    assert_eq!(group.status(carl).await, "member");
    assert!(group.telegram.reports().is_empty());
}

#[tokio::test]
async fn administrators_and_a_bot_without_rights_are_told() {
    let group = Group::open(ConfirmWithin::default()).await;
    let (ann, carl) = (&group.ann, &group.carl);
    group.moderate(ann).await;
    group.telegram.promote(group.id, carl.id()).await;
    assert_eq!(ann.press("Ban").await.text(), Some("Carl is an administrator."));
    group.telegram.demote(group.id, carl.id()).await;
    ann.press("Mute").await;
    group.telegram.demote(group.id, group.telegram.bot().id()).await;
    let press = ann.press("Mute Carl").await;
    let refusal = "Bad Request: not enough rights to restrict/unrestrict chat member";
    assert_eq!((press.text(), press.is_alert()), (Some(refusal), true));
    assert!(group.telegram.reports().is_empty());
}

#[tokio::test]
async fn the_last_word_expires() {
    let group = Group::open(ConfirmWithin(Duration::ZERO)).await;
    group.moderate(&group.ann).await;
    group.ann.press("Ban").await;
    let press = group.ann.press("Ban Carl").await;
    assert_eq!(
        press.text(),
        Some("Too late, or done already. Send /moderate again.")
    );
    assert_eq!(group.status(&group.carl).await, "member");
}
