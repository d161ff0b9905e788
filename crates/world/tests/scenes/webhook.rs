//! Webhooks: what is sent when, and what a failure does.

use crate::common::*;
use ringback_world::calls::*;
use ringback_world::*;
use std::time::Duration;

fn failed() -> WebhookOutcome {
    WebhookOutcome::Failed {
        error: "500".into(),
        retry_after: None,
    }
}

/// Ann and Ben have both been offered buttons, and the bot has a webhook.
fn hooked(max_connections: u32) -> Scene {
    let mut scene = Scene::started();
    scene.start(scene.ben);
    scene.offer(scene.at(scene.ben), "Volume: 5", &["up"]);
    scene.quiet();
    scene.webhook(max_connections);
    scene
}

/// The only update that is to be sent now.
fn only(scene: &mut Scene) -> (UpdateId, Lane) {
    assert_eq!(scene.sent.len(), 1, "{:?}", scene.sent);
    scene.sent.remove(0)
}

#[test]
fn one_after_the_other_for_a_user_and_side_by_side_for_others() {
    let mut scene = hooked(40);
    let (ben, bot) = (scene.ben, scene.at(scene.bot));
    scene.press("up");
    scene.press("down");
    scene.press_as(ben, bot, "up");
    let first = scene.sent[0];
    assert_eq!(
        scene.sent_lines(),
        [
            r#"callback_query Ann: "up" on 2"#,
            r#"callback_query Ben: "up" on 4"#
        ]
    );
    scene.webhook_result(first, WebhookOutcome::Taken);
    assert_eq!(scene.sent_lines(), [r#"callback_query Ann: "down" on 2"#]);
}

#[test]
fn a_press_does_not_wait_for_a_message() {
    let mut scene = hooked(40);
    scene.say(scene.ann, scene.at(scene.bot), "hello");
    scene.press("up");
    assert_eq!(
        scene.sent_lines(),
        ["message 5 Ann: hello", r#"callback_query Ann: "up" on 2"#]
    );
}

#[test]
fn no_more_connections_than_asked_for() {
    let mut scene = hooked(1);
    scene.press("up");
    scene.press_as(scene.ben, scene.at(scene.bot), "up");
    let first = only(&mut scene);
    scene.webhook_result(first, WebhookOutcome::Taken);
    assert_eq!(scene.sent_lines(), [r#"callback_query Ben: "up" on 4"#]);
}

#[test]
fn what_waited_is_sent_at_once() {
    let mut scene = Scene::started();
    let press = scene.press("up");
    scene.webhook(40);
    let sent = only(&mut scene);
    scene.webhook_result(sent, WebhookOutcome::Taken);
    let query = scene.world.press(press).unwrap().query.unwrap();
    assert_eq!(
        scene.told(AnswerCallbackQuery {
            query,
            ..scene.reply("hi")
        }),
        "ok"
    );
    assert!(scene.world.bot(scene.bot).unwrap().queue.is_empty());
}

#[test]
fn a_failure_is_tried_again_later_and_later() {
    let mut scene = hooked(40);
    scene.say(scene.ann, scene.at(scene.bot), "hello");
    let mut waits = Vec::new();
    for _ in 0..9 {
        let sent = only(&mut scene);
        let failed_at = scene.now;
        scene.webhook_result(sent, failed());
        while scene.sent.is_empty() {
            let due = scene.world.next_due().unwrap();
            scene.now = due;
            scene.call(Tick).unwrap();
        }
        waits.push(scene.now.since(failed_at).as_secs());
    }
    assert_eq!(
        waits[..7],
        [0, 2, 4, 8, 16, 32, if waits[8] < 64 { waits[8] } else { 64 }]
    );
    assert_eq!(waits[7], waits[8]);
    assert!((60..=120).contains(&waits[8]));
}

#[test]
fn a_bot_may_say_when() {
    for (asked, wait) in [(7, 7), (100_000, 3600)] {
        let mut scene = hooked(40);
        scene.say(scene.ann, scene.at(scene.bot), "hello");
        let sent = only(&mut scene);
        let retry_after = Some(Duration::from_secs(asked));
        scene.webhook_result(
            sent,
            WebhookOutcome::Failed {
                error: "429".into(),
                retry_after,
            },
        );
        scene.advance(wait - 1);
        assert_eq!(scene.sent, []);
        scene.advance(1);
        assert_eq!(scene.sent, [sent]);
    }
}

#[test]
fn a_press_is_tried_for_150_seconds_and_holds_up_nothing_after_that() {
    let mut scene = hooked(40);
    scene.press("up");
    scene.advance(140);
    scene.press("down");
    scene.journal();
    let first = only(&mut scene);
    let retry_after = Some(Duration::from_secs(30));
    scene.webhook_result(
        first,
        WebhookOutcome::Failed {
            error: "503".into(),
            retry_after,
        },
    );
    assert_eq!(
        scene.sent_lines(),
        [r#"callback_query Ann: "down" on 2"#],
        "the next goes at once"
    );
    assert!(scene.journal().contains("callback_query expired"));
}

#[test]
fn an_update_that_expires_while_it_rests_frees_its_lane() {
    let mut scene = hooked(40);
    scene.press("up");
    scene.advance(100);
    let retry_after = Some(Duration::from_secs(49));
    for _ in 0..2 {
        let sent = only(&mut scene);
        scene.webhook_result(
            sent,
            WebhookOutcome::Failed {
                error: "503".into(),
                retry_after,
            },
        );
        scene.press("down");
        scene.advance(49);
    }
    assert!(scene.sent_lines().iter().all(|line| line.contains("down")));
}

#[test]
fn late_results_of_a_former_webhook_count_for_nothing() {
    let mut scene = hooked(40);
    scene.press("up");
    let old = only(&mut scene);
    let replaced = SetWebhook {
        drop_pending: true,
        ..set_webhook(scene.bot, 39)
    };
    scene.call(replaced).unwrap();
    scene.press("down");
    let new = only(&mut scene);
    assert_ne!(old, new);
    for outcome in [WebhookOutcome::Taken, failed()] {
        scene.webhook_result(old, outcome);
    }
    assert_eq!(scene.sent, [], "the new one is still on its way");
    scene.webhook_result(new, failed());
    scene.advance(0);
    assert_eq!(scene.sent, [new], "and is tried again");
    let url = "http://127.0.0.1/elsewhere".into();
    let (bot, (update, lane)) = (scene.bot, new);
    scene
        .call(WebhookResult {
            bot,
            url,
            update,
            lane,
            outcome: WebhookOutcome::Taken,
        })
        .unwrap();
    assert_eq!(scene.world.bot(bot).unwrap().queue.len(), 1);
}

#[test]
fn the_same_again_changes_nothing() {
    let mut scene = hooked(40);
    scene.press("up");
    scene.sent.clear();
    assert!(!scene.call(set_webhook(scene.bot, 40)).unwrap());
    assert_eq!(scene.sent, [], "nothing is sent twice");
    assert!(scene.call(set_webhook(scene.bot, 41)).unwrap());
    assert_eq!(
        scene.sent.len(),
        1,
        "a new webhook gets what was on its way to the old"
    );
}

#[test]
fn after_a_restart_all_is_sent_again_once() {
    let mut scene = hooked(40);
    scene.press("up");
    let sent = only(&mut scene);
    scene.webhook_result(sent, failed());
    scene.advance(0);
    let sent = only(&mut scene);
    scene.webhook_result(sent, failed());
    scene.call(Restart).unwrap();
    assert_eq!(scene.sent, [sent]);
    scene.advance(60);
    assert_eq!(scene.sent, [sent], "its former retry is forgotten");
}

#[test]
fn a_secret_token_has_its_alphabet() {
    let mut scene = Scene::empty();
    let with = |scene: &Scene, secret: &str| {
        let mut call = set_webhook(scene.bot, 40);
        call.config.secret_token = Some(secret.into());
        call
    };
    for (secret, told) in [
        ("s3cr-et_", "ok"),
        (
            "no spaces",
            "400 Bad Request: secret token contains unallowed characters",
        ),
        (&*"x".repeat(257), "400 Bad Request: secret token is too long"),
    ] {
        let call = with(&scene, secret);
        assert_eq!(scene.told(call), told);
    }
}

#[test]
fn connections_are_brought_into_their_range() {
    let mut scene = Scene::empty();
    for (asked, got) in [(0, 40), (1, 1), (7, 7), (100, 100), (u32::MAX, 100)] {
        scene.webhook(asked);
        let bot = scene.world.bot(scene.bot).unwrap();
        assert_eq!(bot.webhook.as_ref().unwrap().config.max_connections, got);
    }
}
