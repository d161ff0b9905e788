//! Inline mode: asking, offering, sending, and pressing what was sent.

use crate::common::*;
use ringback_world::calls::*;
use ringback_world::*;

fn ask(from: UserId, bot: UserId, text: &str) -> AskInline {
    AskInline {
        from,
        bot,
        text: text.into(),
        offset: String::new(),
        peer: None,
    }
}

fn result(id: &str, labels: &[&str]) -> InlineResult {
    InlineResult {
        id: id.into(),
        content: InlineContent::Text(FormattedText::plain(format!("chosen {id}"))),
        keyboard: (!labels.is_empty()).then(|| keyboard(labels)),
        shown: String::new(),
    }
}

fn offer(bot: UserId, query: InlineQueryId, results: Vec<InlineResult>) -> AnswerInlineQuery {
    let answer = InlineAnswer {
        results,
        ..InlineAnswer::default()
    };
    AnswerInlineQuery { bot, query, answer }
}

/// Ann has been offered these results.
fn offered(scene: &mut Scene, results: Vec<InlineResult>) -> InlineQueryId {
    let query = scene.call(ask(scene.ann, scene.bot, "vol")).unwrap();
    scene.call(offer(scene.bot, query, results)).unwrap();
    query
}

#[test]
fn asked_offered_sent_and_pressed() {
    let mut scene = Scene::empty();
    let (ann, ben, bot) = (scene.ann, scene.ben, scene.bot);
    let query = offered(&mut scene, vec![result("knob", &["up"]), result("plain", &[])]);
    let send = |name: &str| SendInlineResult {
        from: ann,
        peer: Peer::User(ben),
        query,
        result: name.into(),
        reply_to: None,
        silent: false,
    };
    let knob = scene.call(send("knob")).unwrap();
    assert_eq!(
        scene.sees(ben, scene.at(ann)),
        ["1 Ann: chosen knob via volumebot [up]"]
    );
    let press = scene.press_as(ben, scene.at(ann), "up");
    let expected = [
        r#"inline_query Ann: "vol""#,
        "chosen_inline_result Ann: knob, to be edited",
        r#"callback_query Ben: "up" on an inline message"#,
    ];
    assert_eq!(scene.bot_updates(), expected);
    // The bot edits it by name, though it is in no chat with either of them; nobody else can.
    let change = Change::Text(FormattedText::plain("Volume: 6"));
    let target = Target::Inline(knob.inline_id.unwrap());
    let edit = Edit {
        by: bot,
        target,
        change,
        keyboard: None,
    };
    assert_eq!(
        scene.told(Edit {
            by: ann,
            ..edit.clone()
        }),
        "400 Bad Request: MESSAGE_ID_INVALID"
    );
    assert_eq!(scene.told(edit), "ok");
    assert_eq!(scene.sees(ann, scene.at(ben)), ["1 Ann: Volume: 6 via volumebot"]);
    assert_eq!(scene.answer("louder"), "ok");
    assert_eq!(scene.outcome(press), r#"answered "louder""#);
    // Without buttons a message has no name for the bot.
    assert_eq!(scene.call(send("plain")).unwrap().inline_id, None);
    assert_eq!(scene.bot_updates(), ["chosen_inline_result Ann: plain"]);
    assert_eq!(scene.told(send("none")), "400 Bad Request: RESULT_ID_INVALID");
}

#[test]
fn what_was_chosen_follows_from_the_message() {
    let mut scene = Scene::empty();
    let (ann, bot) = (scene.ann, scene.bot);
    let query = offered(&mut scene, vec![result("knob", &["up"])]);
    scene.quiet();
    let send = SendInlineResult {
        from: ann,
        peer: Peer::User(bot),
        query,
        result: "knob".into(),
        reply_to: None,
        silent: false,
    };
    scene.call(send).unwrap();
    let expected = "
        sent 1 Ann: chosen knob via volumebot [up]
          message queued
          chosen_inline_result queued
    ";
    assert_eq!(scene.journal(), block(expected));
}

#[test]
fn a_bot_that_offers_nothing_in_time() {
    let mut scene = Scene::empty();
    let query = scene.call(ask(scene.ann, scene.bot, "vol")).unwrap();
    scene.advance(8);
    assert_eq!(scene.world.inline_query(query).unwrap().end, None);
    scene.advance(1);
    assert_eq!(
        scene.world.inline_query(query).unwrap().end,
        Some(InlineEnd::TimedOut)
    );
    let late = scene.told(offer(scene.bot, query, vec![result("x", &[])]));
    assert!(late.ends_with("query is too old and response timeout expired or query ID is invalid"));
    let peer = Peer::User(scene.ben);
    let nothing = SendInlineResult {
        from: scene.ann,
        peer,
        query,
        result: "x".into(),
        reply_to: None,
        silent: false,
    };
    assert_ne!(scene.told(nothing), "ok");
}

#[test]
fn what_can_be_offered() {
    let mut scene = Scene::empty();
    let (ann, bot) = (scene.ann, scene.bot);
    let query = scene.call(ask(ann, bot, "")).unwrap();
    let numbered = |count: usize| {
        (0..count)
            .map(|at| result(&at.to_string(), &[]))
            .collect::<Vec<_>>()
    };
    let game = |name: &str| InlineResult {
        content: InlineContent::Game(name.into()),
        ..result("g", &[])
    };
    let other = scene.call(named_bot("otherbot")).unwrap();
    let foreign = offer(other, query, vec![]);
    assert!(scene.told(foreign).ends_with("query ID is invalid"));
    for (results, told) in [
        (numbered(51), "400 Bad Request: RESULTS_TOO_MUCH"),
        (
            vec![result("a", &[]), result("a", &[])],
            "400 Bad Request: RESULT_ID_DUPLICATE",
        ),
        (vec![result("", &[])], "400 Bad Request: RESULT_ID_INVALID"),
        (
            vec![result(&"x".repeat(65), &[])],
            "400 Bad Request: RESULT_ID_INVALID",
        ),
        (
            vec![result("a", &[&"x".repeat(65)])],
            "400 Bad Request: BUTTON_DATA_INVALID",
        ),
        (vec![game("")], "400 Bad Request: wrong game short name specified"),
        (numbered(50), "ok"),
    ] {
        assert_eq!(scene.told(offer(bot, query, results)), told);
    }
}

#[test]
fn a_game_can_be_a_result() {
    let mut scene = Scene::empty();
    let game = InlineResult {
        content: InlineContent::Game("snake".into()),
        ..result("g", &[])
    };
    let query = offered(&mut scene, vec![game]);
    let (ann, ben) = (scene.ann, scene.ben);
    scene
        .call(SendInlineResult {
            from: ann,
            peer: Peer::User(ben),
            query,
            result: "g".into(),
            reply_to: None,
            silent: false,
        })
        .unwrap();
    assert_eq!(
        scene.sees(ben, scene.at(ann)),
        [r#"1 Ann: game snake "" via volumebot [Play snake]"#]
    );
    assert!(scene.world.bot(scene.bot).unwrap().games.contains_key("snake"));
}

#[test]
fn people_ask_and_only_where_they_may_write() {
    let mut scene = Scene::empty();
    let (ann, ben, bot) = (scene.ann, scene.ben, scene.bot);
    assert_eq!(
        scene.told(ask(bot, bot, "")),
        "400 Bad Request: BOT_METHOD_INVALID"
    );
    assert_eq!(scene.told(ask(ann, ben, "")), "400 Bad Request: user not found");
    let group = scene.chat(ChatKind::Group, &[ben]);
    let outside = AskInline {
        peer: Some(group),
        ..ask(ann, bot, "")
    };
    assert_eq!(scene.told(outside), "400 Bad Request: chat not found");
}

#[test]
fn only_so_many_ended_queries_are_kept() {
    let mut scene = Scene::empty();
    let first = offered(&mut scene, vec![result("old", &[])]);
    scene.advance_ms(1);
    // The scene checks the whole world after each call; here the world is asked directly.
    for _ in 0..1000 {
        let ask = ask(scene.ben, scene.bot, "");
        let now = scene.now;
        let query = scene.world.call(ask, now, None).0.unwrap();
        scene
            .world
            .call(offer(scene.bot, query, vec![]), now, None)
            .0
            .unwrap();
    }
    scene.world.check().unwrap();
    let send = SendInlineResult {
        from: scene.ann,
        peer: Peer::User(scene.ben),
        query: first,
        result: "old".into(),
        reply_to: None,
        silent: false,
    };
    assert!(scene.told(send).ends_with("query ID is invalid"));
}
