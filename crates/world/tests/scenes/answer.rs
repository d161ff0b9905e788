//! What a bot may answer, when, and what the presser's client keeps.

use crate::common::*;
use ringback_world::calls::*;
use ringback_world::*;

const TOO_LATE: &str =
    "400 Bad Request: query is too old and response timeout expired or query ID is invalid";

#[test]
fn a_note_an_alert_and_nothing() {
    let mut scene = Scene::started();
    let mut alert = scene.reply("Permission denied.");
    alert.show_alert = true;
    let empty = scene.reply("");
    for (answer, outcome) in [
        (scene.reply("louder"), r#"answered "louder""#),
        (alert, r#"answered "Permission denied." as an alert"#),
        (empty, r#"answered """#),
    ] {
        let press = scene.press("up");
        scene.bot_updates();
        let query = scene.query.unwrap();
        assert_eq!(scene.told(AnswerCallbackQuery { query, ..answer }), "ok");
        assert_eq!(scene.outcome(press), outcome);
    }
}

#[test]
fn two_hundred_characters() {
    let mut scene = Scene::started();
    let press = scene.press("up");
    scene.bot_updates();
    assert_eq!(
        scene.answer(&"ж".repeat(201)),
        "400 Bad Request: MESSAGE_TOO_LONG"
    );
    assert_eq!(scene.outcome(press), "waiting", "a refused answer is none");
    assert_eq!(scene.answer(&"😀".repeat(200)), "ok");
}

#[test]
fn urls_only_of_games_and_of_bots_to_start() {
    let mut scene = Scene::started();
    let press = scene.press("up");
    scene.bot_updates();
    let with = |scene: &Scene, url: &str| AnswerCallbackQuery {
        url: Some(url.into()),
        ..scene.reply("")
    };
    let elsewhere = with(&scene, "https://example.org");
    assert_eq!(scene.told(elsewhere), "400 Bad Request: URL_INVALID");
    let start = with(&scene, "t.me/volumebot?start=1");
    assert_eq!(scene.told(start), "ok");
    assert_eq!(
        scene.outcome(press),
        r#"answered "" opening t.me/volumebot?start=1"#
    );
}

#[test]
fn late_unknown_and_foreign() {
    let mut scene = Scene::started();
    scene.press("up");
    scene.bot_updates();
    let other = scene.call(named_bot("otherbot")).unwrap();
    let foreign = AnswerCallbackQuery {
        bot: other,
        ..scene.reply("mine!")
    };
    assert_eq!(scene.told(foreign), TOO_LATE);
    let unknown = AnswerCallbackQuery {
        query: QueryId(0),
        ..scene.reply("")
    };
    assert_eq!(scene.told(unknown), TOO_LATE);
    scene.advance(9);
    assert_eq!(scene.answer("at last"), TOO_LATE);
}

#[test]
fn a_second_answer_is_accepted_with_a_warning_or_refused() {
    for (second_answer, told) in [(SecondAnswer::Accept, "ok"), (SecondAnswer::Reject, TOO_LATE)] {
        let mut scene = Scene::started();
        scene
            .call(Configure {
                settings: Settings {
                    second_answer,
                    ..Settings::default()
                },
            })
            .unwrap();
        let press = scene.press("up");
        scene.bot_updates();
        assert_eq!(scene.answer("one"), "ok");
        scene.journal();
        assert_eq!(scene.answer("two"), told);
        assert_eq!(scene.outcome(press), r#"answered "one""#, "the first counts");
        assert_eq!(scene.ended, [press], "once");
        let warned = scene.journal().contains("warning: second answer");
        assert_eq!(warned, second_answer == SecondAnswer::Accept);
    }
}

/// Ann presses `up`, and the bot answers with this cache time.
fn answered(scene: &mut Scene, text: &str, cache_time: i64) -> PressId {
    let press = scene.press("up");
    scene.bot_updates();
    let answer = AnswerCallbackQuery {
        cache_time,
        ..scene.reply(text)
    };
    assert_eq!(scene.told(answer), "ok");
    press
}

#[test]
fn the_client_gives_a_kept_answer_again() {
    let mut scene = Scene::started();
    answered(&mut scene, "5 of 10", 60);
    let again = scene.press("up");
    assert_eq!(scene.outcome(again), r#"cached "5 of 10""#);
    assert_eq!(scene.bot_updates(), [""; 0], "the bot is not asked");
    let other = scene.press("down");
    assert_eq!(scene.outcome(other), "waiting", "only the same button");
    scene.advance(60);
    let later = scene.press("up");
    assert_eq!(scene.outcome(later), "waiting", "only so long");
}

#[test]
fn a_client_that_keeps_nothing_asks_again() {
    let mut scene = Scene::started();
    answered(&mut scene, "5 of 10", 60);
    let bare = PressButton {
        client_cache: false,
        ..press(scene.ann, scene.at(scene.bot), Button::Text("up".into()))
    };
    let bare = scene.press_with(bare);
    assert_eq!(scene.outcome(bare), "waiting");
}

#[test]
fn one_persons_answer_is_not_anothers() {
    let mut scene = Scene::started();
    let (ann, ben, bot) = (scene.ann, scene.ben, scene.bot);
    let group = scene.chat(ChatKind::Group, &[ann, ben, bot]);
    scene.offer(group, "Volume: 5", &["up"]);
    scene.press_as(ann, group, "up");
    scene.bot_updates();
    let answer = AnswerCallbackQuery {
        cache_time: 60,
        ..scene.reply("yours, Ann")
    };
    scene.call(answer).unwrap();
    let (hers, his) = (scene.press_as(ann, group, "up"), scene.press_as(ben, group, "up"));
    assert_eq!(scene.outcome(hers), r#"cached "yours, Ann""#);
    assert_eq!(scene.outcome(his), "waiting");
}

#[test]
fn the_cache_time_is_brought_into_its_range() {
    for (asked, got) in [
        (-5, 0),
        (0, 0),
        (60, 60),
        (2_592_000, 2_592_000),
        (i64::MAX, 2_592_000),
    ] {
        let mut scene = Scene::started();
        let press = answered(&mut scene, "x", asked);
        let Some((_, Outcome::Answered(answer))) = &scene.world.press(press).unwrap().end else {
            panic!()
        };
        assert_eq!(answer.cache_time, got, "{asked}");
    }
}

#[test]
fn what_is_kept_of_a_deleted_message_goes_with_it() {
    let mut scene = Scene::started();
    answered(&mut scene, "5 of 10", 60);
    scene.delete(scene.ann, scene.at(scene.bot), MessageId(2));
    // An answer that comes after the deletion is told, but not kept: the scene checks that nothing is left.
    scene.offer(scene.at(scene.ann), "Volume: 5", &["up"]);
    let press = scene.press("up");
    scene.bot_updates();
    scene.delete(scene.ann, scene.at(scene.bot), MessageId(3));
    let answer = AnswerCallbackQuery {
        cache_time: 60,
        ..scene.reply("gone")
    };
    assert_eq!(scene.told(answer), "ok");
    assert_eq!(scene.outcome(press), r#"answered "gone""#);
}
