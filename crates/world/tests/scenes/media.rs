//! Pictures and files: another in the place of the one that is there.

use crate::common::*;
use ringback_world::calls::*;
use ringback_world::*;

/// A file that the server has; the same name, the same bytes.
fn file(scene: &mut Scene, name: &str, kind: FileKind) -> File {
    let add = AddFile {
        digest: name.into(),
        size: 1,
        kind,
    };
    let id = scene.call(add).unwrap();
    scene.world.file(id).unwrap().clone()
}

fn picture(scene: &mut Scene, name: &str) -> File {
    file(scene, name, FileKind::Photo { width: 4, height: 3 })
}

fn document(scene: &mut Scene, name: &str) -> File {
    let kind = FileKind::Document {
        name: Some(name.into()),
        mime_type: None,
    };
    file(scene, name, kind)
}

fn with(file: &File, caption: &str) -> Content {
    Content::of_file(file, FormattedText::plain(caption), false, false)
}

/// The bot sends Ann something with a button; the number is the bot's.
fn send(scene: &mut Scene, content: Content) -> MessageId {
    let sent = Send {
        content,
        markup: Some(ReplyMarkup::Inline(keyboard(&["next"]))),
        ..Send::text(scene.bot, scene.at(scene.ann), "")
    };
    id_for(&scene.call(sent).unwrap(), scene.bot)
}

/// The bot's edit of a message in its chat with Ann.
fn edit(scene: &Scene, id: MessageId, content: Content) -> Edit {
    Edit {
        by: scene.bot,
        target: Target::Message(scene.at(scene.ann), id),
        change: Change::Media {
            content,
            uploaded: false,
        },
        keyboard: Some(keyboard(&["next"])),
    }
}

/// The same, with bytes that came along.
fn uploaded(edit: Edit) -> Edit {
    let change = match edit.change {
        Change::Media { content, .. } => Change::Media {
            content,
            uploaded: true,
        },
        other => other,
    };
    Edit { change, ..edit }
}

const NOT_MODIFIED: &str = "400 Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message";

#[test]
fn a_menu_of_pictures() {
    let mut scene = Scene::started();
    let (ann, bot) = (scene.ann, scene.bot);
    let (one, two) = (picture(&mut scene, "one"), picture(&mut scene, "two"));
    let id = send(&mut scene, with(&one, "1 of 2"));
    let press = scene.press("next");
    scene.bot_updates();
    let turn = edit(&scene, id, with(&two, "2 of 2"));
    assert_eq!(scene.told(turn.clone()), "ok");
    assert_eq!(
        scene.sees(ann, scene.at(bot))[2],
        "3 volumebot: photo 2 of 2 [next]"
    );
    let message = scene.world.message_at(bot, scene.at(ann), id).unwrap();
    assert_eq!(message.content.file(), Some(two.id));
    assert_eq!(scene.answer("turned"), "ok");
    assert_eq!(scene.outcome(press), "answered \"turned\"");
    // The bot is not told of its own edit; and the same again is none.
    assert_eq!(scene.bot_updates(), [""; 0]);
    assert_eq!(scene.told(turn.clone()), NOT_MODIFIED);
    // But what is uploaded again is another file for Telegram.
    assert_eq!(scene.told(uploaded(turn.clone())), "ok");
    // Only the words, only the keyboard, only where the words stand.
    assert_eq!(scene.told(edit(&scene, id, with(&two, "the last"))), "ok");
    let bare = Edit {
        keyboard: None,
        ..edit(&scene, id, with(&two, "the last"))
    };
    assert_eq!(scene.told(bare), "ok");
    assert_eq!(scene.sees(ann, scene.at(bot))[2], "3 volumebot: photo the last");
    let above = Content::of_file(&two, FormattedText::plain("the last"), true, true);
    assert_eq!(scene.told(edit(&scene, id, above)), "ok");
    // A file in its place.
    let notes = document(&mut scene, "notes");
    assert_eq!(scene.told(edit(&scene, id, with(&notes, ""))), "ok");
    assert_eq!(scene.sees(ann, scene.at(bot))[2], "3 volumebot: document  [next]");
}

#[test]
fn a_text_gives_way_and_does_not_come_back() {
    let mut scene = Scene::started();
    let one = picture(&mut scene, "one");
    let id = MessageId(2);
    assert_eq!(scene.told(edit(&scene, id, with(&one, "seen"))), "ok");
    assert_eq!(
        scene.edit(scene.at(scene.ann), id, "Volume: 0", &[]),
        "400 Bad Request: there is no text in the message to edit"
    );
    let words = edit(&scene, id, Content::Text(FormattedText::plain("x")));
    assert_eq!(
        scene.told(words),
        "400 Bad Request: unsupported input message content type"
    );
}

#[test]
fn what_is_not_exchanged() {
    let mut scene = Scene::started();
    let (ann, bot) = (scene.ann, scene.bot);
    let one = picture(&mut scene, "one");
    // A game.
    let chess = Content::Game {
        bot,
        short_name: "chess".into(),
        text: String::new(),
    };
    let game = send_game(&mut scene, chess.clone());
    assert_eq!(
        scene.told(edit(&scene, game, with(&one, ""))),
        "400 Bad Request: there is no media in the message to edit"
    );
    let id = send(&mut scene, with(&one, ""));
    assert_eq!(
        scene.told(edit(&scene, id, chess)),
        "400 Bad Request: unsupported input message content type"
    );
    // Somebody else's, or none at all.
    let theirs = edit(&scene, MessageId(1), with(&one, ""));
    assert_eq!(scene.told(theirs), "400 Bad Request: message can't be edited");
    let none = edit(&scene, MessageId(99), with(&one, ""));
    assert_eq!(scene.told(none), "400 Bad Request: message to edit not found");
    // A file that nobody has, and too many words.
    let unknown = Content::Document {
        file: FileId(1),
        caption: FormattedText::plain(""),
    };
    assert_eq!(
        scene.told(edit(&scene, id, unknown)),
        "400 Bad Request: wrong file identifier/HTTP URL specified"
    );
    let long = with(&one, &"x".repeat(1025));
    assert_eq!(
        scene.told(edit(&scene, id, long)),
        "400 Bad Request: message caption is too long"
    );
    assert_eq!(
        scene.sees(ann, scene.at(bot)).last().unwrap(),
        "4 volumebot: photo  [next]"
    );
}

fn send_game(scene: &mut Scene, content: Content) -> MessageId {
    let sent = Send {
        content,
        ..Send::text(scene.bot, scene.at(scene.ann), "")
    };
    id_for(&scene.call(sent).unwrap(), scene.bot)
}

#[test]
fn an_inline_message_takes_what_the_server_has() {
    let mut scene = Scene::empty();
    let (ann, ben, bot) = (scene.ann, scene.ben, scene.bot);
    let one = picture(&mut scene, "one");
    let ask = AskInline {
        from: ann,
        bot,
        text: "vol".into(),
        offset: String::new(),
        peer: None,
    };
    let query = scene.call(ask).unwrap();
    let result = InlineResult {
        id: "knob".into(),
        content: InlineContent::Text(FormattedText::plain("chosen")),
        keyboard: Some(keyboard(&["up"])),
        shown: String::new(),
    };
    let answer = InlineAnswer {
        results: vec![result],
        ..InlineAnswer::default()
    };
    scene.call(AnswerInlineQuery { bot, query, answer }).unwrap();
    let sent = SendInlineResult {
        from: ann,
        peer: Peer::User(ben),
        query,
        result: "knob".into(),
        reply_to: None,
        silent: false,
    };
    let sent = scene.call(sent).unwrap();
    let target = Target::Inline(sent.inline_id.unwrap());
    let edit = Edit {
        target,
        ..edit(&scene, MessageId(0), with(&one, "turned"))
    };
    let brought = uploaded(edit.clone());
    assert_eq!(
        scene.told(brought),
        "400 Bad Request: invalid message content specified"
    );
    assert_eq!(
        scene.world.may_edit_media(bot, target, true),
        Err(Error::InlineUpload)
    );
    assert_eq!(scene.told(edit), "ok");
    assert_eq!(
        scene.sees(ben, scene.at(ann)),
        ["1 Ann: photo turned via volumebot [next]"]
    );
}

#[test]
fn a_persons_new_picture_reaches_the_bot() {
    let mut scene = Scene::started();
    let (ann, bot) = (scene.ann, scene.at(scene.bot));
    let (one, two) = (picture(&mut scene, "one"), picture(&mut scene, "two"));
    let sent = Send {
        content: with(&one, "look"),
        ..Send::text(ann, bot, "")
    };
    let id = id_for(&scene.call(sent).unwrap(), ann);
    scene.quiet();
    let edit = Edit {
        by: ann,
        target: Target::Message(bot, id),
        change: Change::Media {
            content: with(&two, "look again"),
            uploaded: true,
        },
        keyboard: None,
    };
    scene.call(edit).unwrap();
    assert_eq!(scene.bot_updates(), ["edited_message 3 Ann: photo look again"]);
}

fn media(scene: &mut Scene, kind: MediaKind) -> File {
    file(scene, kind.name(), FileKind::Media(Media::new(kind)))
}

const KINDS: [MediaKind; 6] = [
    MediaKind::Video,
    MediaKind::Animation,
    MediaKind::Audio,
    MediaKind::Voice,
    MediaKind::VideoNote,
    MediaKind::Sticker,
];

#[test]
fn every_kind_is_sent_forwarded_and_copied() {
    let mut scene = Scene::started();
    let (ann, bot) = (scene.ann, scene.bot);
    for kind in KINDS {
        let own = media(&mut scene, kind);
        let id = send(&mut scene, with(&own, "words"));
        let expected = match kind {
            MediaKind::VideoNote | MediaKind::Sticker => "",
            _ => "words",
        };
        let line = |words: &str| format!("{} {words}", kind.name().to_lowercase());
        let last = |scene: &Scene| {
            let seen = scene.sees(ann, scene.at(bot)).pop().unwrap();
            seen.split_once(": ").unwrap().1.to_owned()
        };
        assert_eq!(last(&scene), line(expected) + " [next]");
        let forwarding = Forwarding {
            by: bot,
            from: scene.at(ann),
            message: id,
            to: scene.at(ann),
            silent: false,
            protected: false,
        };
        let forwarded = scene.call(forwarding).unwrap();
        assert_eq!(
            (forwarded.content.file(), last(&scene)),
            (Some(own.id), line(expected))
        );
        let copy = Copy {
            by: bot,
            from: scene.at(ann),
            message: id,
            to: scene.at(ann),
            caption: Some(FormattedText::plain("other")),
            markup: None,
            reply_to: None,
            silent: false,
            protected: false,
        };
        scene.call(copy).unwrap();
        assert_eq!(last(&scene), line(&expected.replace("words", "other")));
    }
}

#[test]
fn which_kinds_have_captions_and_give_way() {
    let mut scene = Scene::started();
    let one = picture(&mut scene, "one");
    for kind in KINDS {
        let own = media(&mut scene, kind);
        let id = send(&mut scene, with(&own, ""));
        let words = Edit {
            change: Change::Caption(FormattedText::plain("new")),
            ..edit(&scene, id, with(&one, ""))
        };
        let told = scene.told(words);
        match kind {
            MediaKind::VideoNote | MediaKind::Sticker => {
                assert_eq!(
                    told,
                    "400 Bad Request: there is no caption in the message to edit"
                );
            }
            _ => assert_eq!(told, "ok", "{kind:?}"),
        }
        let target = send(&mut scene, with(&one, ""));
        let (there, back) = (
            scene.told(edit(&scene, target, with(&own, ""))),
            scene.told(edit(&scene, id, with(&one, ""))),
        );
        match kind {
            MediaKind::Video | MediaKind::Animation | MediaKind::Audio => {
                assert_eq!((there.as_str(), back.as_str()), ("ok", "ok"), "{kind:?}");
            }
            _ => {
                assert_eq!(there, "400 Bad Request: unsupported input message content type");
                assert_eq!(back, "400 Bad Request: there is no media in the message to edit");
            }
        }
    }
}

#[test]
fn a_message_is_what_its_file_is() {
    let mut scene = Scene::started();
    let film = media(&mut scene, MediaKind::Video);
    let music = media(&mut scene, MediaKind::Audio);
    // Said to be a document, and covered: it is a film, and that can be.
    let content = Content::Photo {
        file: film.id,
        caption: FormattedText::default(),
        caption_above: true,
        spoiler: true,
    };
    let sent = scene.accepted(content);
    assert_eq!(
        sent,
        Content::of_file(&film, FormattedText::default(), true, true)
    );
    assert!(sent.is_caption_above());
    // Nobody covers music.
    let sent = scene.accepted(Content::of_file(&music, FormattedText::default(), true, true));
    assert_eq!(
        sent,
        Content::of_file(&music, FormattedText::default(), false, false)
    );
}

impl Scene {
    /// What the bot sends Ann, as the world took it.
    fn accepted(&mut self, content: Content) -> Content {
        let sent = Send {
            content,
            ..Send::text(self.bot, Peer::User(self.ann), "")
        };
        self.call(sent).unwrap().content.clone()
    }
}

fn album(scene: &Scene, items: Vec<Content>) -> SendAlbum {
    SendAlbum {
        from: scene.bot,
        peer: scene.at(scene.ann),
        items,
        reply_to: None,
        silent: false,
        protected: false,
    }
}

#[test]
fn an_album_is_several_messages_under_one_number() {
    let mut scene = Scene::started();
    let one = picture(&mut scene, "one");
    let film = media(&mut scene, MediaKind::Video);
    let music = media(&mut scene, MediaKind::Audio);
    let call = album(&scene, vec![with(&one, "a"), with(&film, ""), with(&one, "")]);
    let sent = scene.call(call.clone()).unwrap();
    let numbers: Vec<_> = sent
        .iter()
        .map(|message| scene.world.album(message.key))
        .collect();
    assert!(numbers[0].is_some());
    assert_eq!(numbers, [numbers[0]; 3]);
    let other = scene.call(call).unwrap();
    assert_ne!(scene.world.album(other[0].key), numbers[0]);
    // One alone is none.
    let single = scene.call(album(&scene, vec![with(&one, "")])).unwrap();
    assert_eq!(scene.world.album(single[0].key), None);

    // In it, a picture gives way to a film, and to nothing else.
    let id = id_for(&sent[0], scene.bot);
    assert_eq!(scene.told(edit(&scene, id, with(&film, ""))), "ok");
    assert_eq!(
        scene.told(edit(&scene, id, with(&music, ""))),
        "400 Bad Request: can't change media type in the album"
    );
    let moving = media(&mut scene, MediaKind::Animation);
    assert_eq!(
        scene.told(edit(&scene, id, with(&moving, ""))),
        "400 Bad Request: message content type can't be used in an album"
    );
    // What goes takes nothing with it.
    assert_eq!(scene.delete(scene.bot, scene.at(scene.ann), id), "ok");
    assert_eq!(scene.world.album(sent[0].key), None);
    assert_eq!(scene.world.album(sent[1].key), numbers[0]);
}

#[test]
fn what_is_no_album() {
    let mut scene = Scene::started();
    let one = picture(&mut scene, "one");
    let notes = document(&mut scene, "notes");
    let music = media(&mut scene, MediaKind::Audio);
    let voice = media(&mut scene, MediaKind::Voice);
    let above = Content::of_file(&one, FormattedText::default(), true, false);
    let before = scene.sees(scene.ann, scene.at(scene.bot));
    for (items, expected) in [
        (vec![], "there are no messages to send"),
        (vec![with(&one, ""); 11], "too many messages to send as an album"),
        (
            vec![with(&one, ""), with(&notes, "")],
            "document can't be mixed with other media types",
        ),
        (
            vec![with(&music, ""), with(&one, "")],
            "audio can't be mixed with other media types",
        ),
        (
            vec![with(&music, ""), with(&voice, "")],
            "message content type can't be used in an album",
        ),
        (
            vec![with(&one, ""), above],
            "parameter show_caption_above_media must be the same for all messages",
        ),
    ] {
        let call = album(&scene, items);
        assert_eq!(scene.told(call), format!("400 Bad Request: {expected}"));
    }
    assert_eq!(
        scene.sees(scene.ann, scene.at(scene.bot)),
        before,
        "nothing was sent"
    );
}
