//! `getUpdates`: numbers, confirming, waiting, forgetting.

use crate::common::*;
use ringback_world::calls::*;
use ringback_world::*;

/// The numbers of the updates given, from the first that the bot ever got.
fn given(scene: &mut Scene, call: GetUpdates) -> Vec<i32> {
    let first = scene
        .world
        .seed()
        .number("first update", &[scene.bot.0.cast_unsigned()])
        % 997_999_999
        + 2_000_001;
    let given = scene.call(call).unwrap();
    given.iter().map(|given| given.id.0 - first as i32).collect()
}

/// So many messages from Ann to the bot.
fn messages(count: usize) -> Scene {
    let mut scene = Scene::empty();
    for at in 0..count {
        scene.say(scene.ann, scene.at(scene.bot), &format!("number {at}"));
    }
    scene
}

/// `getUpdates` with an offset from the first update.
fn from(scene: &Scene, offset: i32) -> GetUpdates {
    let first = scene.world.bot(scene.bot).unwrap().queue.iter().next().unwrap().0;
    get_updates(scene.bot, first.0 + offset)
}

#[test]
fn numbers_start_anywhere_and_go_up_by_one() {
    let mut scene = messages(3);
    let ids: Vec<i32> = scene
        .poll(scene.bot, 0)
        .unwrap()
        .iter()
        .map(|given| given.id.0)
        .collect();
    assert!((2_000_001..1_000_000_000).contains(&ids[0]));
    assert_eq!(ids, [ids[0], ids[0] + 1, ids[0] + 2]);
}

#[test]
fn a_positive_offset_confirms_what_is_below() {
    let mut scene = messages(5);
    let call = get_updates(scene.bot, 0);
    assert_eq!(given(&mut scene, call.clone()), [0, 1, 2, 3, 4]);
    assert_eq!(given(&mut scene, call), [0, 1, 2, 3, 4], "nothing was confirmed");
    let call = from(&scene, 2);
    assert_eq!(given(&mut scene, call), [2, 3, 4]);
    let call = get_updates(scene.bot, 0);
    assert_eq!(given(&mut scene, call), [2, 3, 4], "for good");
}

#[test]
fn an_offset_far_outside_confirms_nothing() {
    let mut scene = messages(2);
    for far in [1, i32::MAX] {
        let call = get_updates(scene.bot, far);
        assert_eq!(given(&mut scene, call), [0, 1]);
    }
    let just_past = from(&scene, 12);
    assert_eq!(
        given(&mut scene, just_past),
        [0; 0],
        "up to ten past the end counts"
    );
}

#[test]
fn a_negative_offset_keeps_the_last() {
    let mut scene = messages(5);
    let call = get_updates(scene.bot, -2);
    assert_eq!(given(&mut scene, call), [3, 4]);
    let call = get_updates(scene.bot, i32::MIN);
    assert_eq!(given(&mut scene, call), [3, 4]);
}

#[test]
fn the_limit_is_brought_into_its_range() {
    let mut scene = messages(150);
    for (limit, count) in [(2, 2), (0, 1), (-1, 1), (1000, 100), (i64::MAX, 100)] {
        let call = GetUpdates {
            limit,
            ..get_updates(scene.bot, 0)
        };
        assert_eq!(given(&mut scene, call).len(), count, "{limit}");
    }
}

#[test]
fn what_a_bot_wants_to_hear_sticks() {
    let mut scene = Scene::started();
    let ask = |scene: &mut Scene, kinds: Option<&[&str]>| {
        let allowed = kinds.and_then(wanted);
        scene
            .call(GetUpdates {
                allowed,
                ..get_updates(scene.bot, 0)
            })
            .unwrap();
    };
    ask(&mut scene, Some(&["message"]));
    let press = scene.press("up");
    ask(&mut scene, None);
    scene.say(scene.ann, scene.at(scene.bot), "still there?");
    assert_eq!(
        scene.bot_updates(),
        ["message 3 Ann: still there?"],
        "presses do not arrive"
    );
    scene.advance(9);
    assert_eq!(scene.outcome(press), "timed out");
    ask(&mut scene, Some(&[]));
    scene.press("up");
    assert_eq!(scene.bot_updates().len(), 1, "an empty list is the default");
    ask(&mut scene, Some(&["nonsense"]));
    scene.press("up");
    assert_eq!(scene.bot_updates().len(), 1, "so is a list without a known name");
}

#[test]
fn presses_wait_150_seconds_and_the_rest_a_day() {
    let mut scene = Scene::started();
    scene.press("up");
    scene.say(scene.ann, scene.at(scene.bot), "hello");
    scene.advance(149);
    assert_eq!(scene.poll(scene.bot, 0).unwrap().len(), 2);
    // Delivered once does not mean confirmed; but this press was at least seen.
    scene.advance(1);
    assert_eq!(scene.poll(scene.bot, 0).unwrap().len(), 1);
    scene.press("up");
    scene.journal();
    scene.advance(150);
    let expected = "
        press timed out after 9s
        callback_query expired
    ";
    assert_eq!(flat(&scene.journal()), block(expected));
    scene.advance(24 * 3600 - 300 - 1);
    assert_eq!(scene.poll(scene.bot, 0).unwrap().len(), 1);
    scene.advance(1);
    assert_eq!(scene.poll(scene.bot, 0).unwrap().len(), 0);
    assert_eq!(scene.world.next_due(), None, "and then all is quiet");
}

fn flat(journal: &str) -> String {
    journal.lines().map(str::trim).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_press_that_expires_unread() {
    let mut scene = Scene::started();
    scene.press("up");
    let query = match &*scene
        .world
        .bot(scene.bot)
        .unwrap()
        .queue
        .iter()
        .next()
        .unwrap()
        .1
        .update
    {
        Update::CallbackQuery { query, .. } => *query,
        other => panic!("{other:?}"),
    };
    let state = |scene: &Scene| scene.world.callback_query(query).unwrap().state.clone();
    assert!(matches!(state(&scene), State::Queued(_)));
    scene.advance(9);
    assert_eq!(state(&scene), State::TimedOut);
    scene.advance(141);
    assert_eq!(state(&scene), State::Expired);
}

#[test]
fn a_presser_more_patient_than_the_queue_still_hears() {
    let answer_timeout = std::time::Duration::from_secs(200);
    let mut scene = Scene::started();
    scene
        .call(Configure {
            settings: Settings {
                answer_timeout,
                ..Settings::default()
            },
        })
        .unwrap();
    let press = scene.press("up");
    scene.advance(150);
    assert_eq!(scene.bot_updates(), [""; 0]);
    assert_eq!(scene.outcome(press), "waiting");
    scene.advance(50);
    assert_eq!(scene.outcome(press), "timed out");
}

#[test]
fn presses_thrown_away_unread_time_out() {
    let throw_away: [fn(&mut Scene); 4] = [
        |scene| drop(scene.call(get_updates(scene.bot, -1)).unwrap()),
        |scene| {
            let call = from(scene, 1);
            scene.call(call).unwrap();
        },
        |scene| {
            let (bot, drop_pending) = (scene.bot, true);
            scene.call(DeleteWebhook { bot, drop_pending }).unwrap();
        },
        |scene| {
            let call = SetWebhook {
                drop_pending: true,
                ..set_webhook(scene.bot, 1)
            };
            scene.call(call).unwrap();
        },
    ];
    for throw_away in throw_away {
        let mut scene = Scene::started();
        let press = scene.press("up");
        scene.say(scene.ann, scene.at(scene.bot), "and then");
        throw_away(&mut scene);
        scene.advance(9);
        assert_eq!(scene.outcome(press), "timed out");
    }
}

#[test]
fn past_100_000_the_oldest_goes() {
    let mut scene = Scene::started();
    let press = scene.press("up");
    // The scene checks the whole world after each call; here the world is asked directly.
    let say = Send::text(scene.ann, scene.at(scene.bot), "again");
    for _ in 0..MAX_QUEUE {
        scene.world.call(say.clone(), scene.now, None).0.unwrap();
    }
    scene.world.check().unwrap();
    let queue = &scene.world.bot(scene.bot).unwrap().queue;
    assert_eq!(queue.len(), MAX_QUEUE);
    assert!(
        queue
            .iter()
            .all(|(_, waiting)| waiting.update.kind() == UpdateKind::Message)
    );
    assert_eq!(scene.outcome(press), "waiting");
}

#[test]
fn one_poller_at_a_time() {
    let mut scene = Scene::empty();
    let (bot, poll) = (scene.bot, |poll| PollId(poll));
    let wait = |poll| GetUpdates {
        poll,
        waits: true,
        ..get_updates(bot, 0)
    };
    scene.call(wait(poll(1))).unwrap();
    scene.call(wait(poll(2))).unwrap();
    assert_eq!(
        scene.signals,
        [(poll(1), PollSignal::End(Error::OtherGetUpdates))],
        "the older one goes"
    );
    scene.signals.clear();
    scene.start(scene.ann);
    assert_eq!(scene.signals, [(poll(2), PollSignal::Wake)]);
    assert_eq!(scene.call(wait(poll(2))).unwrap().len(), 1);
    scene.signals.clear();
    scene.start(scene.ben);
    assert_eq!(scene.signals, [], "nobody waits any more");
}

#[test]
fn a_poller_that_hangs_up_is_not_woken() {
    let mut scene = Scene::empty();
    let (bot, poll) = (scene.bot, PollId(1));
    scene
        .call(GetUpdates {
            poll,
            waits: true,
            ..get_updates(bot, 0)
        })
        .unwrap();
    scene.call(ClosePoll { bot, poll: PollId(9) }).unwrap();
    scene.call(ClosePoll { bot, poll }).unwrap();
    scene.start(scene.ann);
    assert_eq!(scene.signals, []);
}

#[test]
fn polling_and_a_webhook_exclude_each_other() {
    let mut scene = Scene::empty();
    let (bot, poll) = (scene.bot, PollId(1));
    scene
        .call(GetUpdates {
            poll,
            waits: true,
            ..get_updates(bot, 0)
        })
        .unwrap();
    scene.webhook(40);
    assert_eq!(scene.signals, [(poll, PollSignal::End(Error::WebhookTookOver))]);
    let told = scene.told(get_updates(bot, 0));
    assert!(told.starts_with("409 Conflict: can't use getUpdates method while webhook is active"));
    assert!(
        scene
            .call(DeleteWebhook {
                bot,
                drop_pending: false
            })
            .unwrap(),
        "there was one"
    );
    assert_eq!(scene.told(get_updates(bot, 0)), "ok");
}

#[test]
fn logging_out_ends_the_poll() {
    let mut scene = Scene::empty();
    let (bot, poll) = (scene.bot, PollId(1));
    scene
        .call(GetUpdates {
            poll,
            waits: true,
            ..get_updates(bot, 0)
        })
        .unwrap();
    scene.call(LogOut { bot }).unwrap();
    assert_eq!(scene.signals, [(poll, PollSignal::End(Error::LoggedOut))]);
    let until = scene.world.bot(bot).unwrap().logged_out.unwrap();
    assert_eq!(until.since(scene.now).as_secs(), 600);
}

#[test]
fn a_restart_keeps_what_waits() {
    let mut scene = Scene::started();
    let press = scene.press("up");
    let saved = serde_json::to_string(&scene.world).unwrap();
    scene.world = serde_json::from_str(&saved).unwrap();
    scene.call(Restart).unwrap();
    assert_eq!(scene.bot_updates(), [r#"callback_query Ann: "up" on 2"#]);
    assert_eq!(scene.answer("back again"), "ok");
    assert_eq!(scene.outcome(press), r#"answered "back again""#);
}
