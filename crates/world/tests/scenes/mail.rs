//! Mailboxes count what happens in them, and chats are read.

use crate::common::*;
use ringback_world::calls::*;
use ringback_world::*;

/// What happened in a user's mailbox since it had counted to `pts`.
fn since(scene: &Scene, mailbox: Mailbox, pts: i32) -> Vec<(i32, i32, &'static str)> {
    let entries = scene.world.mail_since(mailbox, pts).unwrap();
    let what = |entry: &MailEntry| match &entry.change {
        MailChange::New(_) => "new",
        MailChange::Edited(_) => "edited",
        MailChange::Deleted(_) => "deleted",
        MailChange::Pinned { pinned: true, .. } => "pinned",
        MailChange::Pinned { .. } => "unpinned",
        MailChange::ReadInbox(..) => "read",
        MailChange::ReadOutbox(..) => "read by the other",
    };
    entries
        .into_iter()
        .map(|entry| (entry.pts, entry.count, what(entry)))
        .collect()
}

#[test]
fn each_mailbox_counts_its_own_changes() {
    let mut scene = Scene::started();
    let (ann, bot) = (Mailbox::User(scene.ann), Mailbox::User(scene.bot));
    let (before, at) = (scene.world.pts(ann), scene.at(scene.bot));
    let to_ann = scene.at(scene.ann);
    let card = scene.offer(to_ann, "Volume: 5", &["up"]);
    scene.edit(to_ann, card, "Volume: 6", &["up"]);
    let own = scene.say(scene.ann, at, "hello");
    scene.delete(scene.ann, at, own);
    let n = before;
    assert_eq!(
        since(&scene, ann, before),
        [
            (n + 1, 1, "new"),
            (n + 2, 1, "edited"),
            (n + 3, 1, "new"),
            (n + 4, 1, "deleted")
        ]
    );
    assert_eq!(scene.world.pts(ann), n + 4);
    assert_eq!(since(&scene, ann, n + 4), []);
    assert_eq!(since(&scene, bot, scene.world.pts(bot)), []);
}

#[test]
fn only_the_latest_changes_are_kept() {
    let mut scene = Scene::started();
    let (ann, at) = (Mailbox::User(scene.ann), scene.at(scene.bot));
    let first = scene.world.pts(ann);
    for _ in 0..MAX_MAIL {
        scene.say(scene.ann, at, "again");
    }
    assert_eq!(scene.world.mail_since(ann, first).unwrap().len(), MAX_MAIL);
    scene.say(scene.ann, at, "once more");
    assert_eq!(scene.world.mail_since(ann, first), None);
    assert_eq!(scene.world.mail_since(ann, first + 1).unwrap().len(), MAX_MAIL);
}

#[test]
fn a_bot_counts_only_what_it_hears() {
    let mut scene = Scene::empty();
    let (ann, ben, bot) = (scene.ann, scene.ben, scene.bot);
    let group = scene.chat(ChatKind::Group, &[ann, ben, bot]);
    let before = scene.world.pts(Mailbox::User(bot));
    scene.say(ann, group, "just talking");
    assert_eq!(scene.world.pts(Mailbox::User(bot)), before);
    scene.say(ann, group, "/volume");
    scene.offer(group, "Volume: 5", &["up"]);
    assert_eq!(scene.world.pts(Mailbox::User(bot)), before + 2);
}

#[test]
fn reading_is_told_to_both() {
    let mut scene = Scene::empty();
    let (ann, ben) = (scene.ann, scene.ben);
    let (to_ann, to_ben) = (Peer::User(ann), Peer::User(ben));
    scene.say(ann, to_ben, "one");
    let last = scene.say(ann, to_ben, "two");
    assert_eq!(scene.world.unread(ben, to_ann), 2);
    assert_eq!(scene.world.read_outbox(ann, to_ben), MessageId(0));
    let (of_ann, of_ben) = (
        scene.world.pts(Mailbox::User(ann)),
        scene.world.pts(Mailbox::User(ben)),
    );
    let read = |until| ReadHistory {
        by: ben,
        peer: to_ann,
        until,
    };
    assert_eq!(scene.call(read(Some(MessageId(1)))), Ok(1));
    assert_eq!(scene.world.unread(ben, to_ann), 1);
    assert_eq!(scene.call(read(None)), Ok(1));
    // Again changes nothing, and less takes nothing back.
    assert_eq!(scene.call(read(None)), Ok(0));
    assert_eq!(scene.call(read(Some(MessageId(1)))), Ok(0));
    assert_eq!(scene.world.unread(ben, to_ann), 0);
    assert_eq!(scene.world.read_outbox(ann, to_ben), last);
    let by_other = "read by the other";
    assert_eq!(
        since(&scene, Mailbox::User(ann), of_ann),
        [(of_ann + 1, 1, by_other), (of_ann + 2, 1, by_other)]
    );
    assert_eq!(
        since(&scene, Mailbox::User(ben), of_ben),
        [(of_ben + 1, 1, "read"), (of_ben + 2, 1, "read")]
    );
}
