//! Messages: numbers, edits, deletions, forwards, copies, replies.

use crate::common::*;
use ringback_world::calls::*;
use ringback_world::*;

#[test]
fn each_mailbox_has_its_own_numbers() {
    let mut scene = Scene::started();
    let (ann, ben, bot) = (scene.ann, scene.ben, scene.bot);
    scene.start(ben);
    assert_eq!(scene.sees(ben, scene.at(bot)), ["1 Ben: /start"]);
    assert_eq!(
        scene.sees(bot, scene.at(ben)),
        ["3 Ben: /start"],
        "the bot has heard from Ann before"
    );
    let group = scene.chat(ChatKind::Group, &[ann, ben]);
    let supergroup = scene.chat(ChatKind::Supergroup, &[ann, ben]);
    for chat in [group, supergroup] {
        scene.say(ann, chat, "hi");
    }
    assert_eq!(scene.sees(ann, group), ["3 Ann: * Kitchen begins", "4 Ann: hi"]);
    assert_eq!(scene.sees(ben, group), ["2 Ann: * Kitchen begins", "3 Ann: hi"]);
    assert_eq!(
        scene.sees(ann, supergroup),
        ["1 Ann: hi"],
        "a supergroup's are shared"
    );
    assert_eq!(scene.sees(ben, supergroup), ["1 Ann: hi"]);
}

#[test]
fn notes_to_oneself() {
    let mut scene = Scene::empty();
    let ann = scene.ann;
    scene.say(ann, scene.at(ann), "milk");
    assert_eq!(scene.sees(ann, scene.at(ann)), ["1 Ann: milk"]);
}

#[test]
fn texts_have_1_to_4096_characters() {
    let mut scene = Scene::started();
    let (ann, bot) = (scene.ann, scene.at(scene.bot));
    for (text, told) in [
        (" \n ".to_owned(), "400 Bad Request: message text is empty"),
        ("ж".repeat(4096) + "  ", "ok"),
        ("ж".repeat(4097), "400 Bad Request: message is too long"),
        ("#a ".repeat(100_000), "400 Bad Request: message is too long"),
    ] {
        assert_eq!(scene.told(Send::text(ann, bot, text)), told);
    }
}

#[test]
fn marks_may_stand_anywhere() {
    let mut scene = Scene::empty();
    let (ann, bot) = (scene.ann, scene.bot);
    let group = scene.chat(ChatKind::Group, &[ann, bot]);
    let mention = |offset, length| Entity {
        offset,
        length,
        kind: EntityKind::Mention,
    };
    for mark in [
        mention(0, 1),
        mention(1, 1),
        mention(0, 0),
        mention(u32::MAX, u32::MAX),
        mention(0, u32::MAX),
    ] {
        let text = FormattedText {
            text: "é😀".into(),
            entities: vec![mark],
        };
        let send = Send {
            content: Content::Text(text),
            ..Send::text(ann, group, "")
        };
        assert_eq!(scene.told(send), "ok");
    }
}

#[test]
fn a_keyboard_is_checked() {
    let mut scene = Scene::started();
    let ann = scene.at(scene.ann);
    let send = |scene: &Scene, label: &str| Send {
        markup: Some(ReplyMarkup::Inline(keyboard(&[label]))),
        ..Send::text(scene.bot, ann, "x")
    };
    let (fits, over) = (send(&scene, &"d".repeat(64)), send(&scene, &"ж".repeat(33)));
    assert_eq!(scene.told(fits), "ok");
    assert_eq!(scene.told(over), "400 Bad Request: BUTTON_DATA_INVALID");
    let wide: Vec<&str> = ["b"; 14].to_vec();
    scene.offer(ann, "wide", &wide);
    let last = scene.sees(scene.ann, scene.at(scene.bot)).pop().unwrap();
    assert_eq!(
        last.matches('b').count() - "volumebot".matches('b').count(),
        12,
        "the rest is dropped: {last}"
    );
}

#[test]
fn a_bot_edits_what_it_wrote() {
    let mut scene = Scene::started();
    let ann = scene.at(scene.ann);
    assert_eq!(scene.edit(ann, MessageId(2), "Volume: 6", &["down", "up"]), "ok");
    assert_eq!(
        scene.sees(scene.ann, scene.at(scene.bot)),
        ["1 Ann: /start", "2 volumebot: Volume: 6 [down|up]"]
    );
    let same = scene.edit(ann, MessageId(2), "Volume: 6", &["down", "up"]);
    let not_modified = "400 Bad Request: message is not modified: specified new message content and reply markup are \
                        exactly the same as a current content and reply markup of the message";
    assert_eq!(same, not_modified);
    assert_eq!(
        scene.edit(ann, MessageId(2), "Volume: 6", &[]),
        "ok",
        "without buttons it is another"
    );
    assert_eq!(
        scene.edit(ann, MessageId(1), "mine", &[]),
        "400 Bad Request: message can't be edited"
    );
    assert_eq!(
        scene.edit(ann, MessageId(7), "x", &[]),
        "400 Bad Request: message to edit not found"
    );
}

#[test]
fn the_keyboard_alone_and_the_caption() {
    let mut scene = Scene::started();
    let (bot, ann) = (scene.bot, scene.at(scene.ann));
    let target = Target::Message(ann, MessageId(2));
    let edit = |change, labels: &[&str]| Edit {
        by: bot,
        target,
        change,
        keyboard: Some(keyboard(labels)),
    };
    assert_eq!(scene.told(edit(Change::Keyboard, &["mute"])), "ok");
    let caption = edit(Change::Caption(FormattedText::plain("x")), &[]);
    assert_eq!(
        scene.told(caption),
        "400 Bad Request: there is no caption in the message to edit"
    );
    let file = AddFile {
        digest: "d".into(),
        size: 1,
        kind: FileKind::Document {
            name: None,
            mime_type: None,
        },
    };
    let id = scene.call(file.clone()).unwrap();
    assert_eq!(scene.call(file).unwrap(), id, "the same file again");
    let caption = FormattedText::plain("old");
    let content = Content::Document { file: id, caption };
    let sent = scene
        .call(Send {
            content,
            ..Send::text(bot, ann, "")
        })
        .unwrap();
    let target = Target::Message(ann, id_for(&sent, bot));
    let change = |change| Edit {
        by: bot,
        target,
        change,
        keyboard: None,
    };
    assert_eq!(
        scene.told(change(Change::Caption(FormattedText::plain("new")))),
        "ok"
    );
    let text = change(Change::Text(FormattedText::plain("x")));
    assert_eq!(
        scene.told(text),
        "400 Bad Request: there is no text in the message to edit"
    );
    assert_eq!(
        scene.sees(scene.ann, scene.at(bot))[2],
        "3 volumebot: document new"
    );
    let unknown = Content::Document {
        file: FileId(1),
        caption: FormattedText::plain(""),
    };
    let unknown = Send {
        content: unknown,
        ..Send::text(bot, ann, "")
    };
    assert_eq!(
        scene.told(unknown),
        "400 Bad Request: wrong file identifier/HTTP URL specified"
    );
}

#[test]
fn a_persons_edit_reaches_the_bot_and_the_bots_does_not() {
    let mut scene = Scene::started();
    let (ann, bot) = (scene.ann, scene.at(scene.bot));
    let number = scene.say(ann, bot, "hallo");
    scene.quiet();
    let change = Change::Text(FormattedText::plain("hello"));
    scene
        .call(Edit {
            by: ann,
            target: Target::Message(bot, number),
            change,
            keyboard: None,
        })
        .unwrap();
    scene.edit(scene.at(ann), MessageId(2), "Volume: 0", &[]);
    assert_eq!(scene.bot_updates(), ["edited_message 3 Ann: hello"]);
}

#[test]
fn deleted_for_everyone_and_its_number_never_used_again() {
    let mut scene = Scene::started();
    let (ann, bot) = (scene.ann, scene.bot);
    assert_eq!(scene.delete(bot, scene.at(ann), MessageId(2)), "ok");
    assert_eq!(scene.sees(ann, scene.at(bot)), ["1 Ann: /start"]);
    let again = scene.delete(bot, scene.at(ann), MessageId(2));
    assert_eq!(again, "400 Bad Request: message to delete not found");
    assert_eq!(scene.say(ann, scene.at(bot), "next"), MessageId(3));
}

#[test]
fn several_at_once_pass_over_what_is_not_there() {
    let mut scene = Scene::started();
    scene.journal();
    let messages = [2, 2, 99, 1].map(MessageId).to_vec();
    let delete = Delete {
        by: scene.bot,
        peer: scene.at(scene.ann),
        messages,
        lenient: true,
    };
    assert_eq!(scene.call(delete), Ok(2));
    assert_eq!(scene.journal(), "deleted 2\ndeleted 1", "each once");
}

#[test]
fn bots_delete_what_is_younger_than_48_hours() {
    let mut scene = Scene::started();
    let (ann, bot) = (scene.ann, scene.bot);
    let supergroup = scene.chat(ChatKind::Supergroup, &[ann, bot]);
    let old = scene.offer(supergroup, "old", &["x"]);
    scene.advance(48 * 3600 - 1);
    assert_eq!(scene.delete(bot, scene.at(ann), MessageId(1)), "ok");
    scene.advance(1);
    assert_eq!(
        scene.delete(bot, scene.at(ann), MessageId(2)),
        "400 Bad Request: message can't be deleted"
    );
    assert_eq!(
        scene.delete(bot, supergroup, old),
        "400 Bad Request: message can't be deleted"
    );
    scene.set_member(ann, supergroup, bot, Status::Administrator);
    assert_eq!(
        scene.delete(bot, supergroup, old),
        "ok",
        "administrators may always"
    );
    assert_eq!(
        scene.delete(ann, scene.at(bot), MessageId(2)),
        "ok",
        "people may too"
    );
}

#[test]
fn in_a_group_one_deletes_ones_own() {
    let mut scene = Scene::empty();
    let (ann, ben, bot) = (scene.ann, scene.ben, scene.bot);
    let group = scene.chat(ChatKind::Supergroup, &[ann, ben, bot]);
    let (hers, his) = (scene.say(ann, group, "hers"), scene.say(ben, group, "his"));
    assert_eq!(
        scene.delete(ben, group, hers),
        "400 Bad Request: message can't be deleted"
    );
    assert_eq!(
        scene.delete(bot, group, hers),
        "400 Bad Request: message can't be deleted"
    );
    assert_eq!(scene.delete(ann, group, his), "ok", "the creator may delete all");
}

#[test]
fn forwarded_with_its_origin_and_without_its_buttons() {
    let mut scene = Scene::started();
    let (ann, ben, bot) = (scene.ann, scene.ben, scene.bot);
    let forward = |message, from, to| Forwarding {
        by: ann,
        from,
        message,
        to,
        silent: false,
        protected: false,
    };
    let sent = scene
        .call(forward(MessageId(2), scene.at(bot), scene.at(ben)))
        .unwrap();
    assert_eq!(scene.sees(ben, scene.at(ann)), ["1 Ann: Volume: 5"]);
    let origin = sent.forward.clone().unwrap();
    assert_eq!(origin.from, ForwardFrom::User(bot));
    // Forwarded again it still names the first sender.
    let number = id_for(&sent, ann);
    let again = scene.call(forward(number, scene.at(ben), scene.at(bot))).unwrap();
    assert_eq!(again.forward.as_ref(), Some(&origin));
    let missing = forward(MessageId(99), scene.at(bot), scene.at(ben));
    assert_eq!(
        scene.told(missing),
        "400 Bad Request: message to forward not found"
    );
}

#[test]
fn a_post_is_forwarded_from_its_channel() {
    let mut scene = Scene::empty();
    let (ann, ben) = (scene.ann, scene.ben);
    let channel = scene.chat(ChatKind::Channel, &[ann]);
    let message = scene.say(ann, channel, "news");
    let forward = Forwarding {
        by: ann,
        from: channel,
        message,
        to: scene.at(ben),
        silent: false,
        protected: false,
    };
    let sent = scene.call(forward).unwrap();
    let Peer::Channel(id) = channel else { panic!() };
    assert_eq!(
        sent.forward.as_ref().unwrap().from,
        ForwardFrom::Channel(id, message)
    );
}

#[test]
fn copied_as_ones_own() {
    let mut scene = Scene::started();
    let (ann, bot) = (scene.ann, scene.bot);
    scene.start(scene.ben);
    let copy = Copy {
        by: bot,
        from: scene.at(ann),
        message: MessageId(1),
        to: scene.at(scene.ben),
        caption: None,
        markup: Some(ReplyMarkup::Inline(keyboard(&["ok"]))),
        reply_to: None,
        silent: false,
        protected: true,
    };
    let sent = scene.call(copy.clone()).unwrap();
    assert_eq!(sent.forward, None);
    assert_eq!(
        scene.sees(scene.ben, scene.at(bot))[1],
        "2 volumebot: /start [ok]"
    );
    let protected = Copy {
        from: scene.at(scene.ben),
        message: id_for(&sent, bot),
        ..copy.clone()
    };
    assert_eq!(scene.told(protected), "400 Bad Request: message can't be copied");
    let missing = Copy {
        message: MessageId(99),
        ..copy
    };
    assert_eq!(scene.told(missing), "400 Bad Request: message to copy not found");
}

#[test]
fn replies_and_quotes() {
    let mut scene = Scene::started();
    let (ann, bot) = (scene.ann, scene.bot);
    let reply = |message, quote: Option<&str>, optional| Send {
        reply_to: Some(ReplyTo {
            message: MessageId(message),
            peer: None,
            optional,
            quote: quote.map(FormattedText::plain),
        }),
        ..Send::text(bot, Peer::User(ann), "re")
    };
    let sent = scene.call(reply(2, Some("5"), false)).unwrap();
    let (quoted, at) = sent.reply_to.as_ref().unwrap().quote.clone().unwrap();
    assert_eq!((quoted.text.as_str(), at), ("5", 8));
    assert_eq!(
        scene.told(reply(2, Some("6"), false)),
        "400 Bad Request: QUOTE_TEXT_INVALID"
    );
    assert_eq!(
        scene.told(reply(99, None, false)),
        "400 Bad Request: message to be replied not found"
    );
    assert_eq!(scene.told(reply(99, None, true)), "ok");
}

#[test]
fn a_reply_points_into_no_chat_that_one_does_not_see() {
    let mut scene = Scene::started();
    let (ann, ben) = (scene.ann, scene.ben);
    let secret = scene.chat(ChatKind::Supergroup, &[ann]);
    let message = scene.say(ann, secret, "the code is 1234");
    scene.start(ben);
    let reply_to = Some(ReplyTo {
        message,
        peer: Some(secret),
        optional: false,
        quote: None,
    });
    let spy = Send {
        reply_to,
        ..Send::text(ben, scene.at(scene.bot), "re")
    };
    assert_eq!(
        scene.told(spy),
        "400 Bad Request: message to be replied not found"
    );
}

#[test]
fn who_may_write_to_whom() {
    let mut scene = Scene::empty();
    let (ann, ben, bot) = (scene.ann, scene.ben, scene.bot);
    let hello = |from, to| Send::text(from, Peer::User(to), "hello");
    assert_eq!(
        scene.told(hello(bot, ann)),
        "400 Bad Request: chat not found",
        "bots do not begin"
    );
    scene.chat(ChatKind::Group, &[ann, ben, bot]);
    assert_eq!(
        scene.told(hello(bot, ann)),
        "403 Forbidden: bot can't initiate conversation with a user"
    );
    scene.start(ann);
    assert_eq!(scene.told(hello(bot, ann)), "ok");
    scene
        .call(Block {
            by: ann,
            user: bot,
            blocked: true,
        })
        .unwrap();
    assert_eq!(
        scene.told(hello(bot, ann)),
        "403 Forbidden: bot was blocked by the user"
    );
    assert_eq!(scene.told(hello(ann, bot)), "400 Bad Request: YOU_BLOCKED_USER");
    scene
        .call(Block {
            by: ann,
            user: bot,
            blocked: false,
        })
        .unwrap();
    assert_eq!(scene.told(hello(bot, ann)), "ok");
    let other = scene.call(named_bot("otherbot")).unwrap();
    assert_eq!(
        scene.told(hello(bot, other)),
        "403 Forbidden: bots can't send messages to bots"
    );
    assert_eq!(
        scene.told(hello(ann, UserId(1))),
        "400 Bad Request: chat not found"
    );
}

#[test]
fn typing_is_seen_where_one_may_write() {
    let mut scene = Scene::started();
    let typing = |peer| ChatAction {
        from: scene.bot,
        peer,
        action: "typing".into(),
    };
    let (here, there) = (typing(scene.at(scene.ann)), typing(scene.at(scene.ben)));
    assert_eq!(scene.told(here), "ok");
    assert_eq!(scene.journal(), "volumebot typing");
    assert_eq!(scene.told(there), "400 Bad Request: chat not found");
}
