//! Who may press what, and what becomes of a press that nobody answers.

use crate::common::*;
use ringback_world::calls::*;
use ringback_world::*;

#[test]
fn the_whole_journey() {
    let mut scene = Scene::started();
    let press = scene.press("up");
    assert_eq!(scene.outcome(press), "waiting");
    assert_eq!(scene.bot_updates(), [r#"callback_query Ann: "up" on 2"#]);
    scene.advance_ms(1500);
    assert_eq!(scene.answer("louder"), "ok");
    assert_eq!(scene.outcome(press), r#"answered "louder""#);
    assert_eq!(scene.ended, [press]);
    let expected = r#"
        Ann presses [up]
          callback_query queued
            callback_query delivered by Polling
              answer "louder"
                press answered "louder" after 1.5s
    "#;
    assert_eq!(scene.journal(), block(expected));
}

#[test]
fn nothing_follows_from_a_press_that_the_bot_does_not_know_of() {
    let mut scene = Scene::started();
    scene.press("up");
    scene.bot_updates();
    scene.press("down");
    let edit = Called {
        bot: scene.bot,
        method: "editMessageText".into(),
        params: "{}".into(),
        about: About::Chat(scene.at(scene.ann), Some(MessageId(2))),
    };
    scene.call(edit).unwrap();
    // In the order of time; how far a line is moved in says what it follows from.
    let expected = r#"
        Ann presses [up]
          callback_query queued
            callback_query delivered by Polling
        Ann presses [down]
          callback_query queued
              call editMessageText
    "#;
    assert_eq!(scene.journal(), block(expected));
}

#[test]
fn an_edit_and_an_answer_follow_from_the_press() {
    let mut scene = Scene::started();
    scene.press("up");
    scene.bot_updates();
    let (bot, ann) = (scene.bot, scene.at(scene.ann));
    let called = |method: &str, about| Called {
        bot,
        method: method.into(),
        params: "{}".into(),
        about,
    };
    let edit = scene
        .call(called("editMessageText", About::Chat(ann, Some(MessageId(2)))))
        .unwrap();
    let change = Edit {
        by: bot,
        target: Target::Message(ann, MessageId(2)),
        change: Change::Text(FormattedText::plain("Volume: 6")),
        keyboard: Some(keyboard(&["down", "up"])),
    };
    scene.call_because(Some(edit.seq), change).unwrap();
    let query = scene.query.unwrap();
    let answering = scene
        .call(called("answerCallbackQuery", About::Query(query)))
        .unwrap();
    let answer = scene.reply("louder");
    scene.call_because(Some(answering.seq), answer).unwrap();
    let responded = Responded {
        bot,
        call: answering.seq,
        ok: true,
        error_code: None,
        body: "true".into(),
        elapsed: std::time::Duration::ZERO,
        warning: None,
    };
    scene.call(responded).unwrap();
    let expected = r#"
        Ann presses [up]
          callback_query queued
            callback_query delivered by Polling
              call editMessageText
                edited 2 volumebot: Volume: 6 [down|up]
              call answerCallbackQuery
                answer "louder"
                  press answered "louder" after 0ns
                response ok
    "#;
    assert_eq!(scene.journal(), block(expected));
}

#[test]
fn no_answer_in_time() {
    let mut scene = Scene::started();
    let press = scene.press("up");
    scene.advance_ms(8_999);
    assert_eq!(scene.outcome(press), "waiting");
    scene.advance_ms(1);
    assert_eq!(scene.outcome(press), "timed out");
    assert_eq!(scene.ended, [press]);
    let expected = r"
        Ann presses [up]
          callback_query queued
          press timed out after 9s
    ";
    assert_eq!(scene.journal(), block(expected));
}

#[test]
fn the_timeout_is_a_setting() {
    let mut scene = Scene::started();
    let answer_timeout = std::time::Duration::from_secs(30);
    let settings = Settings {
        answer_timeout,
        ..Settings::default()
    };
    scene.call(Configure { settings }).unwrap();
    let press = scene.press("up");
    scene.advance(29);
    assert_eq!(scene.outcome(press), "waiting");
    scene.advance(1);
    assert_eq!(scene.outcome(press), "timed out");
}

#[test]
fn an_edit_while_the_presser_waits_is_forgiven() {
    let mut scene = Scene::started();
    let press = scene.press("up");
    assert_eq!(
        scene.edit(scene.at(scene.ann), MessageId(2), "Volume: 6", &["up"]),
        "ok"
    );
    scene.advance(9);
    assert_eq!(scene.outcome(press), "timed out, but edited");
    // An edit before the press, or of another message, is not.
    scene.offer(scene.at(scene.ann), "Balance: 0", &["left"]);
    let press = scene.press("left");
    assert_eq!(
        scene.edit(scene.at(scene.ann), MessageId(2), "Volume: 7", &["up"]),
        "ok"
    );
    scene.advance(9);
    assert_eq!(scene.outcome(press), "timed out");
}

#[test]
fn a_leap_in_time_ends_each_press_at_its_own_time() {
    let mut scene = Scene::started();
    let first = scene.press("up");
    scene.advance(1);
    let second = scene.press("down");
    scene.advance(3600);
    let ended = |press| scene.world.press(press).unwrap().end.clone().unwrap().0;
    assert_eq!(ended(second).since(ended(first)).as_secs(), 1);
}

#[test]
fn the_keyboard_as_it_stands_now() {
    let mut scene = Scene::started();
    let bot = scene.at(scene.bot);
    scene.edit(scene.at(scene.ann), MessageId(2), "Volume: 6", &["mute"]);
    let stale = scene.press_with(press(scene.ann, bot, Button::Data(b"up".to_vec())));
    assert_eq!(scene.outcome(stale), "refused DATA_INVALID");
    assert_eq!(scene.bot_updates(), [""; 0], "the bot hears nothing of it");
    let nowhere = scene.press_with(press(scene.ann, bot, Button::At { row: 3, column: 9 }));
    assert_eq!(scene.outcome(nowhere), "refused DATA_INVALID");
    let here = scene.press_with(press(scene.ann, bot, Button::At { row: 0, column: 0 }));
    assert_eq!(scene.outcome(here), "waiting");
}

#[test]
fn a_bad_client_may_forge() {
    let mut scene = Scene::started();
    let bot = scene.at(scene.bot);
    let forge = |data: &[u8], forge| PressButton {
        forge,
        ..press(scene.ann, bot, Button::Data(data.to_vec()))
    };
    let (honest, forged) = (forge(b"root", false), forge(b"root", true));
    let refused = scene.press_with(honest);
    assert_eq!(scene.outcome(refused), "refused DATA_INVALID");
    scene.press_with(forged);
    assert_eq!(scene.bot_updates(), [r#"callback_query Ann: "root" on 2"#]);
    assert!(scene.journal().contains(r#"Ann presses forged "root""#));
}

#[test]
fn a_label_or_a_part_of_it_that_no_other_has() {
    let mut scene = Scene::started();
    scene.offer(scene.at(scene.ann), "?", &["volume up", "volume down", "up"]);
    for (label, hit) in [
        ("up", "\"up\""),
        ("volume u", "\"volume up\""),
        ("down", "\"volume down\""),
    ] {
        scene.press(label);
        assert_eq!(scene.bot_updates(), [format!("callback_query Ann: {hit} on 3")]);
    }
    let either = scene.press("volume");
    assert_eq!(scene.outcome(either), "refused DATA_INVALID");
}

#[test]
fn a_message_that_is_gone() {
    let mut scene = Scene::started();
    let bot = scene.at(scene.bot);
    let on = |id| PressButton {
        message: Some(MessageId(id)),
        ..press(scene.ann, bot, Button::Text("up".into()))
    };
    let (gone, never) = (on(2), on(99));
    assert_eq!(scene.delete(scene.ann, bot, MessageId(2)), "ok");
    for press in [gone, never] {
        let press = scene.press_with(press);
        assert_eq!(scene.outcome(press), "refused MESSAGE_ID_INVALID");
    }
}

#[test]
fn a_chat_one_is_not_in() {
    let mut scene = Scene::started();
    let (ann, ben, bot) = (scene.ann, scene.ben, scene.bot);
    let group = scene.chat(ChatKind::Group, &[ann, bot]);
    let supergroup = scene.chat(ChatKind::Supergroup, &[ann, bot]);
    let channel = scene.chat(ChatKind::Channel, &[ann, bot]);
    for chat in [group, supergroup, channel] {
        scene.offer(chat, "Volume: 5", &["up"]);
    }
    let cases = [
        (scene.at(bot), "PEER_ID_INVALID"),
        (group, "PEER_ID_INVALID"),
        (supergroup, "CHANNEL_PRIVATE"),
        (channel, "CHANNEL_PRIVATE"),
        (Peer::Group(GroupId(1)), "PEER_ID_INVALID"),
        (Peer::Channel(ChannelId(1)), "CHANNEL_INVALID"),
        (Peer::User(UserId(1)), "PEER_ID_INVALID"),
    ];
    for (chat, error) in cases {
        let press = scene.press_as(ben, chat, "up");
        assert_eq!(scene.outcome(press), format!("refused {error}"), "{chat:?}");
    }
    // Whoever comes sees a supergroup's past, but not a basic group's.
    scene.set_member(ann, group, ben, Status::Member);
    scene.set_member(ann, supergroup, ben, Status::Member);
    let (old, new) = (
        scene.press_as(ben, group, "up"),
        scene.press_as(ben, supergroup, "up"),
    );
    assert_eq!(scene.outcome(old), "refused MESSAGE_ID_INVALID");
    assert_eq!(scene.outcome(new), "waiting");
    // Whoever was put out is out.
    scene.set_member(ann, supergroup, ben, Status::Kicked);
    let out = scene.press_as(ben, supergroup, "up");
    assert_eq!(scene.outcome(out), "refused CHANNEL_PRIVATE");
}

#[test]
fn bots_press_what_they_can_see_and_strangers_do_not_exist() {
    let mut scene = Scene::started();
    let (ann, bot) = (scene.ann, scene.bot);
    let pressed = scene.press_as(bot, scene.at(ann), "up");
    assert_eq!(scene.outcome(pressed), "waiting");
    assert_eq!(scene.bot_updates().len(), 1);
    assert_eq!(scene.told(scene.reply("self")), "ok");
    assert_eq!(scene.outcome(pressed), r#"answered "self""#);
    let nobody = press(UserId(1), scene.at(bot), Button::Text("up".into()));
    assert_eq!(scene.told(nobody), "400 Bad Request: user not found");
}

#[test]
fn a_button_may_ask_for_the_password() {
    let mut scene = Scene::started();
    let mut keyboard = keyboard(&["sell"]);
    keyboard.rows[0][0].action = ButtonAction::Callback {
        data: b"sell".to_vec(),
        requires_password: true,
    };
    let send = Send {
        markup: Some(ReplyMarkup::Inline(keyboard)),
        ..Send::text(scene.bot, scene.at(scene.ann), "The house")
    };
    scene.call(send).unwrap();
    let bot = scene.at(scene.bot);
    for (proof, outcome) in [
        (Proof::None, "refused PASSWORD_MISSING"),
        (Proof::Wrong, "refused PASSWORD_HASH_INVALID"),
        (Proof::Right, "waiting"),
    ] {
        let press = scene.press_with(PressButton {
            proof,
            ..press(scene.ann, bot, Button::Text("sell".into()))
        });
        assert_eq!(scene.outcome(press), outcome);
    }
}

#[test]
fn a_button_that_asks_no_bot() {
    let mut scene = Scene::started();
    let mut keyboard = keyboard(&["site"]);
    keyboard.rows[0][0].action = ButtonAction::Url("https://example.org".into());
    let send = Send {
        markup: Some(ReplyMarkup::Inline(keyboard)),
        ..Send::text(scene.bot, scene.at(scene.ann), "Look")
    };
    scene.call(send).unwrap();
    let press = scene.press("site");
    assert_eq!(scene.outcome(press), "refused DATA_INVALID");
}

/// The fields of the callback queries that wait for the bot: message or inline message, and chat instance.
fn queries(scene: &mut Scene) -> Vec<(bool, i64)> {
    let given = scene.poll(scene.bot, 0).unwrap();
    let queries = given.iter().filter_map(|given| match &*given.update {
        Update::CallbackQuery {
            inline_id,
            chat_instance,
            ..
        } => Some((inline_id.is_some(), *chat_instance)),
        _ => None,
    });
    queries.collect()
}

#[test]
fn chat_instance_names_the_chat_and_tells_nothing_else() {
    let mut scene = Scene::started();
    let (ann, ben, bot) = (scene.ann, scene.ben, scene.bot);
    scene.start(ben);
    scene.offer(scene.at(ben), "Volume: 5", &["up"]);
    let group = scene.chat(ChatKind::Group, &[ann, ben, bot]);
    scene.offer(group, "Volume: 5", &["up"]);
    scene.quiet();
    for (who, chat) in [
        (ann, scene.at(bot)),
        (ben, scene.at(bot)),
        (ann, group),
        (ben, group),
        (ann, scene.at(bot)),
    ] {
        scene.press_as(who, chat, "up");
    }
    let of: Vec<i64> = queries(&mut scene).iter().map(|(_, chat)| *chat).collect();
    let [ann_1, ben_1, ann_group, ben_group, ann_2] = of[..] else {
        panic!("{of:?}")
    };
    assert_eq!(ann_1, ann_2, "for good");
    assert_eq!(ann_group, ben_group, "for everyone in it");
    assert_ne!(ann_1, ben_1);
    assert_ne!(ann_1, ann_group);
    assert!(![ann_1, ben_1, ann_group].contains(&ann.0));
}

#[test]
fn a_message_that_becomes_inaccessible() {
    let mut scene = Scene::started();
    let ann_chat = scene.at(scene.ann);
    scene.press("up");
    scene.delete(scene.ann, scene.at(scene.bot), MessageId(2));
    assert_eq!(
        scene.bot_updates(),
        [r#"callback_query Ann: "up" on 2 which is inaccessible"#]
    );
    assert_eq!(scene.answer("too late to see, but answered"), "ok");
    assert_eq!(
        scene.edit(ann_chat, MessageId(2), "x", &[]),
        "400 Bad Request: message to edit not found"
    );
    // The same if the bot is put out of the chat.
    let (ann, bot) = (scene.ann, scene.bot);
    let chat = scene.chat(ChatKind::Supergroup, &[ann, bot]);
    scene.offer(chat, "Volume: 5", &["up"]);
    scene.quiet();
    scene.press_as(ann, chat, "up");
    scene.set_member(ann, chat, bot, Status::Kicked);
    assert_eq!(
        scene.bot_updates()[0],
        r#"callback_query Ann: "up" on 1 which is inaccessible"#
    );
}

#[test]
fn old_presses_are_forgotten_but_not_before_they_are_read() {
    let keep_presses = 2;
    let settings = Settings {
        keep_presses,
        ..Settings::default()
    };
    let mut scene = Scene::with(settings);
    scene.start(scene.ann);
    scene.offer(scene.at(scene.ann), "Volume: 5", &["up"]);
    let mut presses = Vec::new();
    for _ in 0..5 {
        presses.push(scene.press("up"));
        scene.advance_ms(1);
    }
    scene.advance(9);
    assert_eq!(scene.ended, presses);
    assert!(presses.iter().all(|press| scene.outcome(*press) == "timed out"));
    scene.advance(1);
    let kept: Vec<bool> = presses
        .iter()
        .map(|press| scene.world.press(*press).is_some())
        .collect();
    assert_eq!(kept, [false, false, false, true, true]);
    assert_eq!(scene.bot_updates().len(), 6, "the updates are still there");
    assert!(scene.answer("late").ends_with("query ID is invalid"));
}
