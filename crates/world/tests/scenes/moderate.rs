//! Administrators ban, mute, and take it back.

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

fn moderate(by: UserId, peer: Peer, user: UserId, measure: Measure) -> Moderate {
    Moderate {
        by,
        peer,
        user,
        measure,
        until: None,
    }
}

fn status(scene: &Scene, group: Peer, user: UserId) -> Status {
    let conversation = Conversation::of(scene.ann, group);
    scene.world.member(conversation, user).unwrap().status
}

/// Seconds since 1970, this many from now.
fn at(scene: &Scene, seconds: i64) -> Option<i64> {
    Some(scene.world.now().unix() + seconds)
}

#[test]
fn who_is_banned_is_out_until_let_in_again() {
    let (mut scene, group) = group();
    let (ann, bot, ben) = (scene.ann, scene.bot, scene.ben);
    let ban = moderate(bot, group, ben, Measure::Ban);
    assert_eq!(scene.told(ban.clone()), "ok");
    assert_eq!(status(&scene, group, ben), Status::Kicked);
    assert_eq!(
        scene.told(Send::text(ben, group, "But …")),
        "403 Forbidden: bot is not a member of the channel chat"
    );
    // Twice is once.
    let before = scene.sees(ann, group).len();
    assert_eq!(scene.told(ban), "ok");
    assert_eq!(scene.sees(ann, group).len(), before);
    // Unbanned is not in: somebody must invite him.
    scene.call(moderate(bot, group, ben, Measure::Unban)).unwrap();
    assert_eq!(status(&scene, group, ben), Status::Left);
    scene.set_member(ann, group, ben, Status::Member);
    scene.call(moderate(bot, group, ben, Measure::Unban)).unwrap();
    assert_eq!(status(&scene, group, ben), Status::Member);
    scene.call(moderate(bot, group, ben, Measure::Remove)).unwrap();
    assert_eq!(status(&scene, group, ben), Status::Left);
}

#[test]
fn who_is_muted_may_read_and_press_and_not_write() {
    let (mut scene, group) = group();
    let (bot, ben) = (scene.bot, scene.ben);
    scene.offer(group, "Volume: 5", &["up"]);
    scene.call(moderate(bot, group, ben, Measure::Mute)).unwrap();
    assert_eq!(
        scene.told(Send::text(ben, group, "Mmh")),
        "400 Bad Request: not enough rights to send text messages to the chat"
    );
    let press = scene.press_as(ben, group, "up");
    scene.bot_updates();
    scene.answer("louder");
    assert_eq!(scene.outcome(press), r#"answered "louder""#);
    scene.call(moderate(bot, group, ben, Measure::Unmute)).unwrap();
    scene.say(ben, group, "At last.");
}

#[test]
fn a_measure_for_a_time_ends_by_itself() {
    for (measure, during, after) in [
        (Measure::Mute, Status::Restricted, Status::Member),
        (Measure::Ban, Status::Kicked, Status::Left),
    ] {
        let (mut scene, group) = group();
        let (bot, ben) = (scene.bot, scene.ben);
        let until = at(&scene, 60);
        let measure = Moderate {
            until,
            ..moderate(bot, group, ben, measure)
        };
        scene.call(measure.clone()).unwrap();
        scene.advance(50);
        assert_eq!(status(&scene, group, ben), during);
        // Once more, from now on: the first time's end changes nothing.
        let until = at(&scene, 60);
        scene.call(Moderate { until, ..measure }).unwrap();
        scene.advance(30);
        assert_eq!(status(&scene, group, ben), during);
        scene.advance(30);
        assert_eq!(status(&scene, group, ben), after);
    }
    // Too short, too long, or in the past: for ever.
    for seconds in [10, 367 * 86_400, -100] {
        let (mut scene, group) = group();
        let (bot, ben) = (scene.bot, scene.ben);
        let until = at(&scene, seconds);
        let ban = moderate(bot, group, ben, Measure::Ban);
        scene.call(Moderate { until, ..ban }).unwrap();
        scene.advance(368 * 86_400);
        assert_eq!(status(&scene, group, ben), Status::Kicked, "{seconds}");
    }
}

#[test]
fn not_everybody_may_and_not_to_everybody() {
    let (mut scene, group) = group();
    let (ann, bot, ben) = (scene.ann, scene.bot, scene.ben);
    let cat = scene.person("Cat");
    let mut told = |by, peer, user, measure| scene.told(moderate(by, peer, user, measure));
    assert_eq!(
        told(bot, group, ann, Measure::Ban),
        "400 Bad Request: can't remove chat owner"
    );
    assert_eq!(
        told(bot, group, bot, Measure::Ban),
        "400 Bad Request: can't restrict self"
    );
    assert_eq!(
        told(bot, group, UserId(1), Measure::Ban),
        "400 Bad Request: user not found"
    );
    assert_eq!(
        told(bot, group, cat, Measure::Mute),
        "400 Bad Request: PARTICIPANT_ID_INVALID"
    );
    assert_eq!(
        told(ben, group, cat, Measure::Ban),
        "400 Bad Request: not enough rights to restrict/unrestrict chat member"
    );
    assert_eq!(
        told(bot, Peer::User(ann), ann, Measure::Ban),
        "400 Bad Request: can't ban members in private chats"
    );
    scene.set_member(ann, group, ben, Status::Administrator);
    assert_eq!(
        scene.told(moderate(bot, group, ben, Measure::Mute)),
        "400 Bad Request: user is an administrator of the chat"
    );
    scene.set_member(ann, group, bot, Status::Member);
    assert_eq!(
        scene.told(moderate(bot, group, cat, Measure::Ban)),
        "400 Bad Request: not enough rights to restrict/unrestrict chat member"
    );
    let basic = scene.chat(ChatKind::Group, &[ann, bot, ben]);
    assert_eq!(
        scene.told(moderate(bot, basic, ben, Measure::Mute)),
        "400 Bad Request: method is available only for supergroups"
    );
}
