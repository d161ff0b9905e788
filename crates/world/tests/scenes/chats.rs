//! Groups, supergroups and channels; who is in them, and what bots hear of it.

use crate::common::*;
use ringback_world::calls::*;
use ringback_world::*;

#[test]
fn a_bot_in_a_group_hears_what_is_meant_for_it() {
    let mut scene = Scene::empty();
    let (ann, ben, bot) = (scene.ann, scene.ben, scene.bot);
    let group = scene.chat(ChatKind::Supergroup, &[ann, ben, bot]);
    let card = scene.offer(group, "Volume: 5", &["up"]);
    scene.quiet();
    for text in [
        "just talking",
        "/volume",
        "/volume@otherbot",
        "/volume@VolumeBot",
        "louder, @volumebot",
        "@ann hi",
    ] {
        scene.say(ann, group, text);
    }
    let reply_to = Some(ReplyTo {
        message: card,
        peer: None,
        optional: false,
        quote: None,
    });
    scene
        .call(Send {
            reply_to,
            ..Send::text(ben, group, "nice")
        })
        .unwrap();
    let expected = [
        "message 3 Ann: /volume",
        "message 5 Ann: /volume@VolumeBot",
        "message 6 Ann: louder, @volumebot",
        "message 8 Ben: nice",
    ];
    assert_eq!(scene.bot_updates(), expected);
    scene.set_member(ann, group, bot, Status::Administrator);
    scene.quiet();
    scene.say(ann, group, "just talking");
    assert_eq!(
        scene.bot_updates(),
        ["message 9 Ann: just talking"],
        "administrators hear all"
    );
}

#[test]
fn bots_do_not_hear_bots() {
    let mut scene = Scene::empty();
    let other = scene.call(named_bot("otherbot")).unwrap();
    let group = scene.chat(ChatKind::Group, &[scene.ann, scene.bot, other]);
    scene.quiet();
    scene.call(Send::text(other, group, "/volume@volumebot")).unwrap();
    assert_eq!(scene.bot_updates(), [""; 0]);
}

#[test]
fn posts_come_from_the_channel() {
    let mut scene = Scene::empty();
    let (ann, ben, bot) = (scene.ann, scene.ben, scene.bot);
    let channel = scene.chat(ChatKind::Channel, &[ann, ben, bot]);
    scene.quiet();
    let message = scene.say(ann, channel, "news");
    let change = Change::Text(FormattedText::plain("good news"));
    scene
        .call(Edit {
            by: ann,
            target: Target::Message(channel, message),
            change,
            keyboard: None,
        })
        .unwrap();
    let expected = [
        "channel_post 1 the channel: news",
        "edited_channel_post 1 the channel: good news",
    ];
    assert_eq!(scene.bot_updates(), expected);
    let members_post = scene.told(Send::text(ben, channel, "me too"));
    assert_eq!(
        members_post,
        "400 Bad Request: need administrator rights in the channel chat"
    );
    // A bot's post can be pressed, and the press finds its author.
    scene.offer(channel, "Like it?", &["yes"]);
    scene.press_as(ben, channel, "yes");
    assert_eq!(scene.bot_updates(), [r#"callback_query Ben: "yes" on 2"#]);
}

#[test]
fn a_bot_learns_of_its_own_standing_always_and_of_others_if_it_asks() {
    let mut scene = Scene::empty();
    let (ann, ben, bot) = (scene.ann, scene.ben, scene.bot);
    let group = scene.chat(ChatKind::Supergroup, &[ann]);
    scene.set_member(ann, group, bot, Status::Member);
    scene.set_member(ann, group, bot, Status::Administrator);
    scene.set_member(ben, group, ben, Status::Member);
    let expected = [
        "my_chat_member volumebot Never → Member by Ann",
        "message 1 Ann: * volumebot comes",
        "my_chat_member volumebot Member → Administrator by Ann",
        "message 2 Ben: * Ben comes",
    ];
    assert_eq!(scene.bot_updates(), expected);
    let allowed = wanted(&["chat_member"]);
    scene
        .call(GetUpdates {
            allowed,
            ..get_updates(bot, 0)
        })
        .unwrap();
    scene.set_member(ann, group, ben, Status::Kicked);
    assert_eq!(scene.bot_updates(), ["chat_member Ben Member → Kicked by Ann"]);
    // Only administrators are told.
    scene.set_member(ann, group, bot, Status::Member);
    scene.set_member(ann, group, ben, Status::Member);
    assert_eq!(scene.bot_updates(), [""; 0]);
}

#[test]
fn blocking_is_a_change_of_standing_too() {
    let mut scene = Scene::started();
    for blocked in [true, true, false] {
        scene
            .call(Block {
                by: scene.ann,
                user: scene.bot,
                blocked,
            })
            .unwrap();
    }
    let expected = [
        "my_chat_member volumebot Member → Kicked by Ann",
        "my_chat_member volumebot Kicked → Member by Ann",
    ];
    assert_eq!(scene.bot_updates(), expected);
}

#[test]
fn a_bot_that_was_put_out_is_out() {
    for (kind, told) in [
        (
            ChatKind::Group,
            "403 Forbidden: bot is not a member of the group chat",
        ),
        (
            ChatKind::Supergroup,
            "403 Forbidden: bot is not a member of the supergroup chat",
        ),
        (
            ChatKind::Channel,
            "403 Forbidden: bot is not a member of the channel chat",
        ),
    ] {
        let mut scene = Scene::empty();
        let (ann, bot) = (scene.ann, scene.bot);
        let chat = scene.chat(kind, &[ann, bot]);
        scene.set_member(ann, chat, bot, Status::Kicked);
        assert_eq!(scene.told(Send::text(bot, chat, "hello?")), told);
        scene.quiet();
        scene.say(ann, chat, "/volume");
        assert_eq!(scene.bot_updates(), [""; 0]);
    }
}

#[test]
fn who_is_named_twice_is_in_it_once() {
    let mut scene = Scene::empty();
    let (ann, bot) = (scene.ann, scene.bot);
    let group = scene.chat(ChatKind::Group, &[ann, bot, ann, bot]);
    let expected = [
        "my_chat_member volumebot Never → Member by Ann",
        "message 1 Ann: * Kitchen begins",
    ];
    assert_eq!(scene.bot_updates(), expected);
    let Peer::Group(id) = group else { panic!() };
    assert_eq!(
        scene.world.chat(ChatId::Group(id)).unwrap().status(ann),
        Status::Creator
    );
}

#[test]
fn names_and_numbers_are_taken_once() {
    let mut scene = Scene::empty();
    let named = |name: &str, phone: &str| CreateUser {
        first_name: "Cid".into(),
        username: Some(name.into()),
        phone: Some(phone.into()),
        ..CreateUser::default()
    };
    assert_eq!(scene.told(named("cid", "+49 170 1")), "ok");
    assert_eq!(
        scene.told(named("CID", "2")),
        "400 Bad Request: USERNAME_OCCUPIED"
    );
    assert_eq!(
        scene.told(named("c-i-d", "2")),
        "400 Bad Request: USERNAME_INVALID"
    );
    assert_eq!(
        scene.told(named("cid2", "491701")),
        "400 Bad Request: PHONE_NUMBER_OCCUPIED"
    );
    assert_eq!(scene.told(named_bot("cidbot")), "ok");
    assert_eq!(
        scene.told(named_bot("cidbox")),
        "400 Bad Request: USERNAME_INVALID"
    );
    assert_eq!(
        scene.told(CreateUser::default()),
        "400 Bad Request: title is empty"
    );
    let cid = scene.world.user_by_phone("+49 170-1").unwrap();
    assert_eq!(scene.world.resolve("@Cid"), Some(Peer::User(cid)));
}

#[test]
fn any_well_formed_token_is_a_bot() {
    let mut scene = Scene::empty();
    let token = |text: &str| UseToken { token: text.into() };
    let id = scene.call(token("123:secret")).unwrap();
    assert_eq!(scene.call(token("123:secret")), Ok(id), "the same one");
    assert_eq!(scene.told(token("123:guess")), "401 Unauthorized");
    assert_eq!(
        scene.told(token("secret")),
        "401 Unauthorized: invalid token specified"
    );
    // It may have the id that the next person would get, or a name that a person has.
    let (next, named) = (UserId(scene.ben.0 + 1), "ringback_9_bot");
    assert_eq!(scene.call(token(&format!("{next}:x"))), Ok(next));
    assert_eq!(scene.person("Dot"), UserId(next.0 + 1));
    let eve = CreateUser {
        first_name: "Eve".into(),
        username: Some(named.into()),
        ..CreateUser::default()
    };
    let eve = scene.call(eve).unwrap();
    scene.call(token("9:x")).unwrap();
    assert_eq!(scene.world.resolve(named), Some(Peer::User(eve)));
}
