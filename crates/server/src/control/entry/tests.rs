use super::*;
use ringback_world::calls::Send;
use ringback_world::{
    Actor, Answer, ButtonAction, ChannelId, ChatKind, Error, InlineButton, InlineKeyboard, InlineMessageId,
    InlineQueryId, Message, MessageId, MessageKey, Outcome, Payload, Peer, PressId, ReplyMarkup, Seq,
    Settings, Status, Time, UpdateId, UpdateKind, Via, calls,
};
use serde_json::{Value, json};
use std::time::Duration;

const NOW: Time = Time(1_767_225_600_000);

/// Ann, a bot and a channel of both.
struct Scene {
    world: World,
    ann: UserId,
    bot: UserId,
    channel: ChatId,
}

impl Scene {
    fn new() -> Scene {
        let mut world = World::new(7, Settings::default(), NOW);
        let ann = calls::CreateUser {
            first_name: "Ann".into(),
            ..Default::default()
        };
        let ann = world.call(ann, NOW, None).0.unwrap();
        let bot = calls::CreateBot {
            username: "volume_bot".into(),
            ..Default::default()
        };
        let bot = world.call(bot, NOW, None).0.unwrap();
        let channel = calls::CreateChat {
            kind: ChatKind::Channel,
            title: "News".into(),
            username: None,
            members: vec![ann, bot],
        };
        let channel = world.call(channel, NOW, None).0.unwrap();
        Scene {
            world,
            ann,
            bot,
            channel,
        }
    }

    fn sent(&mut self, peer: Peer, text: &str) -> Arc<Message> {
        let button = InlineButton {
            text: "Up".into(),
            style: None,
            icon: None,
            action: ButtonAction::Callback {
                data: b"up".to_vec(),
                requires_password: false,
            },
        };
        let mut call = Send::text(self.ann, peer, text);
        call.markup = Some(ReplyMarkup::Inline(InlineKeyboard {
            rows: vec![vec![button]],
            force_reply: false,
        }));
        self.world.call(call, NOW, None).0.unwrap()
    }

    /// The fields of an entry of this kind, beyond those that all have.
    fn render(&self, actor: Actor, kind: Kind) -> Value {
        let entry = Arc::new(Entry {
            seq: Seq(9),
            time: NOW,
            actor,
            cause: Some(Seq(8)),
            kind,
        });
        let known = Known::in_world(std::slice::from_ref(&entry), &self.world);
        let line = known.render(&entry);
        assert!(!line.contains('\n'));
        let name = kind_name(&entry.kind);
        let actor = match actor {
            Actor::User(id) => format!(r#"{{"type":"user","id":{id}}}"#),
            Actor::Bot(id) => format!(r#"{{"type":"bot","id":{id}}}"#),
            Actor::Server => r#"{"type":"server"}"#.to_owned(),
        };
        let head = format!(r#"{{"seq":9,"time":1767225600000,"actor":{actor},"kind":"{name}","cause":8"#);
        assert!(line.starts_with(&head), "{line}");
        let mut value: Value = serde_json::from_str(&line).unwrap();
        let fields = value.as_object_mut().unwrap();
        for common in ["seq", "time", "actor", "cause"] {
            fields.remove(common);
        }
        value
    }
}

#[test]
fn people_and_chats() {
    let scene = Scene::new();
    let (ann, bot) = (scene.ann.0, scene.bot.0);
    let chat =
        json!({"id": crate::control::shapes::chat_id(scene.channel), "type": "channel", "title": "News"});
    assert_eq!(
        scene.render(Actor::Server, Kind::UserCreated(scene.ann)),
        json!({"kind": "user_created", "user": {"id": ann, "is_bot": false, "first_name": "Ann"}})
    );
    assert_eq!(
        scene.render(Actor::Server, Kind::BotCreated(scene.bot)),
        json!({"kind": "bot_created", "user": {"id": bot, "is_bot": true, "first_name": "volume_bot", "username": "volume_bot"}})
    );
    assert_eq!(
        scene.render(Actor::Server, Kind::ChatCreated(scene.channel)),
        json!({"kind": "chat_created", "chat": chat})
    );
    let ChatId::Channel(id) = scene.channel else {
        panic!()
    };
    let changed = Kind::MemberChanged {
        conversation: Conversation::Channel(id),
        user: scene.bot,
        status: Status::Administrator,
    };
    assert_eq!(
        scene.render(Actor::User(scene.ann), changed),
        json!({"kind": "member_changed", "chat": chat, "user": bot, "status": "administrator"})
    );
}

#[test]
fn messages() {
    let mut scene = Scene::new();
    let (ann, bot) = (scene.ann, scene.bot);
    let private = json!({"type": "private", "users": [ann.0, bot.0]});
    let message = scene.sent(Peer::User(bot), &"ä".repeat(300));
    let ids = json!({ann.to_string(): 1, bot.to_string(): 1});
    assert_eq!(
        scene.render(Actor::User(ann), Kind::MessageSent(Arc::clone(&message))),
        json!({"kind": "message_sent", "chat": private, "from": ann.0, "message_ids": ids, "text": "ä".repeat(256), "keyboard": true})
    );
    let edited = scene.render(Actor::User(ann), Kind::MessageEdited(Arc::clone(&message)));
    assert_eq!(edited["kind"], "message_edited");
    let deleted = Kind::MessageDeleted {
        conversation: message.conversation,
        key: MessageKey(1),
        ids: message.ids.clone(),
    };
    assert_eq!(
        scene.render(Actor::User(ann), deleted),
        json!({"kind": "message_deleted", "chat": private, "message_ids": ids})
    );
    let ChatId::Channel(id) = scene.channel else {
        panic!()
    };
    let post = scene.sent(Peer::Channel(id), "post");
    let channel = Peer::Channel(id).chat_id();
    assert_eq!(
        scene.render(Actor::User(ann), Kind::MessageSent(post)),
        json!({
            "kind": "message_sent", "chat": {"id": channel, "type": "channel", "title": "News"}, "from": ann.0,
            "message_ids": {channel.to_string(): 1}, "text": "post", "keyboard": true
        })
    );
    let action = Kind::ChatAction {
        conversation: message.conversation,
        from: bot,
        action: "typing".into(),
    };
    assert_eq!(
        scene.render(Actor::Bot(bot), action),
        json!({"kind": "chat_action", "chat": private, "from": bot.0, "action": "typing"})
    );
}

#[test]
fn presses() {
    let scene = Scene::new();
    let (from, bot) = (scene.ann, scene.bot);
    let press = |payload, inline_id, message| Kind::Press {
        press: PressId(1 << 51),
        from,
        bot: Some(bot),
        conversation: Some(Conversation::Private(from, bot)),
        message,
        inline_id,
        payload: Some(payload),
        button: Some("Up".into()),
        forged: false,
    };
    let private = json!({"type": "private", "users": [from.0, bot.0]});
    let id = 1_u64 << 51;
    assert_eq!(
        scene.render(
            Actor::User(from),
            press(Payload::Data(b"up".to_vec()), None, Some(MessageId(4)))
        ),
        json!({
            "kind": "press", "press_id": id, "from": from.0, "bot": bot.0, "chat": private, "message_id": 4,
            "data": "up", "button": "Up", "forged": false
        })
    );
    let inline = InlineMessageId {
        owner: from.0,
        id: 5,
        access_hash: 6,
    };
    let game = scene.render(
        Actor::User(from),
        press(Payload::Game("run".into()), Some(inline), None),
    );
    assert_eq!(game["game_short_name"], "run");
    assert_eq!(game["inline_message_id"], to_bot_api::inline_message_id(inline));
    let answer = Answer {
        text: Some("Louder".into()),
        show_alert: true,
        url: None,
        cache_time: 3,
    };
    let told = json!({"text": "Louder", "show_alert": true, "cache_time": 3});
    let answered = Kind::Answered {
        press: PressId(id),
        answer: answer.clone(),
    };
    assert_eq!(
        scene.render(Actor::Bot(bot), answered),
        json!({"kind": "answered", "press_id": id, "answer": told})
    );
    let timeout = json!({"code": 400, "message": "BOT_RESPONSE_TIMEOUT"});
    for (outcome, rest) in [
        (
            Outcome::Answered(answer.clone()),
            json!({"outcome": "answered", "answer": told}),
        ),
        (
            Outcome::Cached(answer),
            json!({"outcome": "cached", "answer": told}),
        ),
        (
            Outcome::TimedOut { edited: false },
            json!({"outcome": "timeout", "error": timeout}),
        ),
        (
            Outcome::TimedOut { edited: true },
            json!({"outcome": "timeout", "error": timeout, "edited": true}),
        ),
        (
            Outcome::Refused(Error::DataInvalid),
            json!({"outcome": "error", "error": {"code": 400, "message": "DATA_INVALID"}}),
        ),
    ] {
        let elapsed = Duration::from_millis(21);
        let finished = Kind::PressFinished {
            press: PressId(id),
            outcome,
            elapsed,
        };
        let mut wanted = json!({"kind": "press_finished", "press_id": id, "elapsed_ms": 21});
        wanted
            .as_object_mut()
            .unwrap()
            .extend(rest.as_object().unwrap().clone());
        assert_eq!(scene.render(Actor::User(from), finished), wanted);
    }
}

#[test]
fn updates_and_calls() {
    let scene = Scene::new();
    let bot = scene.bot;
    let (update, kind, press) = (UpdateId(77), UpdateKind::CallbackQuery, Some(PressId(5)));
    let base = json!({"bot": bot.0, "update_id": 77, "update": "callback_query", "press_id": 5});
    for (entry, name, via) in [
        (
            Kind::UpdateQueued {
                bot,
                update,
                kind,
                press,
            },
            "update_queued",
            None,
        ),
        (
            Kind::UpdateDelivered {
                bot,
                update,
                kind,
                press,
                via: Via::Polling,
            },
            "update_delivered",
            Some("polling"),
        ),
        (
            Kind::UpdateDelivered {
                bot,
                update,
                kind,
                press,
                via: Via::Webhook,
            },
            "update_delivered",
            Some("webhook"),
        ),
        (
            Kind::UpdateExpired {
                bot,
                update,
                kind,
                press,
            },
            "update_expired",
            None,
        ),
    ] {
        let mut wanted = base.clone();
        wanted["kind"] = name.into();
        if let Some(via) = via {
            wanted["via"] = via.into();
        }
        assert_eq!(scene.render(Actor::Server, entry), wanted);
    }
    let call = |params: &str| Kind::Call {
        bot,
        method: "sendMessage".into(),
        params: params.into(),
        press: Some(PressId(5)),
    };
    let fields = |params: Value| json!({"kind": "call", "bot": bot.0, "method": "sendMessage", "params": params, "press_id": 5});
    assert_eq!(
        scene.render(Actor::Bot(bot), call("{\"chat_id\":\n5}")),
        fields(json!({"chat_id": 5}))
    );
    assert_eq!(
        scene.render(Actor::Bot(bot), call("{\"chat_id\":")),
        fields(json!("{\"chat_id\":"))
    );
    let response = |ok, error_code, body: &str| Kind::Response {
        ok,
        error_code,
        body: body.into(),
        elapsed: Duration::from_micros(83),
    };
    assert_eq!(
        scene.render(Actor::Server, response(true, None, "{\"message_id\":3}")),
        json!({"kind": "response", "ok": true, "result": {"message_id": 3}, "elapsed_us": 83})
    );
    assert_eq!(
        scene.render(
            Actor::Server,
            response(false, Some(400), "Bad Request: chat not found")
        ),
        json!({"kind": "response", "ok": false, "error_code": 400, "description": "Bad Request: chat not found", "elapsed_us": 83})
    );
}

#[test]
fn everything_else() {
    let scene = Scene::new();
    let (from, bot) = (scene.ann, scene.bot);
    let query = InlineQueryId(-9_000_000_000_000_000_123);
    let asked = Kind::InlineQuery {
        query,
        from,
        bot,
        text: "cats".into(),
    };
    assert_eq!(
        scene.render(Actor::User(from), asked),
        json!({"kind": "inline_query", "inline_query_id": "-9000000000000000123", "from": from.0, "bot": bot.0, "query": "cats"})
    );
    assert_eq!(
        scene.render(
            Actor::Bot(bot),
            Kind::InlineAnswered {
                query,
                bot,
                results: 2
            }
        ),
        json!({"kind": "inline_answered", "inline_query_id": "-9000000000000000123", "bot": bot.0, "results": 2})
    );
    let failed = Kind::WebhookFailed {
        bot,
        update: UpdateId(3),
        error: "Connection refused".into(),
        retry_in: Duration::from_secs(2),
    };
    assert_eq!(
        scene.render(Actor::Server, failed),
        json!({"kind": "webhook_failed", "bot": bot.0, "update_id": 3, "error": "Connection refused", "retry_in_ms": 2000})
    );
    assert_eq!(
        scene.render(Actor::Bot(bot), Kind::Warning("twice".into())),
        json!({"kind": "warning", "text": "twice"})
    );
    assert_eq!(
        scene.render(Actor::Server, Kind::ClockAdvanced(Duration::from_secs(16))),
        json!({"kind": "clock_advanced", "by_ms": 16000})
    );
    let error = Error::Fault {
        code: 500,
        description: "Internal Server Error".into(),
        retry_after: None,
    };
    let fault = Kind::Fault {
        method: "getMe".into(),
        error: Some(error),
        delay: Duration::ZERO,
    };
    assert_eq!(
        scene.render(Actor::Server, fault),
        json!({"kind": "fault", "method": "getMe", "error": {"code": 500, "message": "Internal Server Error"}, "delay_ms": 0})
    );
    assert_eq!(
        scene.render(Actor::Server, Kind::Restarted),
        json!({"kind": "reset"})
    );
}

#[test]
fn what_the_world_has_forgotten() {
    let scene = Scene::new();
    let gone = Kind::UserCreated(UserId(1));
    assert_eq!(scene.render(Actor::Server, gone)["user"]["id"], 1);
    let chat = Conversation::Channel(ChannelId(1));
    let changed = Kind::MemberChanged {
        conversation: chat,
        user: UserId(1),
        status: Status::Left,
    };
    let rendered = scene.render(Actor::Server, changed);
    assert_eq!(rendered["chat"]["id"], -1_000_000_000_001_i64);
    assert_eq!(rendered["status"], "left");
}
