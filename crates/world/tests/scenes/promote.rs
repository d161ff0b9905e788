//! What administrators make of a chat and of each other: ranks, titles, descriptions, links.

use crate::common::*;
use ringback_world::calls::*;
use ringback_world::*;

/// A supergroup of Ann, who owns it, the bot, an administrator in it, and Ben.
fn group() -> (Scene, Peer) {
    let mut scene = Scene::started();
    let (ann, bot, ben) = (scene.ann, scene.bot, scene.ben);
    let group = scene.chat(ChatKind::Supergroup, &[ann, bot, ben]);
    scene.set_member(ann, group, bot, Status::Administrator);
    scene.quiet();
    (scene, group)
}

fn id(peer: Peer) -> ChatId {
    match peer {
        Peer::Group(id) => ChatId::Group(id),
        Peer::Channel(id) => ChatId::Channel(id),
        Peer::User(_) => panic!("a private chat"),
    }
}

#[test]
fn a_bot_makes_an_administrator_and_a_member_again() {
    let (mut scene, group) = group();
    let (bot, ben) = (scene.bot, scene.ben);
    let promote = |admin| Promote {
        by: bot,
        peer: group,
        user: ben,
        admin,
    };
    scene.call(promote(true)).unwrap();
    let title = |text: &str| SetAdminTitle {
        by: bot,
        peer: group,
        user: ben,
        title: text.into(),
    };
    scene.call(title(" the wise ")).unwrap();
    assert_eq!(scene.world.admin_title(id(group), ben), Some("the wise"));
    assert_eq!(
        scene.told(title("more than sixteen")),
        "400 Bad Request: ADMIN_RANK_INVALID"
    );
    scene.call(promote(false)).unwrap();
    // Who is none any more has no title, and the same again changes nothing.
    assert_eq!(scene.world.admin_title(id(group), ben), None);
    scene.call(promote(false)).unwrap();
    assert_eq!(
        scene.told(title("wise")),
        "400 Bad Request: user is not an administrator"
    );
    // A bot that did not ask to hear of others does not.
    assert!(scene.bot_updates().is_empty());
}

#[test]
fn not_everybody_promotes_and_not_everybody_is_promoted() {
    let (mut scene, group) = group();
    let (ann, bot, ben) = (scene.ann, scene.bot, scene.ben);
    let cat = scene.person("Cat");
    let mut told = |by, peer, user, admin| {
        scene.told(Promote {
            by,
            peer,
            user,
            admin,
        })
    };
    for (by, user, admin, expected) in [
        (bot, ann, true, "can't remove chat owner"),
        (bot, bot, true, "can't promote self"),
        (bot, cat, true, "USER_NOT_PARTICIPANT"),
        (bot, UserId(1), true, "user not found"),
        (ben, bot, false, "not enough rights"),
    ] {
        assert_eq!(
            told(by, group, user, admin),
            format!("400 Bad Request: {expected}")
        );
    }
    assert_eq!(
        told(bot, Peer::User(ann), ann, true),
        "400 Bad Request: method is available for supergroup and channel chats only"
    );
    let mut told = |by, peer, user| {
        let title = "x".into();
        scene.told(SetAdminTitle {
            by,
            peer,
            user,
            title,
        })
    };
    for (by, user, expected) in [
        (bot, ann, "only creator can edit their custom title"),
        (bot, bot, "not enough rights to change custom title of the user"),
        (ben, bot, "not enough rights to change custom title of the user"),
        (bot, UserId(1), "user not found"),
    ] {
        assert_eq!(told(by, group, user), format!("400 Bad Request: {expected}"));
    }
    assert_eq!(told(ann, group, ann), "ok");
    let basic = scene.chat(ChatKind::Group, &[ann, bot]);
    let title = String::new();
    let nowhere = SetAdminTitle {
        by: bot,
        peer: basic,
        user: ann,
        title,
    };
    assert_eq!(
        scene.told(nowhere),
        "400 Bad Request: method is available only for supergroups"
    );
}

#[test]
fn a_chat_says_what_it_is() {
    let (mut scene, group) = group();
    let (ann, bot, ben) = (scene.ann, scene.bot, scene.ben);
    let describe = |by, chat, text: &str| SetDescription {
        by,
        chat: id(chat),
        text: text.into(),
    };
    scene.call(describe(bot, group, " For cooks. ")).unwrap();
    assert_eq!(scene.world.chat_description(id(group)), "For cooks.");
    assert_eq!(
        scene.told(describe(ann, group, "For cooks.")),
        "400 Bad Request: chat description is not modified"
    );
    assert_eq!(
        scene.told(describe(bot, group, &"x".repeat(256))),
        "400 Bad Request: CHAT_ABOUT_TOO_LONG"
    );
    assert_eq!(
        scene.told(describe(ben, group, "Mine")),
        "400 Bad Request: not enough rights to set chat description"
    );
    scene.call(describe(bot, group, "")).unwrap();
    assert_eq!(scene.world.chat_description(id(group)), "");
    // In basic groups everybody may, but a bot only as an administrator.
    let basic = scene.chat(ChatKind::Group, &[ann, bot, ben]);
    assert_eq!(scene.told(describe(ben, basic, "Ours")), "ok");
    assert_eq!(
        scene.told(describe(bot, basic, "Mine")),
        "400 Bad Request: not enough rights to set chat description"
    );
    let rename = RenameChat {
        by: bot,
        chat: id(basic),
        title: "Mine".into(),
    };
    assert_eq!(
        scene.told(rename),
        "400 Bad Request: not enough rights to change chat title"
    );
}

#[test]
fn a_bot_is_told_of_the_title_that_it_gives() {
    let (mut scene, group) = group();
    let rename = RenameChat {
        by: scene.bot,
        chat: id(group),
        title: "Cellar".into(),
    };
    scene.call(rename).unwrap();
    assert_eq!(scene.bot_updates(), ["message 1 volumebot: * now Cellar"]);
}

#[test]
fn a_link_that_is_replaced_leads_nowhere() {
    let (mut scene, group) = group();
    let (bot, ben) = (scene.bot, scene.ben);
    let before = scene.world.invite_hash(id(group));
    let replace = |by| ReplaceLink { by, chat: id(group) };
    let first = scene.call(replace(bot)).unwrap();
    let second = scene.call(replace(bot)).unwrap();
    assert_eq!(scene.world.invite_hash(id(group)), second);
    for old in [before, first] {
        assert!(scene.world.chat_by_invite(&old).is_none());
    }
    assert_eq!(
        scene.told(replace(ben)),
        "400 Bad Request: not enough rights to manage chat invite link"
    );
    let cat = scene.person("Cat");
    let join = |hash| ChangeMember {
        by: cat,
        chat: id(group),
        user: cat,
        status: Status::Member,
        invite: Some(hash),
    };
    assert!(scene.call(join("old".into())).is_err());
    scene.call(join(second)).unwrap();
}

#[test]
fn a_link_ends_fills_up_and_is_revoked() {
    let (mut scene, group) = group();
    let (ann, bot) = (scene.ann, scene.bot);
    let now = scene.world.now().unix();
    let create = |name: &str, expires, limit| CreateLink {
        by: bot,
        chat: id(group),
        terms: Terms {
            name: name.into(),
            expires,
            limit,
        },
    };
    let short = scene.call(create("short", Some(now + 60), None)).unwrap();
    let narrow = scene.call(create("narrow", None, Some(1))).unwrap();
    let people: Vec<UserId> = ["Cat", "Dan", "Eve"].map(|name| scene.person(name)).to_vec();
    let join = |user, hash: &str| ChangeMember {
        by: user,
        chat: id(group),
        user,
        status: Status::Member,
        invite: Some(hash.into()),
    };
    let leave = |user| ChangeMember {
        by: user,
        chat: id(group),
        user,
        status: Status::Left,
        invite: None,
    };
    scene.call(join(people[0], &narrow)).unwrap();
    assert_eq!(scene.world.came_by(id(group), people[0]), Some(narrow.as_str()));
    assert!(scene.call(join(people[1], &narrow)).is_err(), "one is enough");
    scene.call(join(people[1], &short)).unwrap();
    scene.call(leave(people[1])).unwrap();
    assert_eq!(scene.world.came_by(id(group), people[1]), None);
    scene.advance(60);
    assert!(scene.call(join(people[2], &short)).is_err(), "too late");
    let change = |by, hash: &str, terms| ChangeLink {
        by,
        chat: id(group),
        hash: hash.into(),
        terms,
    };
    scene.call(change(bot, &narrow, Some(Terms::default()))).unwrap();
    scene.call(join(people[2], &narrow)).unwrap();
    assert_eq!(scene.world.invite(&narrow).unwrap().used, 2);
    scene.call(change(bot, &narrow, None)).unwrap();
    assert!(scene.world.chat_by_invite(&narrow).is_none());
    let own = scene.world.invite_hash(id(group));
    for (call, expected) in [
        (change(bot, &narrow, None), "INVITE_HASH_EXPIRED"),
        (change(ann, &short, None), "INVITE_HASH_EXPIRED"),
        (change(bot, "nonsense", None), "INVITE_HASH_EXPIRED"),
        (change(bot, &own, Some(Terms::default())), "CHAT_INVITE_PERMANENT"),
        (
            change(people[2], &short, None),
            "not enough rights to manage chat invite link",
        ),
    ] {
        assert_eq!(scene.told(call), format!("400 Bad Request: {expected}"));
    }
    assert_eq!(
        scene.told(create("past", Some(now), None)),
        "400 Bad Request: EXPIRE_DATE_INVALID"
    );
    assert_eq!(
        scene.told(create(&"x".repeat(33), None, None)),
        "400 Bad Request: CHAT_INVITE_NAME_INVALID"
    );
    scene.call(change(bot, &own, None)).unwrap();
    assert_ne!(scene.world.invite_hash(id(group)), own);
}
