//! Lets steps happen in a world and keeps what they showed.

use crate::steps::{Cast, Step, Which, keyboard};
use ringback_world::calls::*;
use ringback_world::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::fmt::Write;

pub(crate) const HOOK: &str = "http://127.0.0.1/hook";
const START: Time = Time(1_767_225_600_000);

/// A world, and what was seen of it.
#[derive(Clone)]
pub(crate) struct Run {
    pub(crate) world: World,
    pub(crate) now: Time,
    /// Every effect, as text: what must be the same twice.
    pub(crate) log: String,
    /// Every event: what a world can be made of again.
    pub(crate) inputs: Vec<Input>,
    /// What the callers were told, without what is numbered across the world.
    pub(crate) told: Vec<String>,
    pub(crate) presses: Vec<PressId>,
    pub(crate) ended: Vec<PressId>,
    queries: Vec<QueryId>,
    inline_queries: Vec<InlineQueryId>,
    inline_messages: Vec<InlineMessageId>,
    sent: Vec<(UserId, UpdateId, Lane)>,
    pressers: BTreeMap<PressId, UserId>,
    /// The latest press that each bot was given of each user.
    delivered: BTreeMap<(UserId, UserId), UpdateId>,
    seqs: BTreeSet<Seq>,
}

/// Two companies that know nothing of each other: two people and a bot each, in a group, a supergroup and a channel
/// of their own, each person already talking to the bot.
pub(crate) fn new(seed: u64) -> (Run, [Cast; 2]) {
    let mut run = Run {
        world: World::new(seed, Settings::default(), START),
        now: START,
        log: String::new(),
        inputs: Vec::new(),
        told: Vec::new(),
        presses: Vec::new(),
        ended: Vec::new(),
        queries: Vec::new(),
        inline_queries: Vec::new(),
        inline_messages: Vec::new(),
        sent: Vec::new(),
        pressers: BTreeMap::new(),
        delivered: BTreeMap::new(),
        seqs: BTreeSet::new(),
    };
    run.files();
    let casts = ["one", "two"].map(|name| run.company(name));
    (run, casts)
}

/// The first company, one stranger to it, the other company's bot, and some that do not exist.
pub(crate) fn everyone([one, two]: &[Cast; 2]) -> Cast {
    Cast {
        people: [&one.people[..], &one.people[..], &two.people[..1]].concat(),
        bots: [one.bots.repeat(4), two.bots.clone()].concat(),
        chats: one.chats.clone(),
        nonsense: true,
    }
}

impl Run {
    /// A few files, which anyone may send.
    fn files(&mut self) {
        let document = FileKind::Document {
            name: None,
            mime_type: None,
        };
        let photo = FileKind::Photo { width: 2, height: 1 };
        let [film, sticker] =
            [MediaKind::Video, MediaKind::Sticker].map(|kind| FileKind::Media(Media::new(kind)));
        for kind in [photo, document, film, sticker] {
            let file = AddFile {
                digest: "bytes".into(),
                size: 5,
                kind,
            };
            self.world.call(file, self.now, None).0.unwrap();
        }
    }

    /// Something with a file, or, rarely, with none that there is.
    pub(crate) fn with_file(&self, n: u8, caption: FormattedText) -> Content {
        let files: Vec<&File> = self.world.files().collect();
        match files.get(n as usize % (files.len() + 1)) {
            Some(file) => Content::of_file(file, caption, n.is_multiple_of(5), n.is_multiple_of(7)),
            None => Content::Document {
                file: FileId(n.into()),
                caption,
            },
        }
    }

    fn company(&mut self, name: &str) -> Cast {
        let now = self.now;
        let person = |first_name: &str| CreateUser {
            first_name: first_name.into(),
            ..CreateUser::default()
        };
        let people: Vec<UserId> = ["Ann", "Ben"]
            .iter()
            .map(|name| self.world.call(person(name), now, None).0.unwrap())
            .collect();
        let bot = CreateBot {
            username: format!("{name}bot"),
            ..CreateBot::default()
        };
        let bot = self.world.call(bot, now, None).0.unwrap();
        let mut chats = Vec::new();
        for kind in [ChatKind::Group, ChatKind::Supergroup, ChatKind::Channel] {
            let members = vec![people[0], people[1], bot];
            let chat = CreateChat {
                kind,
                title: "chat".into(),
                username: None,
                members,
            };
            let chat = self.world.call(chat, now, None).0.unwrap();
            chats.push(chat);
        }
        let mut peers = vec![Peer::User(people[0]), Peer::User(people[1])];
        peers.extend(chats.iter().map(|chat| match chat {
            ChatId::Group(id) => Peer::Group(*id),
            ChatId::Channel(id) => Peer::Channel(*id),
        }));
        for person in &people {
            let start = Send::text(*person, Peer::User(bot), "/start");
            self.world.call(start, now, None).0.unwrap();
        }
        for peer in peers {
            let markup = keyboard(3).map(ReplyMarkup::Inline);
            let offer = Send {
                markup,
                ..Send::text(bot, peer, "offer")
            };
            self.world.call(offer, now, None).0.unwrap();
        }
        Cast {
            people,
            bots: vec![bot],
            chats,
            nonsense: false,
        }
    }

    /// Mostly one that is open.
    pub(crate) fn query(&self, n: u8) -> QueryId {
        let is_open = |id: &&QueryId| {
            let query = self.world.callback_query(**id);
            n >= 200 || query.is_some_and(|query| query.state.is_open())
        };
        let mut latest = self.queries.iter().rev().filter(is_open);
        latest.nth(n as usize % 3).copied().unwrap_or(QueryId(n.into()))
    }

    pub(crate) fn inline_query(&self, n: u8) -> InlineQueryId {
        self.inline_queries
            .iter()
            .rev()
            .nth(n as usize % 3)
            .copied()
            .unwrap_or(InlineQueryId(n.into()))
    }

    pub(crate) fn sent(&self, n: u8) -> Option<(UserId, UpdateId, Lane)> {
        self.sent.iter().rev().nth(n as usize % 4).copied()
    }

    pub(crate) fn message(&self, viewer: UserId, peer: Peer, which: Which) -> MessageId {
        match which {
            Which::Number(number) => MessageId(number),
            Which::Newest(n) => {
                let found = self.world.history(viewer, peer).nth(n as usize % 4);
                found
                    .and_then(|message| message.id_for(viewer))
                    .unwrap_or(MessageId(1))
            }
        }
    }

    pub(crate) fn target(&self, by: UserId, peer: Peer, message: Which, inline: Option<u8>) -> Target {
        let nothing = InlineMessageId {
            owner: 1,
            id: 1,
            access_hash: 1,
        };
        match inline {
            None => Target::Message(peer, self.message(by, peer, message)),
            Some(n) => {
                let known = self.inline_messages.iter().rev().nth(n as usize % 3);
                Target::Inline(known.copied().unwrap_or(nothing))
            }
        }
    }

    /// Lets one step happen, and looks whether all is well.
    pub(crate) fn step(&mut self, cast: &Cast, step: &Step) {
        self.now = self.now + step.after;
        let event = step.what.event(self, cast);
        let now = if step.clock_back { Time(0) } else { self.now };
        self.inputs.push(Input {
            now,
            cause: None,
            event: event.clone(),
        });
        let mut untouched = self.world.clone();
        let refused = self.dispatch(event, now);
        self.world.check().unwrap();
        if refused {
            // Whatever was due has happened; nothing else.
            untouched.call(Tick, now, None).0.unwrap();
            assert!(self.world == untouched, "refused, and yet something changed");
        }
    }

    /// What is due at once happens now, and not at the beginning of someone else's step.
    pub(crate) fn settle(&mut self) {
        self.dispatch(Tick.into(), self.now);
    }

    /// Time goes on until nothing is due any more.
    pub(crate) fn finish(&mut self) {
        self.now = Time(u64::MAX);
        self.dispatch(Tick.into(), self.now);
        self.world.check().unwrap();
        assert_eq!(self.world.next_due(), None);
    }

    fn call<C: Call>(&mut self, call: C, now: Time) -> Result<C::Output, Error> {
        let (result, effects) = self.world.call(call, now, None);
        for effect in effects {
            self.note(effect);
        }
        result
    }

    /// Whether the event was refused.
    fn dispatch(&mut self, event: Event, now: Time) -> bool {
        macro_rules! each {
            ($($name:ident)*) => {
                match event {
                    // What is shown of these are ids that must not depend on strangers.
                    Event::PressButton(call) => {
                        let from = call.from;
                        let press = self.call(call, now);
                        if let Ok(press) = press {
                            self.pressed(press, from);
                        }
                        self.tell(press)
                    }
                    Event::AskInline(call) => {
                        let query = self.call(call, now);
                        self.inline_queries.extend(&query);
                        self.tell(query)
                    }
                    Event::GetUpdates(call) => {
                        let bot = call.bot;
                        let given = self.call(call, now);
                        for given in given.iter().flatten() {
                            self.in_time(bot, given.id);
                        }
                        let ids = given.map(|given| given.iter().map(|given| given.id).collect::<Vec<_>>());
                        self.tell(ids)
                    }
                    Event::Send(call) => { let sent = self.call(call, now); self.tell_message(sent) }
                    Event::Copy(call) => { let sent = self.call(call, now); self.tell_message(sent) }
                    Event::Edit(call) => { let sent = self.call(call, now); self.tell_message(sent) }
                    Event::Forwarding(call) => { let sent = self.call(call, now); self.tell_message(sent) }
                    Event::SetGameScore(call) => { let sent = self.call(call, now); self.tell_message(sent) }
                    Event::SendInlineResult(call) => { let sent = self.call(call, now); self.tell_message(sent) }
                    Event::ForwardAll(call) => { let sent = self.call(call, now).map(|sent| sent.len()); self.tell(sent) }
                    Event::Pin(call) => { let pinned = self.call(call, now).map(drop); self.tell(pinned) }
                    Event::Called(call) => { let called = self.call(call, now).map(|called| called.fault); self.tell(called) }
                    $(Event::$name(call) => { let result = self.call(call, now); self.tell(result) })*
                    other => panic!("an event that this test does not know: {other:?}"),
                }
            };
        }
        each! {
            AddFile Advanced AnswerCallbackQuery AnswerInlineQuery Block ChangeMember ChatAction ClosePoll
            Configure CreateBot CreateChat CreateLink CreateUser Delete DeleteCommands DeleteWebhook Forget LogOut
            Moderate Promote ReplaceLink Responded Restart SetAdminTitle SetCommands SetDefaultRights SetDescription
            SetFaults SetMember SetMenuButton SetWebhook TakeFault Tick UseToken WebhookResult
        }
    }

    fn tell<T: Debug>(&mut self, result: Result<T, Error>) -> bool {
        self.told.push(format!("{result:?}"));
        result.is_err()
    }

    fn tell_message(&mut self, result: Result<std::sync::Arc<Message>, Error>) -> bool {
        self.tell(result.map(|message| (message.ids.clone(), message.inline_id)))
    }

    fn pressed(&mut self, press: PressId, from: UserId) {
        assert!(!self.presses.contains(&press), "the same press id twice");
        self.presses.push(press);
        // Not even kept, if no ended presses are kept.
        let query = self.world.press(press).and_then(|press| press.query);
        let query = query.and_then(|query| self.world.callback_query(query));
        if let Some(query) = query {
            self.queries.push(query.id);
            self.told
                .push(format!("{:?} in {}", query.id, query.chat_instance));
        }
        assert_eq!(self.pressers.get(&press), Some(&from));
    }

    /// An update that is handed over still has time left.
    fn in_time(&self, bot: UserId, update: UpdateId) {
        let waiting = self.world.bot(bot).unwrap().queue.get(update).unwrap();
        let now = self.world.now();
        assert!(
            waiting.expires > now || now == Time(u64::MAX),
            "delivered after its time"
        );
    }

    fn note(&mut self, effect: Effect) {
        writeln!(self.log, "{effect:?}").unwrap();
        match effect {
            Effect::Journal(entry) => {
                assert!(self.seqs.insert(entry.seq), "the same place in the journal twice");
                let order = entry.cause.is_none_or(|cause| cause < entry.seq);
                assert!(order, "an effect before its cause");
                match entry.kind {
                    journal::Kind::Press { press, from, .. } => {
                        self.pressers.insert(press, from);
                    }
                    journal::Kind::UpdateDelivered {
                        bot,
                        update,
                        press: Some(press),
                        ..
                    } => {
                        let from = self.pressers[&press];
                        let before = self.delivered.insert((bot, from), update);
                        assert!(
                            before.is_none_or(|before| before < update),
                            "presses of one user out of order"
                        );
                    }
                    journal::Kind::MessageSent(message) => self.inline_messages.extend(message.inline_id),
                    _ => {}
                }
            }
            Effect::Deliver { bot, update, lane } => self.sent.push((bot, update, lane)),
            Effect::PressEnded(press) => self.ended.push(press),
            Effect::Poll(..)
            | Effect::InlineEnded(_)
            | Effect::Mail { .. }
            | Effect::Aside { .. }
            | Effect::BotUpdate { .. } => {}
        }
    }
}
