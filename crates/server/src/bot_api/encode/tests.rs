use ringback_world::calls::{
    AddFile, Button, Call, Change, CreateBot, CreateChat, CreateUser, Delete, Edit, Forwarding, GetUpdates,
    PressButton, Proof, ReplyTo, Send, SetGameScore, Target,
};
use ringback_world::*;
use serde::Serialize;

use super::*;

const T: Time = Time(1_700_000_000_000);
const ANN: &str = r#"{"id":ANN,"is_bot":false,"first_name":"Ann","username":"ann","language_code":"en"}"#;
const BOT: &str = r#"{"id":77,"is_bot":true,"first_name":"Volume","username":"volumebot"}"#;
const CHAT: &str = r#"{"id":ANN,"type":"private","username":"ann","first_name":"Ann"}"#;

/// A world with Ann and a bot that she has written to.
struct Scene {
    world: World,
    ann: UserId,
    bot: UserId,
}

impl Scene {
    fn new() -> Scene {
        let mut world = World::new(1, Settings::default(), T);
        let ann = CreateUser {
            first_name: "Ann".into(),
            last_name: None,
            username: Some("ann".into()),
            phone: None,
            language_code: Some("en".into()),
        };
        let ann = world.call(ann, T, None).0.unwrap();
        let bot = CreateBot {
            username: "volumebot".into(),
            first_name: Some("Volume".into()),
            token: Some("77:secretsecretsecretsecretsecretsecre".into()),
        };
        let bot = world.call(bot, T, None).0.unwrap();
        let mut scene = Scene { world, ann, bot };
        scene.call(Send::text(ann, Peer::User(bot), "/start now"));
        scene
    }

    fn call<C: Call>(&mut self, call: C) -> C::Output {
        self.world.call(call, T, None).0.unwrap()
    }

    fn user(&mut self, name: &str) -> UserId {
        self.call(CreateUser {
            first_name: name.into(),
            last_name: None,
            username: None,
            phone: None,
            language_code: None,
        })
    }

    fn send(&mut self, content: Content, markup: Option<ReplyMarkup>) -> std::sync::Arc<Message> {
        let mut send = Send::text(self.bot, Peer::User(self.ann), "");
        send.content = content;
        send.markup = markup;
        self.call(send)
    }

    fn press(&mut self, button: Button, forge: bool) {
        self.call(PressButton {
            from: self.ann,
            peer: Peer::User(self.bot),
            message: None,
            button,
            forge,
            client_cache: false,
            proof: Proof::None,
        });
    }

    /// The update that the bot got last; its number is 1 here.
    fn update(&mut self) -> String {
        let deliveries = self.call(GetUpdates {
            bot: self.bot,
            poll: PollId(1),
            offset: -1,
            limit: 1,
            allowed: None,
            waits: false,
        });
        json(&update(&self.world, self.bot, UpdateId(1), &deliveries[0].update))
    }

    fn message(&self, own: &Message) -> String {
        json(&message(&self.world, self.bot, own))
    }

    /// `$ann`, `$bot` and `$chat` stand for what they are as JSON, `ANN` for her number.
    fn expect(&self, found: &str, expected: &str) {
        assert_eq!(found, self.filled(expected));
    }

    fn filled(&self, expected: &str) -> String {
        expected
            .replace("$ann", ANN)
            .replace("$bot", BOT)
            .replace("$chat", CHAT)
            .replace("ANN", &self.ann.to_string())
    }
}

fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap()
}

fn button(text: &str, action: ButtonAction) -> InlineButton {
    InlineButton {
        text: text.into(),
        style: None,
        icon: None,
        action,
    }
}

fn callback(data: &[u8]) -> ButtonAction {
    ButtonAction::Callback {
        data: data.into(),
        requires_password: false,
    }
}

fn keyboard(data: &[u8]) -> Option<ReplyMarkup> {
    Some(ReplyMarkup::Inline(InlineKeyboard {
        rows: vec![vec![button("↑", callback(data))]],
        force_reply: false,
    }))
}

fn chess(bot: UserId) -> Content {
    Content::Game {
        bot,
        short_name: "chess".into(),
        text: String::new(),
    }
}

#[test]
fn a_message_and_a_press() {
    let mut scene = Scene::new();
    let found = scene.update();
    scene.expect(
        &found,
        r#"{"update_id":1,"message":{"message_id":1,"from":$ann,"date":1700000000,"chat":$chat,"text":"/start now","entities":[{"type":"bot_command","offset":0,"length":6}]}}"#,
    );
    let sent = scene.send(Content::Text(FormattedText::plain("Volume: 5")), keyboard(b"up"));
    let knob = r#"{"message_id":2,"from":$bot,"date":1700000000,"chat":$chat,"text":"Volume: 5","reply_markup":{"inline_keyboard":[[{"text":"↑","callback_data":"up"}]]}}"#;
    scene.expect(&scene.message(&sent), knob);
    scene.press(Button::Data(b"up".to_vec()), false);
    let (found, instance) = (scene.update(), scene.world.chat_instance(sent.conversation));
    let id: serde_json::Value = serde_json::from_str(&found).unwrap();
    let id = id["callback_query"]["id"].as_str().unwrap();
    scene.expect(
        &found,
        &format!(
            r#"{{"update_id":1,"callback_query":{{"id":"{id}","from":$ann,"message":{knob},"chat_instance":"{instance}","data":"up"}}}}"#
        ),
    );
    // A message that is gone is only what it was.
    scene.press(Button::Data(vec![0xff, b'x']), true);
    scene.call(Delete {
        by: scene.bot,
        peer: Peer::User(scene.ann),
        messages: vec![MessageId(2)],
        lenient: false,
    });
    let found = scene.update();
    scene.expect(
        found.split_once(r#""message":"#).unwrap().1,
        &format!(
            "{{\"chat\":$chat,\"message_id\":2,\"date\":0}},\"chat_instance\":\"{instance}\",\"data\":\"\u{fffd}x\"}}}}"
        ),
    );
}

#[test]
fn edits_replies_and_forwards() {
    let mut scene = Scene::new();
    let (ann, bot) = (scene.ann, scene.bot);
    let mut send = Send::text(bot, Peer::User(ann), "first");
    send.protected = true;
    let first = scene.call(send);
    let reply = |to: &Message, quote: Option<&str>| {
        let mut send = Send::text(bot, Peer::User(ann), "reply");
        send.reply_to = Some(ReplyTo {
            message: to.id_for(bot).unwrap(),
            peer: None,
            optional: false,
            quote: quote.map(FormattedText::plain),
        });
        send
    };
    let second = scene.call(reply(&first, Some("rst")));
    let third = scene.call(reply(&second, None));
    let edited = scene.call(Edit {
        by: bot,
        target: Target::Message(Peer::User(ann), third.id_for(bot).unwrap()),
        change: Change::Text(FormattedText::plain("edited")),
        keyboard: None,
    });
    // One level of replies, not two.
    scene.expect(
        &scene.message(&edited),
        r#"{"message_id":4,"from":$bot,"date":1700000000,"chat":$chat,"reply_to_message":{"message_id":3,"from":$bot,"date":1700000000,"chat":$chat,"text":"reply"},"edit_date":1700000000,"text":"edited"}"#,
    );
    scene.expect(
        &scene.message(&second),
        r#"{"message_id":3,"from":$bot,"date":1700000000,"chat":$chat,"reply_to_message":{"message_id":2,"from":$bot,"date":1700000000,"chat":$chat,"has_protected_content":true,"text":"first"},"quote":{"text":"rst","position":2,"is_manual":true},"text":"reply"}"#,
    );
    let forwarded = scene.call(Forwarding {
        by: bot,
        from: Peer::User(ann),
        message: MessageId(1),
        to: Peer::User(ann),
        silent: false,
        protected: false,
    });
    scene.expect(
        &scene.message(&forwarded),
        r#"{"message_id":5,"from":$bot,"date":1700000000,"chat":$chat,"forward_origin":{"type":"user","date":1700000000,"sender_user":$ann},"text":"/start now","entities":[{"type":"bot_command","offset":0,"length":6}]}"#,
    );
}

#[test]
fn every_kind_of_mark() {
    let mut scene = Scene::new();
    let kinds = [
        EntityKind::Pre(Some("rust".into())),
        EntityKind::TextLink("http://a.org/".into()),
        EntityKind::TextMention(scene.ann),
        EntityKind::CustomEmoji(5),
        EntityKind::ExpandableBlockquote,
    ];
    let entity = |(offset, kind)| Entity {
        offset,
        length: 1,
        kind,
    };
    let text = FormattedText {
        text: "abcdef".into(),
        entities: (0..).zip(kinds).map(entity).collect(),
    };
    let sent = scene.send(Content::Text(text), None);
    let found = scene.message(&sent);
    scene.expect(
        found.split_once(r#""entities":"#).unwrap().1,
        r#"[{"type":"pre","offset":0,"length":1,"language":"rust"},{"type":"text_link","offset":1,"length":1,"url":"http://a.org/"},{"type":"text_mention","offset":2,"length":1,"user":$ann},{"type":"custom_emoji","offset":3,"length":1,"custom_emoji_id":"5"},{"type":"expandable_blockquote","offset":4,"length":1}]}"#,
    );
}

#[test]
fn pictures_files_and_games() {
    let mut scene = Scene::new();
    let mut add = |kind| {
        let digest = "d".into();
        scene.call(AddFile {
            digest,
            size: 9,
            kind,
        })
    };
    let photo = add(FileKind::Photo { width: 4, height: 3 });
    let document = add(FileKind::Document {
        name: Some("a.txt".into()),
        mime_type: Some("text/plain".into()),
    });
    let ids = |scene: &Scene, id| {
        let file = scene.world.file(id).unwrap();
        let (id, unique) = (file_id(file), file_unique_id(file));
        format!(r#""file_id":"{id}","file_unique_id":"{unique}""#)
    };
    let start = r#""from":$bot,"date":1700000000,"chat":$chat"#;
    let content = Content::Photo {
        file: photo,
        caption: FormattedText::plain("words"),
        caption_above: true,
        spoiler: true,
    };
    let sent = scene.send(content, None);
    let expected = format!(
        r#"{{"message_id":2,{start},"photo":[{{{},"width":4,"height":3,"file_size":9}}],"caption":"words","show_caption_above_media":true,"has_media_spoiler":true}}"#,
        ids(&scene, photo)
    );
    scene.expect(&scene.message(&sent), &expected);

    let content = Content::Document {
        file: document,
        caption: FormattedText::plain(""),
    };
    let sent = scene.send(content, None);
    let expected = format!(
        r#"{{"message_id":3,{start},"document":{{{},"file_name":"a.txt","mime_type":"text/plain","file_size":9}}}}"#,
        ids(&scene, document)
    );
    scene.expect(&scene.message(&sent), &expected);

    let sent = scene.send(chess(scene.bot), None);
    let expected = format!(
        r#"{{"message_id":4,{start},"game":{{"title":"chess","description":"chess","photo":[]}},"reply_markup":{{"inline_keyboard":[[{{"text":"Play chess","callback_game":{{}}}}]]}}}}"#
    );
    scene.expect(&scene.message(&sent), &expected);
    scene.press(Button::Game, false);
    assert!(scene.update().ends_with(r#","game_short_name":"chess"}}"#));
}

#[test]
fn scores_with_neighbours() {
    let mut scene = Scene::new();
    let game = scene.send(chess(scene.bot), None);
    let players: Vec<UserId> = (0..9).map(|at| scene.user(&at.to_string())).collect();
    for (score, user) in (1..).zip(&players) {
        scene.call(SetGameScore {
            bot: scene.bot,
            user: *user,
            score,
            force: false,
            disable_edit: true,
            target: Target::Message(Peer::User(scene.ann), game.id_for(scene.bot).unwrap()),
        });
    }
    let positions = |user| -> Vec<i64> {
        let scores = high_scores(&scene.world, game.key, user);
        scores.iter().map(|score| score.position).collect()
    };
    assert_eq!(positions(players[2]), [1, 2, 3, 5, 6, 7, 8, 9]);
    assert_eq!(positions(players[0]), [1, 2, 3, 7, 8, 9]);
    assert_eq!(positions(scene.ann), [1, 2, 3]);
}

#[test]
fn groups_and_channels() {
    let mut scene = Scene::new();
    let members = vec![scene.ann, scene.bot];
    let mut create = |kind| {
        scene.call(CreateChat {
            kind,
            title: "Home".into(),
            username: None,
            members: members.clone(),
        })
    };
    let (ChatId::Group(group), ChatId::Channel(channel)) =
        (create(ChatKind::Group), create(ChatKind::Channel))
    else {
        panic!();
    };
    let sent = scene.call(Send::text(scene.ann, Peer::Group(group), "/volume"));
    let number = sent.id_for(scene.bot).unwrap();
    let place = format!(r#"{{"id":-{group},"type":"group","title":"Home"}}"#);
    scene.expect(
        &scene.message(&sent),
        &format!(
            r#"{{"message_id":{number},"from":$ann,"date":1700000000,"chat":{place},"text":"/volume","entities":[{{"type":"bot_command","offset":0,"length":7}}]}}"#
        ),
    );
    let post = scene.call(Send::text(scene.ann, Peer::Channel(channel), "news"));
    let number = post.id_for(scene.bot).unwrap();
    let place = Peer::Channel(channel).chat_id();
    let place = format!(r#"{{"id":{place},"type":"channel","title":"Home"}}"#);
    scene.expect(
        &json(&update(
            &scene.world,
            scene.bot,
            UpdateId(1),
            &Update::Message(post),
        )),
        &format!(
            r#"{{"update_id":1,"channel_post":{{"message_id":{number},"sender_chat":{place},"date":1700000000,"chat":{place},"text":"news"}}}}"#
        ),
    );
    let member = |status| {
        let member = Member {
            status,
            since: T,
            until: (status == Status::Restricted).then_some(Time(1_700_000_060_999)),
        };
        json(&chat_member(
            &scene.world,
            Conversation::Group(GroupId(1)),
            scene.bot,
            member,
        ))
    };
    for (status, expected) in [
        (
            Status::Creator,
            r#"{"status":"creator","user":$bot,"is_anonymous":false}"#,
        ),
        (Status::Member, r#"{"status":"member","user":$bot}"#),
        (Status::Left, r#"{"status":"left","user":$bot}"#),
        (
            Status::Kicked,
            r#"{"status":"kicked","user":$bot,"until_date":0}"#,
        ),
    ] {
        scene.expect(&member(status), expected);
    }
    let muted = member(Status::Restricted);
    assert!(muted.contains(r#""is_member":true"#), "{muted}");
    assert!(muted.contains(r#""can_send_messages":false"#), "{muted}");
    assert!(muted.contains(r#""until_date":1700000060"#), "{muted}");
    assert!(member(Status::Administrator).contains(r#""can_pin_messages":true"#));
    let info = json(&chat_full_info(
        &scene.world,
        scene.bot,
        Conversation::Group(group),
    ));
    assert!(
        info.contains(r#""accent_color_id":0,"max_reaction_count":11,"#),
        "{info}"
    );
}

#[test]
fn a_bot_about_itself() {
    let scene = Scene::new();
    let me = json(&me(&scene.world, scene.bot));
    let expected = r#"{"id":77,"is_bot":true,"first_name":"Volume","username":"volumebot","can_join_groups":true,"can_read_all_group_messages":false,"#;
    assert!(me.starts_with(expected), "{me}");
    assert_eq!(
        json(&webhook_info(&scene.world, scene.bot)),
        r#"{"url":"","has_custom_certificate":false,"pending_update_count":1}"#
    );
}

#[test]
fn buttons_go_both_ways() {
    let switch = |query: &str, target| ButtonAction::SwitchInline {
        query: query.into(),
        target,
    };
    let chosen = InlineTarget::Chosen {
        users: true,
        bots: false,
        groups: true,
        channels: false,
    };
    let actions = [
        callback(b"d"),
        ButtonAction::Url("http://a.org".into()),
        ButtonAction::WebApp("https://a.org".into()),
        ButtonAction::Game,
        ButtonAction::Pay,
        switch("", InlineTarget::Any),
        switch("q", InlineTarget::Current),
        switch("q", chosen),
        ButtonAction::CopyText("c".into()),
        ButtonAction::Disabled,
    ];
    let mut row: Vec<InlineButton> = actions.map(|action| button("x", action)).into();
    row[0].style = Some(ButtonStyle::Danger);
    row[0].icon = Some(7);
    let markup = ReplyMarkup::Inline(InlineKeyboard {
        rows: vec![row],
        force_reply: true,
    });
    let text = json(&inline_markup(Some(&markup)));
    let read = crate::bot_api::decode::reply_markup(&text).unwrap();
    assert_eq!(read, Some(markup), "{text}");
    assert_eq!(
        json(&inline_markup(keyboard(&[0xff]).as_ref())),
        r#"{"inline_keyboard":[[{"text":"↑","callback_data":"INVALID"}]]}"#
    );
    assert_eq!(
        inline_markup(Some(&ReplyMarkup::Remove { selective: true })),
        None
    );
}

#[test]
fn films_recordings_and_stickers() {
    let described = Media {
        name: Some("a".into()),
        mime_type: Some("b/c".into()),
        width: 4,
        height: 3,
        duration: 7,
        performer: Some("P".into()),
        title: Some("T".into()),
        emoji: Some("👍".into()),
        ..Media::new(MediaKind::Video)
    };
    let start = r#""from":$bot,"date":1700000000,"chat":$chat"#;
    let document = r#""document":{$ids,"file_name":"a","mime_type":"b/c","file_size":9}"#;
    let words = r#","caption":"words","show_caption_above_media":true,"has_media_spoiler":true"#;
    for (kind, expected) in [
        (
            MediaKind::Video,
            format!(r#""video":{{$ids,"width":4,"height":3,"duration":7,"file_name":"a","mime_type":"b/c","file_size":9}}{words}"#),
        ),
        (
            MediaKind::Animation,
            format!(r#""animation":{{$ids,"width":4,"height":3,"duration":7,"file_name":"a","mime_type":"b/c","file_size":9}},{document}{words}"#),
        ),
        (
            MediaKind::Audio,
            r#""audio":{$ids,"duration":7,"performer":"P","title":"T","file_name":"a","mime_type":"b/c","file_size":9},"caption":"words""#.to_owned(),
        ),
        (
            MediaKind::Voice,
            r#""voice":{$ids,"duration":7,"mime_type":"b/c","file_size":9},"caption":"words""#.to_owned(),
        ),
        (
            MediaKind::VideoNote,
            r#""video_note":{$ids,"length":4,"duration":7,"file_size":9}"#.to_owned(),
        ),
        (
            MediaKind::Sticker,
            r#""sticker":{$ids,"type":"regular","width":4,"height":3,"is_animated":false,"is_video":false,"emoji":"👍","file_size":9}"#.to_owned(),
        ),
    ] {
        let mut scene = Scene::new();
        let media = Media { kind, ..described.clone() };
        let add = AddFile { digest: "d".into(), size: 9, kind: FileKind::Media(media) };
        let id = scene.call(add);
        let file = scene.world.file(id).unwrap();
        let (file_id, unique) = (file_id(file), file_unique_id(file));
        let content = Content::of_file(file, FormattedText::plain("words"), true, true);
        let sent = scene.send(content, None);
        let ids = format!(r#""file_id":"{file_id}","file_unique_id":"{unique}""#);
        let expected = format!(r#"{{"message_id":2,{start},{expected}}}"#).replace("$ids", &ids);
        let found: serde_json::Value = serde_json::from_str(&scene.message(&sent)).unwrap();
        // The order of the fields is the objects' own.
        let filled = scene.filled(&expected);
        assert_eq!(found, serde_json::from_str::<serde_json::Value>(&filled).unwrap(), "{kind:?}");
    }
}
