//! What members may do to each other, and to the chat; pins, and messages deleted for one alone.

use crate::common::*;
use ringback_world::calls::*;
use ringback_world::*;

fn chat_id(peer: Peer) -> ChatId {
    match peer {
        Peer::Group(id) => ChatId::Group(id),
        Peer::Channel(id) => ChatId::Channel(id),
        Peer::User(_) => panic!("a private chat is no chat"),
    }
}

/// What MTProto would answer: `ok`, or the error's name.
fn rpc<C: Call>(scene: &mut Scene, call: C) -> String {
    match scene.call(call) {
        Ok(_) => "ok".into(),
        Err(error) => error.rpc().1,
    }
}

fn change(scene: &mut Scene, by: UserId, chat: Peer, user: UserId, status: Status) -> String {
    let call = ChangeMember {
        by,
        chat: chat_id(chat),
        user,
        status,
        invite: None,
    };
    rpc(scene, call)
}

#[test]
fn members_invite_and_administrators_put_out() {
    let mut scene = Scene::empty();
    let (ann, ben, bot) = (scene.ann, scene.ben, scene.bot);
    let cat = scene.person("Cat");
    let club = scene.chat(ChatKind::Supergroup, &[ann, ben]);
    for (by, user, status, expected) in [
        (cat, bot, Status::Member, "CHANNEL_PRIVATE"),
        (ben, cat, Status::Member, "ok"),
        (ben, cat, Status::Member, "USER_ALREADY_PARTICIPANT"),
        (ben, cat, Status::Administrator, "CHAT_ADMIN_REQUIRED"),
        (ben, cat, Status::Kicked, "CHAT_ADMIN_REQUIRED"),
        (ben, ann, Status::Kicked, "CHAT_ADMIN_REQUIRED"),
        (ann, ben, Status::Administrator, "ok"),
        (ben, ann, Status::Kicked, "USER_CREATOR"),
        (ben, cat, Status::Kicked, "ok"),
        // Who was put out does not come back alone.
        (cat, cat, Status::Member, "CHANNEL_PRIVATE"),
        (ann, cat, Status::Left, "ok"),
        (ann, ann, Status::Left, "USER_CREATOR"),
        (ben, ben, Status::Left, "ok"),
        (ben, ben, Status::Left, "USER_NOT_PARTICIPANT"),
        (ann, ben, Status::Creator, "USER_ID_INVALID"),
    ] {
        assert_eq!(
            change(&mut scene, by, club, user, status),
            expected,
            "{user} {status:?} by {by}"
        );
    }
    let news = scene.chat(ChatKind::Channel, &[ann, ben]);
    assert_eq!(
        change(&mut scene, ben, news, cat, Status::Member),
        "CHAT_ADMIN_REQUIRED"
    );
    assert_eq!(change(&mut scene, ann, news, bot, Status::Member), "USER_BOT");
    assert_eq!(change(&mut scene, ann, news, bot, Status::Administrator), "ok");
}

#[test]
fn a_link_or_a_name_lets_in() {
    let mut scene = Scene::empty();
    let (ann, ben) = (scene.ann, scene.ben);
    let club = scene.chat(ChatKind::Supergroup, &[ann]);
    let id = chat_id(club);
    let join = |invite: Option<String>| ChangeMember {
        by: ben,
        chat: id,
        user: ben,
        status: Status::Member,
        invite,
    };
    assert_eq!(rpc(&mut scene, join(None)), "CHANNEL_PRIVATE");
    assert_eq!(rpc(&mut scene, join(Some("nonsense".into()))), "CHANNEL_PRIVATE");
    let hash = scene.world.invite_hash(id);
    assert_eq!(scene.world.chat_by_invite(&hash).map(|chat| chat.id), Some(id));
    assert_eq!(rpc(&mut scene, join(Some(hash))), "ok");
    assert_eq!(change(&mut scene, ben, club, ben, Status::Left), "ok");
    let name = |by, username: &str| NameChat {
        by,
        chat: id,
        username: Some(username.into()).filter(|name: &String| !name.is_empty()),
    };
    assert_eq!(rpc(&mut scene, name(ben, "club")), "CHANNEL_PRIVATE");
    assert_eq!(rpc(&mut scene, name(ann, "volumebot")), "USERNAME_OCCUPIED");
    assert_eq!(rpc(&mut scene, name(ann, "club")), "ok");
    assert_eq!(rpc(&mut scene, name(ann, "club")), "USERNAME_NOT_MODIFIED");
    assert_eq!(rpc(&mut scene, name(ann, "CLUB")), "ok");
    assert_eq!(scene.world.resolve("@Club"), Some(club));
    assert_eq!(rpc(&mut scene, join(None)), "ok");
    assert_eq!(rpc(&mut scene, name(ann, "")), "ok");
    assert_eq!(scene.world.resolve("club"), None);
}

#[test]
fn a_channel_begins_with_a_message_and_titles_change() {
    let mut scene = Scene::empty();
    let (ann, ben, bot) = (scene.ann, scene.ben, scene.bot);
    let found = |by| FoundChannel {
        by,
        broadcast: false,
        title: "Garden".into(),
    };
    assert_eq!(rpc(&mut scene, found(bot)), "BOT_METHOD_INVALID");
    let garden = Peer::Channel(scene.call(found(ann)).unwrap());
    change(&mut scene, ann, garden, ben, Status::Member);
    let rename = |by, title: &str| RenameChat {
        by,
        chat: chat_id(garden),
        title: title.into(),
    };
    assert_eq!(rpc(&mut scene, rename(ben, "Mine")), "CHAT_ADMIN_REQUIRED");
    assert_eq!(rpc(&mut scene, rename(ann, " ")), "CHAT_TITLE_EMPTY");
    assert_eq!(rpc(&mut scene, rename(ann, "Garden")), "CHAT_NOT_MODIFIED");
    assert_eq!(rpc(&mut scene, rename(ann, "Park")), "ok");
    assert_eq!(
        scene.sees(ben, garden),
        [
            "1 Ann: * Garden begins",
            "2 Ann: * Ben comes",
            "3 Ann: * now Park"
        ]
    );
}

fn pin(by: UserId, peer: Peer, message: MessageId, pinned: bool) -> Pin {
    Pin {
        by,
        peer,
        message: Some(message),
        pinned,
        silent: false,
    }
}

#[test]
fn a_pin_is_seen_by_all_and_goes_with_its_message() {
    let mut scene = Scene::empty();
    let (ann, ben, bot) = (scene.ann, scene.ben, scene.bot);
    let club = scene.chat(ChatKind::Supergroup, &[ann, ben, bot]);
    let rules = scene.say(ann, club, "be kind");
    scene.quiet();
    assert_eq!(
        rpc(&mut scene, pin(ben, club, rules, true)),
        "CHAT_ADMIN_REQUIRED"
    );
    assert_eq!(
        rpc(&mut scene, pin(ann, club, MessageId(99), true)),
        "MESSAGE_ID_INVALID"
    );
    assert_eq!(rpc(&mut scene, pin(ann, club, rules, true)), "ok");
    assert_eq!(rpc(&mut scene, pin(ann, club, rules, true)), "CHAT_NOT_MODIFIED");
    assert_eq!(scene.bot_updates(), ["message 2 Ann: * pins be kind"]);
    let pinned = |scene: &Scene| scene.world.pinned(Conversation::of(ann, club)).count();
    assert_eq!(pinned(&scene), 1);
    scene.delete(ann, club, rules);
    assert_eq!(pinned(&scene), 0);
    let two = [scene.say(ann, club, "one"), scene.say(ann, club, "two")];
    for id in two {
        assert_eq!(rpc(&mut scene, pin(ann, club, id, true)), "ok");
    }
    let mailbox = Mailbox::of(ann, club);
    let before = scene.world.pts(mailbox);
    let all = Pin {
        message: None,
        ..pin(ann, club, MessageId(0), false)
    };
    assert_eq!(rpc(&mut scene, all), "ok");
    assert_eq!((pinned(&scene), scene.world.pts(mailbox) - before), (0, 2));
}

#[test]
fn a_bot_pins_where_it_may_and_is_told_of_it() {
    let mut scene = Scene::started();
    let (ann, bot) = (scene.ann, scene.bot);
    let private = scene.at(ann);
    assert_eq!(scene.told(pin(bot, private, MessageId(2), true)), "ok");
    assert_eq!(scene.bot_updates(), ["message 3 volumebot: * pins Volume: 5"]);
    assert_eq!(
        scene.told(pin(bot, private, MessageId(9), true)),
        "400 Bad Request: message to pin not found"
    );
    assert_eq!(
        scene.told(pin(bot, private, MessageId(9), false)),
        "400 Bad Request: message to unpin not found"
    );
    assert_eq!(
        scene.told(pin(bot, private, MessageId(3), true)),
        "400 Bad Request: a service message can't be pinned"
    );
    // People pin in basic groups as they like, bots only as administrators.
    let group = scene.chat(ChatKind::Group, &[ann, bot]);
    let rules = scene.say(ann, group, "be kind");
    let number = scene
        .world
        .message_at(ann, group, rules)
        .unwrap()
        .id_for(bot)
        .unwrap();
    assert_eq!(
        scene.told(pin(bot, group, number, true)),
        "400 Bad Request: not enough rights to manage pinned messages in the chat"
    );
    scene.set_member(ann, group, bot, Status::Administrator);
    scene.quiet();
    let silent = Pin {
        silent: true,
        ..pin(bot, group, number, true)
    };
    let said = scene.call(silent).unwrap().unwrap();
    assert!(said.silent);
    assert_eq!(scene.bot_updates().len(), 1);
}

#[test]
fn what_one_forgets_the_other_keeps() {
    let mut scene = Scene::empty();
    let (ann, ben) = (scene.ann, scene.ben);
    let (to_ben, to_ann) = (scene.at(ben), scene.at(ann));
    let first = scene.say(ann, to_ben, "one");
    scene.say(ann, to_ben, "two");
    let forget = |by, peer, id| Forget {
        by,
        peer,
        messages: vec![id, MessageId(77)],
    };
    let (hers, his) = (
        scene.world.pts(Mailbox::User(ann)),
        scene.world.pts(Mailbox::User(ben)),
    );
    assert_eq!(scene.call(forget(ann, to_ben, first)), Ok(1));
    assert_eq!(scene.sees(ann, to_ben), ["2 Ann: two"]);
    assert_eq!(scene.sees(ben, to_ann), ["1 Ann: one", "2 Ann: two"]);
    assert_eq!(scene.world.pts(Mailbox::User(ann)), hers + 1);
    assert_eq!(scene.world.pts(Mailbox::User(ben)), his);
    // Nobody sees it any more: it is gone.
    assert_eq!(scene.call(forget(ben, to_ann, MessageId(1))), Ok(1));
    assert_eq!(scene.sees(ben, to_ann), ["2 Ann: two"]);
    let club = scene.chat(ChatKind::Supergroup, &[ann]);
    let said = scene.say(ann, club, "hello");
    assert_eq!(rpc(&mut scene, forget(ann, club, said)), "PEER_ID_INVALID");
}
