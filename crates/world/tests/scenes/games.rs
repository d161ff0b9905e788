//! Games: their button, their scores.

use crate::common::*;
use ringback_world::calls::*;
use ringback_world::*;

/// The bot has sent Ann a game, as message 3 of both.
fn game() -> Scene {
    let mut scene = Scene::started();
    let content = Content::Game {
        bot: scene.bot,
        short_name: "snake".into(),
        text: String::new(),
    };
    let send = Send {
        content,
        ..Send::text(scene.bot, scene.at(scene.ann), "")
    };
    scene.call(send).unwrap();
    scene.quiet();
    scene
}

fn play(scene: &mut Scene, who: UserId, peer: Peer) -> PressId {
    scene.press_with(press(who, peer, Button::Game))
}

#[test]
fn a_game_has_its_button_and_a_press_names_the_game() {
    let mut scene = game();
    let (ann, bot) = (scene.ann, scene.bot);
    assert_eq!(
        scene.sees(scene.ann, scene.at(scene.bot))[2],
        r#"3 volumebot: game snake "" [Play snake]"#
    );
    let press = play(&mut scene, ann, Peer::User(bot));
    assert_eq!(scene.bot_updates(), ["callback_query Ann: game snake on 3"]);
    let open = AnswerCallbackQuery {
        url: Some("https://example.org/snake".into()),
        ..scene.reply("")
    };
    assert_eq!(scene.told(open), "ok");
    assert_eq!(
        scene.outcome(press),
        r#"answered "" opening https://example.org/snake"#
    );
    // Where there is no game there is nothing to play.
    scene.offer(scene.at(scene.ann), "Volume: 5", &["up"]);
    let press = play(&mut scene, ann, Peer::User(bot));
    assert_eq!(scene.outcome(press), "refused DATA_INVALID");
}

#[test]
fn a_bot_sends_only_its_own_games() {
    let mut scene = Scene::started();
    let content = Content::Game {
        bot: scene.ben,
        short_name: "snake".into(),
        text: String::new(),
    };
    let send = Send {
        content,
        ..Send::text(scene.bot, scene.at(scene.ann), "")
    };
    assert_eq!(
        scene.told(send),
        "400 Bad Request: wrong game short name specified"
    );
}

#[test]
fn scores_go_up_unless_forced() {
    let mut scene = game();
    let (bot, ann, ben) = (scene.bot, scene.ann, scene.ben);
    let target = Target::Message(scene.at(ann), MessageId(3));
    let set = |user, score, force| SetGameScore {
        bot,
        user,
        score,
        force,
        disable_edit: false,
        target,
    };
    let lower = "400 Bad Request: BOT_SCORE_NOT_MODIFIED";
    for (call, told) in [
        (set(ann, 10, false), "ok"),
        (set(ben, 12, false), "ok"),
        (set(ann, 10, false), lower),
        (set(ann, 9, false), lower),
        (set(ann, 9, true), "ok"),
        (set(ann, 9, true), lower),
        (set(ann, -1, true), "400 Bad Request: invalid score specified"),
        (set(UserId(1), 1, false), "400 Bad Request: user not found"),
    ] {
        assert_eq!(scene.told(call.clone()), told, "{call:?}");
    }
    let shown = r#"3 volumebot: game snake "1. Ben — 12\n2. Ann — 9" [Play snake]"#;
    assert_eq!(scene.sees(ann, scene.at(bot))[2], shown);
    let key = scene
        .world
        .message_at(ann, scene.at(bot), MessageId(3))
        .unwrap()
        .key;
    assert_eq!(scene.world.high_scores(key), [(ben, 12), (ann, 9)]);
    let elsewhere = SetGameScore {
        target: Target::Message(scene.at(ann), MessageId(2)),
        ..set(ann, 99, false)
    };
    assert_eq!(scene.told(elsewhere), "400 Bad Request: message has no game");
}

#[test]
fn a_new_best_score_is_told_in_the_chat_but_to_no_bot() {
    let mut scene = game();
    let (bot, ann) = (scene.bot, scene.ann);
    let set = |score, force| SetGameScore {
        bot,
        user: ann,
        score,
        force,
        disable_edit: true,
        target: Target::Message(Peer::User(ann), MessageId(3)),
    };
    for (score, force) in [(10, false), (4, true), (5, false)] {
        scene.call(set(score, force)).unwrap();
    }
    // Going down is no news.
    assert_eq!(
        scene.sees(ann, scene.at(bot))[3..],
        ["4 Ann: * 10 in snake", "5 Ann: * 5 in snake"]
    );
    assert!(scene.bot_updates().is_empty());
    let key = |id| {
        scene
            .world
            .message_at(ann, scene.at(bot), MessageId(id))
            .unwrap()
            .key
    };
    let told = scene.world.message(key(4)).unwrap();
    assert_eq!(told.reply_to.as_ref().map(|reply| reply.to), Some(key(3)));
    assert_eq!(scene.world.high_scores_around(key(3), ann), [(1, ann, 5)]);
}

#[test]
fn a_forwarded_game_is_played_where_it_went() {
    let mut scene = game();
    let (ann, ben, bot) = (scene.ann, scene.ben, scene.bot);
    let (from, to) = (scene.at(bot), scene.at(ben));
    let forward = Forwarding {
        by: ann,
        from,
        message: MessageId(3),
        to,
        silent: false,
        protected: false,
    };
    let sent = scene.call(forward).unwrap();
    play(&mut scene, ben, Peer::User(ann));
    assert_eq!(
        scene.bot_updates(),
        ["callback_query Ben: game snake on an inline message"]
    );
    let target = Target::Inline(sent.inline_id.unwrap());
    let score = SetGameScore {
        bot,
        user: ben,
        score: 3,
        force: false,
        disable_edit: true,
        target,
    };
    assert_eq!(scene.told(score), "ok");
}
