//! A stage for tests: Ann, Ben and a bot, one line for each thing that happens, and helpers that read like a play.
//!
//! After every call the whole world is [checked](World::check), so each test is also a test of that.

use ringback_world::calls::*;
use ringback_world::*;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// Midnight, 1 January 2026.
pub(crate) const START: Time = Time(1_767_225_600_000);

/// A world with three in it, and what they have seen.
pub(crate) struct Scene {
    pub(crate) world: World,
    pub(crate) now: Time,
    pub(crate) ann: UserId,
    pub(crate) ben: UserId,
    pub(crate) bot: UserId,
    /// What was to be sent to webhooks.
    pub(crate) sent: Vec<(UpdateId, Lane)>,
    /// What waiting `getUpdates` were told.
    pub(crate) signals: Vec<(PollId, PollSignal)>,
    /// The presses that ended.
    pub(crate) ended: Vec<PressId>,
    /// The latest callback query that the bot was given.
    pub(crate) query: Option<QueryId>,
    /// The latest inline query that the bot was given.
    pub(crate) inline: Option<InlineQueryId>,
    /// The journal since it was last looked at; each entry indented below its cause.
    lines: Vec<String>,
    depths: HashMap<Seq, usize>,
}

impl Scene {
    /// Ann, Ben and @volumebot, strangers to each other.
    pub(crate) fn empty() -> Scene {
        Scene::with(Settings::default())
    }

    /// The same under other settings.
    pub(crate) fn with(settings: Settings) -> Scene {
        let mut scene = Scene {
            world: World::new(7, settings, START),
            now: START,
            ann: UserId(0),
            ben: UserId(0),
            bot: UserId(0),
            sent: Vec::new(),
            signals: Vec::new(),
            ended: Vec::new(),
            query: None,
            inline: None,
            lines: Vec::new(),
            depths: HashMap::new(),
        };
        scene.ann = scene.person("Ann");
        scene.ben = scene.person("Ben");
        scene.bot = scene.call(named_bot("volumebot")).unwrap();
        scene.lines.clear();
        scene
    }

    /// Ann has started the bot, and it has sent her the volume with two buttons, as message 2 of both.
    pub(crate) fn started() -> Scene {
        let mut scene = Scene::empty();
        scene.start(scene.ann);
        scene.offer(scene.at(scene.ann), "Volume: 5", &["down", "up"]);
        scene.quiet();
        scene
    }

    pub(crate) fn person(&mut self, first_name: &str) -> UserId {
        let user = CreateUser {
            first_name: first_name.into(),
            ..CreateUser::default()
        };
        self.call(user).unwrap()
    }

    /// A group, supergroup or channel; the first member is its creator.
    pub(crate) fn chat(&mut self, kind: ChatKind, members: &[UserId]) -> Peer {
        let chat = CreateChat {
            kind,
            title: "Kitchen".into(),
            username: None,
            members: members.to_vec(),
        };
        match self.call(chat).unwrap() {
            ChatId::Group(id) => Peer::Group(id),
            ChatId::Channel(id) => Peer::Channel(id),
        }
    }

    pub(crate) fn set_member(&mut self, by: UserId, chat: Peer, user: UserId, status: Status) {
        let chat = match chat {
            Peer::Group(id) => ChatId::Group(id),
            Peer::Channel(id) => ChatId::Channel(id),
            Peer::User(_) => panic!("a private chat has no members"),
        };
        let by = Some(by);
        self.call(SetMember {
            by,
            chat,
            user,
            status,
        })
        .unwrap();
    }

    /// Lets something happen now, and notes what follows from it.
    pub(crate) fn call<C: Call>(&mut self, call: C) -> Result<C::Output, Error> {
        self.call_because(None, call)
    }

    /// The same, as a consequence of a journal entry.
    pub(crate) fn call_because<C: Call>(&mut self, cause: Option<Seq>, call: C) -> Result<C::Output, Error> {
        let (result, effects) = self.world.call(call, self.now, cause);
        self.note(effects);
        result
    }

    /// What the Bot API would answer: `ok`, or the error's code and text.
    pub(crate) fn told<C: Call>(&mut self, call: C) -> String {
        told(self.call(call))
    }

    pub(crate) fn advance(&mut self, seconds: u64) {
        self.advance_ms(seconds * 1000);
    }

    pub(crate) fn advance_ms(&mut self, ms: u64) {
        self.now = self.now + Duration::from_millis(ms);
        self.call(Tick).unwrap();
    }

    // ── writing ──

    /// The private chat with someone.
    pub(crate) fn at(&self, other: UserId) -> Peer {
        Peer::User(other)
    }

    pub(crate) fn start(&mut self, user: UserId) {
        self.say(user, Peer::User(self.bot), "/start");
    }

    /// Someone writes; the number is theirs.
    pub(crate) fn say(&mut self, from: UserId, peer: Peer, text: &str) -> MessageId {
        let message = self.call(Send::text(from, peer, text)).unwrap();
        message.id_for(from).unwrap()
    }

    /// The bot sends a text with buttons whose data are their labels; the number is the bot's.
    pub(crate) fn offer(&mut self, peer: Peer, text: &str, labels: &[&str]) -> MessageId {
        let send = Send {
            markup: Some(ReplyMarkup::Inline(keyboard(labels))),
            ..Send::text(self.bot, peer, text)
        };
        self.call(send).unwrap().id_for(self.bot).unwrap()
    }

    /// The bot edits a message of its own.
    pub(crate) fn edit(&mut self, peer: Peer, id: MessageId, text: &str, labels: &[&str]) -> String {
        self.told(Edit {
            by: self.bot,
            target: Target::Message(peer, id),
            change: Change::Text(FormattedText::plain(text)),
            keyboard: (!labels.is_empty()).then(|| keyboard(labels)),
        })
    }

    pub(crate) fn delete(&mut self, by: UserId, peer: Peer, id: MessageId) -> String {
        self.told(Delete {
            by,
            peer,
            messages: vec![id],
            lenient: false,
        })
    }

    // ── pressing ──

    /// Ann presses in her chat with the bot, on the newest message with buttons.
    pub(crate) fn press(&mut self, label: &str) -> PressId {
        self.press_as(self.ann, Peer::User(self.bot), label)
    }

    pub(crate) fn press_as(&mut self, from: UserId, peer: Peer, label: &str) -> PressId {
        self.press_with(press(from, peer, Button::Text(label.into())))
    }

    pub(crate) fn press_with(&mut self, press: PressButton) -> PressId {
        self.call(press).unwrap()
    }

    /// What became of a press, in a few words.
    pub(crate) fn outcome(&self, press: PressId) -> String {
        match &self.world.press(press).expect("is kept").end {
            None => "waiting".into(),
            Some((_, outcome)) => outcome_line(outcome),
        }
    }

    // ── the bot ──

    /// Takes and confirms everything that waits for the bot.
    pub(crate) fn bot_updates(&mut self) -> Vec<String> {
        self.updates_of(self.bot)
    }

    pub(crate) fn updates_of(&mut self, bot: UserId) -> Vec<String> {
        let given = self.poll(bot, 0).unwrap();
        if let Some(last) = given.last() {
            self.poll(bot, last.id.0 + 1).unwrap();
        }
        given
            .iter()
            .map(|given| self.update_line(bot, &given.update))
            .collect()
    }

    /// One `getUpdates` that does not wait.
    pub(crate) fn poll(&mut self, bot: UserId, offset: i32) -> Result<Vec<Delivery>, Error> {
        let given = self.call(get_updates(bot, offset));
        for delivery in given.iter().flatten() {
            match &*delivery.update {
                Update::CallbackQuery { query, .. } => self.query = Some(*query),
                Update::InlineQuery { query, .. } => self.inline = Some(*query),
                _ => {}
            }
        }
        given
    }

    /// The bot answers the latest query that it took.
    pub(crate) fn answer(&mut self, text: &str) -> String {
        let answer = self.reply(text);
        self.told(answer)
    }

    /// That answer, to be changed.
    pub(crate) fn reply(&self, text: &str) -> AnswerCallbackQuery {
        AnswerCallbackQuery {
            bot: self.bot,
            query: self.query.unwrap_or(QueryId(0)),
            text: Some(text.into()),
            show_alert: false,
            url: None,
            cache_time: 0,
        }
    }

    /// The bot gets a webhook, reached over at most so many connections.
    pub(crate) fn webhook(&mut self, max_connections: u32) {
        let call = set_webhook(self.bot, max_connections);
        self.call(call).unwrap();
    }

    /// The bot's webhook takes an update, or fails.
    pub(crate) fn webhook_result(&mut self, (update, lane): (UpdateId, Lane), outcome: WebhookOutcome) {
        let url = HOOK.into();
        let bot = self.bot;
        self.call(WebhookResult {
            bot,
            url,
            update,
            lane,
            outcome,
        })
        .unwrap();
    }

    /// What was to be sent to the webhook since this was last asked.
    pub(crate) fn sent_lines(&mut self) -> Vec<String> {
        let sent = std::mem::take(&mut self.sent);
        sent.iter().map(|(id, _)| self.waiting_line(*id)).collect()
    }

    fn waiting_line(&self, id: UpdateId) -> String {
        let waiting = self.world.bot(self.bot).and_then(|bot| bot.queue.get(id));
        waiting.map_or("gone".into(), |waiting| {
            self.update_line(self.bot, &waiting.update)
        })
    }

    // ── looking ──

    /// Forgets what happened so far.
    pub(crate) fn quiet(&mut self) {
        self.bot_updates();
        self.lines.clear();
        self.sent.clear();
        self.ended.clear();
        self.signals.clear();
    }

    /// What happened since this was last asked, each line below its cause.
    pub(crate) fn journal(&mut self) -> String {
        std::mem::take(&mut self.lines).join("\n")
    }

    /// What someone sees in a chat, oldest first.
    pub(crate) fn sees(&self, viewer: UserId, peer: Peer) -> Vec<String> {
        let mut seen: Vec<String> = self
            .world
            .history(viewer, peer)
            .map(|m| self.message_line(viewer, m))
            .collect();
        seen.reverse();
        seen
    }

    fn note(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Journal(entry) => {
                    let depth = entry
                        .cause
                        .and_then(|cause| self.depths.get(&cause))
                        .map_or(0, |depth| depth + 1);
                    self.depths.insert(entry.seq, depth);
                    self.lines
                        .push(format!("{}{}", "  ".repeat(depth), self.entry_line(&entry)));
                }
                Effect::Poll(poll, signal) => self.signals.push((poll, signal)),
                Effect::Deliver { update, lane, .. } => self.sent.push((update, lane)),
                Effect::PressEnded(press) => self.ended.push(press),
                Effect::InlineEnded(_)
                | Effect::Mail { .. }
                | Effect::Aside { .. }
                | Effect::BotUpdate { .. } => {}
            }
        }
        self.world.check().unwrap();
    }

    pub(crate) fn name(&self, user: UserId) -> String {
        self.world
            .user(user)
            .map_or("nobody".into(), |user| user.first_name.clone())
    }

    fn message_line(&self, viewer: UserId, message: &Message) -> String {
        let from = match message.sender {
            Sender::User(user) => self.name(user),
            Sender::Chat { .. } => "the channel".into(),
        };
        let id = message.id_for(viewer).map_or("?".into(), |id| id.to_string());
        let mut line = format!("{id} {from}: {}", self.content_line(&message.content));
        if let Some(bot) = message.via_bot {
            line += &format!(" via {}", self.name(bot));
        }
        if let Some(keyboard) = message.keyboard() {
            let labels: Vec<&str> = keyboard.buttons().map(|button| button.text.as_str()).collect();
            line += &format!(" [{}]", labels.join("|"));
        }
        line
    }

    fn content_line(&self, content: &Content) -> String {
        match content {
            Content::Text(text) => text.text.clone(),
            Content::Photo { caption, .. } => format!("photo {}", caption.text),
            Content::Document { caption, .. } => format!("document {}", caption.text),
            Content::Media { kind, caption, .. } => {
                format!("{} {}", kind.name().to_lowercase(), caption.text)
            }
            Content::Game { short_name, text, .. } => format!("game {short_name} {text:?}"),
            Content::Dice { emoji, value } => format!("{emoji} {value}"),
            Content::Contact(contact) => format!("contact {} {}", contact.first_name, contact.phone),
            Content::Location(point) => format!("at {} {}", point.latitude.0, point.longitude.0),
            Content::Venue(venue) => format!("at {}", venue.title),
            Content::Service(Service::Created(title)) => format!("* {title} begins"),
            Content::Service(Service::Joined(users)) => format!("* {} comes", self.name(users[0])),
            Content::Service(Service::Left(user)) => format!("* {} goes", self.name(*user)),
            Content::Service(Service::GameScore {
                short_name, score, ..
            }) => {
                format!("* {score} in {short_name}")
            }
            Content::Service(Service::Renamed(title)) => format!("* now {title}"),
            Content::Service(Service::Pinned(key)) => {
                let words = self
                    .world
                    .message(*key)
                    .and_then(|message| message.content.words());
                format!(
                    "* pins {}",
                    words.map_or("something", |words| words.text.as_str())
                )
            }
        }
    }

    /// One update as its bot would read it.
    pub(crate) fn update_line(&self, bot: UserId, update: &Update) -> String {
        let kind = update.kind().name();
        let rest = match update {
            Update::Message(message) | Update::EditedMessage(message) => self.message_line(bot, message),
            Update::CallbackQuery {
                from,
                message,
                inline_id,
                payload,
                ..
            } => {
                let on = match (inline_id, message.id_for(bot)) {
                    (Some(_), _) => "an inline message".into(),
                    (None, Some(id)) if self.world.is_accessible(bot, message) => id.to_string(),
                    (None, id) => format!("{} which is inaccessible", id.map_or(0, |id| id.0)),
                };
                format!("{}: {} on {on}", self.name(*from), payload_line(payload))
            }
            Update::InlineQuery { from, text, .. } => format!("{}: {text:?}", self.name(*from)),
            Update::ChosenInlineResult {
                from,
                result,
                inline_id,
                ..
            } => {
                let named = if inline_id.is_some() { ", to be edited" } else { "" };
                format!("{}: {result}{named}", self.name(*from))
            }
            Update::MyChatMember(change) | Update::ChatMember(change) => {
                let (by, user) = (self.name(change.by), self.name(change.user));
                format!("{user} {:?} → {:?} by {by}", change.old.status, change.new.status)
            }
        };
        format!("{kind} {rest}")
    }

    fn entry_line(&self, entry: &Entry) -> String {
        use journal::Kind;
        match &entry.kind {
            Kind::MessageSent(message) => format!("sent {}", self.message_line(self.bot, message)),
            Kind::MessageEdited(message) => format!("edited {}", self.message_line(self.bot, message)),
            Kind::MessageDeleted { ids, .. } => format!("deleted {}", ids[0].1),
            Kind::Press {
                from,
                button,
                payload,
                ..
            } => {
                let what = match (button, payload) {
                    (Some(label), _) => format!("[{label}]"),
                    (None, Some(payload)) => format!("forged {}", payload_line(payload)),
                    (None, None) => "something".into(),
                };
                format!("{} presses {what}", self.name(*from))
            }
            Kind::UpdateQueued { kind, .. } => format!("{} queued", kind.name()),
            Kind::UpdateDelivered { kind, via, .. } => format!("{} delivered by {via:?}", kind.name()),
            Kind::UpdateExpired { kind, .. } => format!("{} expired", kind.name()),
            Kind::Call { method, .. } => format!("call {method}"),
            Kind::Response { ok, .. } => format!("response {}", if *ok { "ok" } else { "error" }),
            Kind::Answered { answer, .. } => format!("answer {}", answer_line(answer)),
            Kind::PressFinished { outcome, elapsed, .. } => {
                format!("press {} after {:?}", outcome_line(outcome), elapsed)
            }
            Kind::MemberChanged { user, status, .. } => format!("{} is {status:?}", self.name(*user)),
            Kind::ChatAction { from, action, .. } => format!("{} {action}", self.name(*from)),
            Kind::InlineQuery { from, text, .. } => format!("{} types {text:?}", self.name(*from)),
            Kind::InlineAnswered { results, .. } => format!("{results} results"),
            Kind::WebhookFailed { error, retry_in, .. } => {
                format!("webhook failed: {error}, again in {retry_in:?}")
            }
            Kind::Warning(text) => format!(
                "warning: {}",
                text.split(' ').take(2).collect::<Vec<_>>().join(" ")
            ),
            other => format!("{other:?}"),
        }
    }
}

pub(crate) fn told<T>(result: Result<T, Error>) -> String {
    match result {
        Ok(_) => "ok".into(),
        Err(error) => {
            let BotApiError {
                code, description, ..
            } = error.bot_api();
            format!("{code} {description}")
        }
    }
}

pub(crate) fn outcome_line(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Answered(answer) => format!("answered {}", answer_line(answer)),
        Outcome::Cached(answer) => format!("cached {}", answer_line(answer)),
        Outcome::TimedOut { edited: false } => "timed out".into(),
        Outcome::TimedOut { edited: true } => "timed out, but edited".into(),
        Outcome::Refused(error) => format!("refused {error}"),
    }
}

fn answer_line(answer: &Answer) -> String {
    let mut line = format!("{:?}", answer.text.as_deref().unwrap_or_default());
    if answer.show_alert {
        line += " as an alert";
    }
    if let Some(url) = &answer.url {
        line += &format!(" opening {url}");
    }
    line
}

fn payload_line(payload: &Payload) -> String {
    match payload {
        Payload::Data(data) => format!("{:?}", String::from_utf8_lossy(data)),
        Payload::Game(name) => format!("game {name}"),
    }
}

pub(crate) const HOOK: &str = "http://127.0.0.1/hook";

pub(crate) fn set_webhook(bot: UserId, max_connections: u32) -> SetWebhook {
    SetWebhook {
        bot,
        config: WebhookConfig {
            url: HOOK.into(),
            secret_token: None,
            max_connections,
            has_custom_certificate: false,
            ip_address: None,
        },
        allowed: None,
        drop_pending: false,
    }
}

pub(crate) fn get_updates(bot: UserId, offset: i32) -> GetUpdates {
    GetUpdates {
        bot,
        poll: PollId(1),
        offset,
        limit: 100,
        allowed: None,
        waits: false,
    }
}

pub(crate) fn named_bot(username: &str) -> CreateBot {
    CreateBot {
        username: username.into(),
        ..CreateBot::default()
    }
}

/// A plain press on the newest message with buttons.
pub(crate) fn press(from: UserId, peer: Peer, button: Button) -> PressButton {
    PressButton {
        from,
        peer,
        message: None,
        button,
        forge: false,
        client_cache: true,
        proof: Proof::None,
    }
}

pub(crate) fn button(label: &str) -> InlineButton {
    InlineButton {
        text: label.into(),
        style: None,
        icon: None,
        action: ButtonAction::Callback {
            data: label.into(),
            requires_password: false,
        },
    }
}

/// One row of buttons whose data are their labels.
pub(crate) fn keyboard(labels: &[&str]) -> InlineKeyboard {
    InlineKeyboard {
        rows: vec![labels.iter().map(|label| button(label)).collect()],
        force_reply: false,
    }
}

pub(crate) fn wanted(kinds: &[&str]) -> Option<AllowedUpdates> {
    let names = kinds.iter().map(|kind| kind.to_string()).collect();
    Some(AllowedUpdates::named(names, |name| name != "nonsense"))
}

/// The text without the indentation that all its lines share, and without empty lines around it.
pub(crate) fn block(text: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let indent = lines
        .iter()
        .map(|line| line.len() - line.trim_start().len())
        .min()
        .unwrap_or(0);
    let lines: Vec<&str> = lines.iter().map(|line| line[indent..].trim_end()).collect();
    lines.join("\n")
}

/// The message that came of a call.
pub(crate) fn id_for(message: &Arc<Message>, viewer: UserId) -> MessageId {
    message.id_for(viewer).unwrap()
}
