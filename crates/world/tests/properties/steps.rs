//! Random but plausible events: small numbers that are made into events when their turn comes, because what is
//! plausible depends on what has happened.

use crate::run::Run;
use proptest::prelude::*;
use ringback_world::calls::*;
use ringback_world::*;
use std::time::Duration;

/// Who and where a sequence is about: small numbers choose from these, round and round.
#[derive(Clone, Debug)]
pub(crate) struct Cast {
    pub(crate) people: Vec<UserId>,
    pub(crate) bots: Vec<UserId>,
    pub(crate) chats: Vec<ChatId>,
    /// The rarest choices choose what is nowhere instead.
    pub(crate) nonsense: bool,
}

fn choose<T: Clone>(from: &[T], n: u8) -> T {
    from[n as usize % from.len()].clone()
}

impl Cast {
    fn nonsense(&self, n: u8) -> bool {
        self.nonsense && n >= 252
    }

    fn person(&self, n: u8) -> UserId {
        let nobody = [UserId(0), UserId(i64::MIN)];
        choose(if self.nonsense(n) { &nobody } else { &self.people }, n)
    }

    fn bot(&self, n: u8) -> UserId {
        let nobody = [UserId(9)];
        choose(if self.nonsense(n) { &nobody } else { &self.bots }, n)
    }

    fn anyone(&self, n: u8) -> UserId {
        if n.is_multiple_of(2) {
            self.person(n)
        } else {
            self.bot(n)
        }
    }

    fn chat(&self, n: u8) -> ChatId {
        choose(
            if self.nonsense(n) {
                &[ChatId::Group(GroupId(1))]
            } else {
                &self.chats
            },
            n,
        )
    }

    /// Half the time someone of the other sort, a quarter one of one's own, a quarter a chat.
    fn peer(&self, from: UserId, n: u8) -> Peer {
        if self.nonsense(n) {
            let nowhere = [
                Peer::User(UserId(-1)),
                Peer::Group(GroupId(0)),
                Peer::Channel(ChannelId(i64::MAX)),
            ];
            return choose(&nowhere, n);
        }
        let (kind, n) = (n % 16, n / 16);
        match kind {
            0..8 if self.bots.contains(&from) => Peer::User(self.person(n)),
            0..8 => Peer::User(self.bot(n)),
            8 => Peer::User(self.anyone(n)),
            _ => match self.chat(n) {
                ChatId::Group(id) => Peer::Group(id),
                ChatId::Channel(id) => Peer::Channel(id),
            },
        }
    }
}

/// Something, some time after what was before.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) after: Duration,
    /// The edge's clock goes wrong and says 1970.
    pub(crate) clock_back: bool,
    pub(crate) what: What,
}

/// Who, where and which are numbers into the [`Cast`] and what the [`Run`] has seen.
#[derive(Clone, Debug)]
pub(crate) enum What {
    Say {
        who: u8,
        to: u8,
        text: u8,
        reply: Option<Which>,
    },
    Offer {
        bot: u8,
        to: u8,
        labels: u8,
    },
    Game {
        bot: u8,
        to: u8,
    },
    Press {
        who: u8,
        to: u8,
        message: Option<Which>,
        button: u8,
        forge: bool,
        cache: bool,
    },
    Answer {
        bot: u8,
        query: u8,
        text: u8,
        cache_time: i64,
    },
    Poll {
        bot: u8,
        poll: u64,
        offset: Offset,
        limit: i64,
        kinds: Option<u8>,
        waits: bool,
    },
    ClosePoll {
        bot: u8,
        poll: u64,
    },
    SetWebhook {
        bot: u8,
        connections: u32,
        drop: bool,
    },
    DeleteWebhook {
        bot: u8,
        drop: bool,
    },
    WebhookResult {
        sent: u8,
        taken: bool,
        retry_after: Option<u64>,
    },
    Edit {
        who: u8,
        to: u8,
        message: Which,
        inline: Option<u8>,
        text: u8,
        labels: u8,
    },
    Delete {
        who: u8,
        to: u8,
        messages: Vec<Which>,
        lenient: bool,
    },
    Forward {
        who: u8,
        from: u8,
        to: u8,
        message: Which,
    },
    Copy {
        who: u8,
        from: u8,
        to: u8,
        message: Which,
    },
    SetMember {
        by: u8,
        chat: u8,
        user: u8,
        status: u8,
    },
    Moderate {
        by: u8,
        chat: u8,
        user: u8,
        measure: u8,
        until: Option<i64>,
    },
    ChangeMember {
        by: u8,
        chat: u8,
        user: u8,
        status: u8,
    },
    Pin {
        who: u8,
        to: u8,
        message: Option<Which>,
        pinned: bool,
    },
    ForwardAll {
        who: u8,
        from: u8,
        to: u8,
        messages: Vec<Which>,
        copies: bool,
    },
    Promote {
        by: u8,
        chat: u8,
        user: u8,
        admin: bool,
    },
    Describe {
        by: u8,
        chat: u8,
        user: u8,
        what: u8,
    },
    Dice {
        who: u8,
        to: u8,
    },
    Forget {
        who: u8,
        to: u8,
        messages: Vec<Which>,
    },
    Block {
        by: u8,
        user: u8,
        blocked: bool,
    },
    AskInline {
        who: u8,
        bot: u8,
        to: Option<u8>,
    },
    AnswerInline {
        bot: u8,
        query: u8,
        results: u8,
    },
    SendInline {
        who: u8,
        to: u8,
        query: u8,
        result: u8,
    },
    Score {
        bot: u8,
        user: u8,
        to: u8,
        message: Which,
        inline: Option<u8>,
        score: i64,
        force: bool,
    },
    Called {
        bot: u8,
        query: u8,
        to: u8,
    },
    Typing {
        who: u8,
        to: u8,
    },
    Tick,
    Everywhere(Everywhere),
}

/// What everyone feels.
#[derive(Clone, Debug)]
pub(crate) enum Everywhere {
    Restart,
    Configure { timeout: u64, keep: usize, reject: bool },
    Faults { per_mille: u32, times: Option<u32> },
    CreateUser(u8),
    CreateChat { kind: u8, members: Vec<u8> },
    UseToken(u8),
    LogOut(u8),
}

/// A message, by what is there.
#[derive(Clone, Debug)]
pub(crate) enum Which {
    /// So many before the newest.
    Newest(u8),
    /// This number, whatever it is.
    Number(i32),
}

/// An offset, by what waits.
#[derive(Clone, Debug)]
pub(crate) enum Offset {
    /// So many past the first that waits.
    First(i32),
    /// Past all that waits.
    All,
    /// Just this.
    Raw(i32),
}

const TEXTS: [&str; 6] = [
    "",
    "hello",
    "/go",
    "/go@onebot",
    "@twobot look",
    "é😀 #x https://example.org",
];
const LABELS: [&str; 3] = ["a", "b", "c"];

fn words(n: u8) -> FormattedText {
    let mut text = FormattedText::plain(choose(&TEXTS, n));
    if n > 200 {
        // A sender's own mark, anywhere.
        let (offset, length, kind) = (u32::from(n - 201), u32::from(n) % 4, EntityKind::Mention);
        text.entities.push(Entity { offset, length, kind });
    }
    text
}

pub(crate) fn keyboard(labels: u8) -> Option<InlineKeyboard> {
    let row: Vec<InlineButton> = LABELS
        .iter()
        .enumerate()
        .filter(|(at, _)| labels & (1 << at) != 0)
        .map(|(_, label)| InlineButton {
            text: (*label).into(),
            style: None,
            icon: None,
            action: ButtonAction::Callback {
                data: (*label).into(),
                requires_password: labels == 7,
            },
        })
        .collect();
    (!row.is_empty()).then(|| InlineKeyboard {
        rows: vec![row],
        force_reply: false,
    })
}

impl What {
    /// The event that this is, now.
    pub(crate) fn event(&self, run: &Run, cast: &Cast) -> Event {
        match self.clone() {
            What::Say { who, to, text, reply } => {
                let from = cast.person(who);
                let peer = cast.peer(from, to);
                let there = text.is_multiple_of(4).then(|| cast.peer(from, text));
                let reply_to = reply.map(|message| ReplyTo {
                    message: run.message(from, there.unwrap_or(peer), message),
                    peer: there,
                    optional: text.is_multiple_of(3),
                    quote: text.is_multiple_of(5).then(|| FormattedText::plain("h")),
                });
                let content = match text % 16 {
                    5 | 10 => run.with_file(text, words(text)),
                    _ => Content::Text(words(text)),
                };
                Send {
                    content,
                    reply_to,
                    ..Send::text(from, peer, "")
                }
                .into()
            }
            What::Offer { bot, to, labels } => {
                let bot = cast.bot(bot);
                let markup = keyboard(labels).map(ReplyMarkup::Inline);
                Send {
                    markup,
                    ..Send::text(bot, cast.peer(bot, to), "offer")
                }
                .into()
            }
            What::Game { bot, to } => {
                let (bot, short_name) = (cast.bot(bot), "snake".into());
                let content = Content::Game {
                    bot,
                    short_name,
                    text: String::new(),
                };
                Send {
                    content,
                    ..Send::text(bot, cast.peer(bot, to), "")
                }
                .into()
            }
            What::Press {
                who,
                to,
                message,
                button,
                forge,
                cache,
            } => {
                let from = cast.person(who);
                let peer = cast.peer(from, to);
                let message = message.map(|message| run.message(from, peer, message));
                let button = match button {
                    0 => Button::Game,
                    1..4 => Button::At {
                        row: 0,
                        column: usize::from(button - 1),
                    },
                    4 => Button::Text("a".into()),
                    5 => Button::Text(String::new()),
                    n => Button::Data(choose(&LABELS, n).into()),
                };
                let proof = match to / 16 {
                    0 => Proof::Wrong,
                    1 => Proof::None,
                    _ => Proof::Right,
                };
                PressButton {
                    from,
                    peer,
                    message,
                    button,
                    forge,
                    client_cache: cache,
                    proof,
                }
                .into()
            }
            What::Answer {
                bot,
                query,
                text,
                cache_time,
            } => {
                let id = run.query(query);
                let asked = run.world.callback_query(id).map(|query| query.bot);
                AnswerCallbackQuery {
                    bot: asked.filter(|_| bot < 240).unwrap_or(cast.bot(bot)),
                    query: id,
                    text: (text > 0).then(|| "x".repeat(text.into())),
                    show_alert: text.is_multiple_of(2),
                    url: text.is_multiple_of(16).then(|| "t.me/onebot?start=1".into()),
                    cache_time,
                }
                .into()
            }
            What::Poll {
                bot,
                poll,
                offset,
                limit,
                kinds,
                waits,
            } => {
                let bot = cast.bot(bot);
                let queue = run.world.bot(bot).map(|bot| &bot.queue);
                let waiting = || {
                    queue
                        .into_iter()
                        .flat_map(|queue| queue.iter())
                        .map(|(id, _)| id.0)
                };
                let offset = match offset {
                    Offset::First(past) => waiting().next().map_or(0, |first| first.saturating_add(past)),
                    Offset::All => waiting().last().map_or(0, |last| last + 1),
                    Offset::Raw(offset) => offset,
                };
                let names = |n: u8| match n {
                    0 => Vec::new(),
                    1 => vec!["message".into()],
                    _ => UpdateKind::ALL
                        .iter()
                        .map(|kind| kind.name().to_owned())
                        .collect(),
                };
                let allowed = kinds.map(|kinds| AllowedUpdates::named(names(kinds), |_| true));
                GetUpdates {
                    bot,
                    poll: PollId(poll),
                    offset,
                    limit,
                    allowed,
                    waits,
                }
                .into()
            }
            What::ClosePoll { bot, poll } => ClosePoll {
                bot: cast.bot(bot),
                poll: PollId(poll),
            }
            .into(),
            What::SetWebhook {
                bot,
                connections,
                drop,
            } => SetWebhook {
                bot: cast.bot(bot),
                config: WebhookConfig {
                    url: crate::run::HOOK.into(),
                    secret_token: None,
                    max_connections: connections,
                    has_custom_certificate: false,
                    ip_address: None,
                },
                allowed: None,
                drop_pending: drop,
            }
            .into(),
            What::DeleteWebhook { bot, drop } => DeleteWebhook {
                bot: cast.bot(bot),
                drop_pending: drop,
            }
            .into(),
            What::WebhookResult {
                sent,
                taken,
                retry_after,
            } => {
                let nothing = (cast.bot(sent), UpdateId(1), Lane::Presser(cast.person(sent)));
                let (bot, update, lane) = run.sent(sent).unwrap_or(nothing);
                let retry_after = retry_after.map(Duration::from_secs);
                let failed = WebhookOutcome::Failed {
                    error: "no".into(),
                    retry_after,
                };
                let outcome = if taken { WebhookOutcome::Taken } else { failed };
                WebhookResult {
                    bot,
                    url: crate::run::HOOK.into(),
                    update,
                    lane,
                    outcome,
                }
                .into()
            }
            What::Edit {
                who,
                to,
                message,
                inline,
                text,
                labels,
            } => {
                let by = cast.anyone(who);
                Edit {
                    by,
                    target: run.target(by, cast.peer(by, to), message, inline),
                    change: match text % 8 {
                        0 => Change::Keyboard,
                        1 => Change::Caption(words(text)),
                        2 => Change::Media {
                            content: run.with_file(text / 8, words(text)),
                            uploaded: text.is_multiple_of(3),
                        },
                        _ => Change::Text(words(text)),
                    },
                    keyboard: keyboard(labels),
                }
                .into()
            }
            What::Delete {
                who,
                to,
                messages,
                lenient,
            } => {
                let by = cast.anyone(who);
                let peer = cast.peer(by, to);
                let messages = messages
                    .into_iter()
                    .map(|message| run.message(by, peer, message))
                    .collect();
                Delete {
                    by,
                    peer,
                    messages,
                    lenient,
                }
                .into()
            }
            What::Forward {
                who,
                from,
                to,
                message,
            } => {
                let by = cast.anyone(who);
                let (from, to) = (cast.peer(by, from), cast.peer(by, to));
                let message = run.message(by, from, message);
                Forwarding {
                    by,
                    from,
                    message,
                    to,
                    silent: false,
                    protected: message.0 % 2 == 0,
                }
                .into()
            }
            What::Copy {
                who,
                from,
                to,
                message,
            } => {
                let (by, markup) = (cast.anyone(who), keyboard(from).map(ReplyMarkup::Inline));
                let (from, to) = (cast.peer(by, from), cast.peer(by, to));
                let message = run.message(by, from, message);
                let (caption, reply_to) = (None, None);
                Copy {
                    by,
                    from,
                    message,
                    to,
                    caption,
                    markup,
                    reply_to,
                    silent: true,
                    protected: false,
                }
                .into()
            }
            What::SetMember {
                by,
                chat,
                user,
                status,
            } => {
                let by = (by > 0).then(|| cast.anyone(by));
                let status = match status {
                    0..120 => Status::Member,
                    120..180 => Status::Administrator,
                    180..210 => Status::Left,
                    210..240 => Status::Kicked,
                    240..248 => Status::Creator,
                    _ => Status::Never,
                };
                SetMember {
                    by,
                    chat: cast.chat(chat),
                    user: cast.anyone(user),
                    status,
                }
                .into()
            }
            What::Moderate {
                by,
                chat,
                user,
                measure,
                until,
            } => {
                let by = cast.anyone(by);
                let measures = [
                    Measure::Ban,
                    Measure::Unban,
                    Measure::Remove,
                    Measure::Mute,
                    Measure::Unmute,
                ];
                Moderate {
                    by,
                    peer: cast.peer(by, chat),
                    user: cast.anyone(user),
                    measure: measures[usize::from(measure) % measures.len()],
                    until: until.map(|until| run.world.now().unix().saturating_add(until)),
                }
                .into()
            }
            What::ChangeMember {
                by,
                chat,
                user,
                status,
            } => {
                let chat = cast.chat(chat);
                ChangeMember {
                    by: cast.anyone(by),
                    chat,
                    user: cast.anyone(user),
                    status: choose(
                        &[
                            Status::Member,
                            Status::Administrator,
                            Status::Left,
                            Status::Kicked,
                            Status::Creator,
                        ],
                        status,
                    ),
                    invite: (status > 200).then(|| run.world.invite_hash(chat)),
                }
                .into()
            }
            What::Pin {
                who,
                to,
                message,
                pinned,
            } => {
                let by = cast.anyone(who);
                let peer = cast.peer(by, to);
                let message = message.map(|message| run.message(by, peer, message));
                Pin {
                    by,
                    peer,
                    // All can only be unpinned.
                    pinned: pinned && message.is_some(),
                    message,
                    silent: who > 100,
                }
                .into()
            }
            What::ForwardAll {
                who,
                from,
                to,
                messages,
                copies,
            } => {
                let by = cast.anyone(who);
                let (from, to) = (cast.peer(by, from), cast.peer(by, to));
                let messages = messages.into_iter().map(|message| run.message(by, from, message));
                let mut messages: Vec<MessageId> = messages.collect();
                if who < 200 {
                    messages.sort();
                }
                ForwardAll {
                    by,
                    from,
                    messages,
                    to,
                    copies,
                    bare: who < 100,
                    silent: false,
                    protected: who % 5 == 0,
                }
                .into()
            }
            What::Promote {
                by,
                chat,
                user,
                admin,
            } => {
                let by = cast.anyone(by);
                Promote {
                    by,
                    peer: cast.peer(by, chat),
                    user: cast.anyone(user),
                    admin,
                }
                .into()
            }
            What::Describe { by, chat, user, what } => {
                let (by, user) = (cast.anyone(by), cast.anyone(user));
                let text: String = choose(&["", "x", "a longer title than may be"], what).into();
                let (bot, peer, chat) = (by, cast.peer(by, chat), cast.chat(chat));
                match what % 5 {
                    0 => SetDescription { by, chat, text }.into(),
                    1 => SetAdminTitle {
                        by,
                        peer,
                        user,
                        title: text,
                    }
                    .into(),
                    2 if what < 80 => ReplaceLink { by, chat }.into(),
                    2 => {
                        let terms = Terms {
                            name: text,
                            expires: (what < 120).then_some(run.world.now().unix() + i64::from(what % 7)),
                            limit: (what > 200).then_some(1),
                        };
                        CreateLink { by, chat, terms }.into()
                    }
                    3 => {
                        let url = "https://x.example".into();
                        let button = if what < 128 {
                            MenuButton::WebApp { text, url }
                        } else {
                            MenuButton::Default
                        };
                        let user = (what % 2 == 0).then_some(user);
                        SetMenuButton { bot, user, button }.into()
                    }
                    _ => SetDefaultRights {
                        bot,
                        for_channels: what % 2 == 0,
                        rights: AdminRight::ALL.into_iter().take(usize::from(what % 3)).collect(),
                    }
                    .into(),
                }
            }
            What::Dice { who, to } => {
                let from = cast.anyone(who);
                let emoji = choose(&["🎲", "🎰", "x"], to).into();
                Send {
                    content: Content::Dice { emoji, value: 0 },
                    ..Send::text(from, cast.peer(from, to), "")
                }
                .into()
            }
            What::Forget { who, to, messages } => {
                let by = cast.anyone(who);
                let peer = cast.peer(by, to);
                let messages = messages.into_iter().map(|message| run.message(by, peer, message));
                let messages = messages.collect();
                Forget { by, peer, messages }.into()
            }
            What::Block { by, user, blocked } => Block {
                by: cast.person(by),
                user: cast.anyone(user),
                blocked,
            }
            .into(),
            What::AskInline { who, bot, to } => {
                let from = cast.person(who);
                let peer = to.map(|to| cast.peer(from, to));
                AskInline {
                    from,
                    bot: cast.bot(bot),
                    text: "q".into(),
                    offset: String::new(),
                    peer,
                }
                .into()
            }
            What::AnswerInline { bot, query, results } => {
                let result = |id: u8| InlineResult {
                    id: id.to_string(),
                    content: if id == 2 {
                        InlineContent::Game("snake".into())
                    } else {
                        InlineContent::Text(words(1))
                    },
                    keyboard: keyboard(id),
                    shown: String::new(),
                };
                let query = run.inline_query(query);
                let asked = run.world.inline_query(query).map(|query| query.bot);
                let bot = asked.filter(|_| bot < 240).unwrap_or(cast.bot(bot));
                let answer = InlineAnswer {
                    results: (0..results).map(result).collect(),
                    ..InlineAnswer::default()
                };
                AnswerInlineQuery { bot, query, answer }.into()
            }
            What::SendInline {
                who,
                to,
                query,
                result,
            } => {
                let query = run.inline_query(query);
                let asked = run.world.inline_query(query).map(|query| query.from);
                let from = asked.filter(|_| who < 240).unwrap_or(cast.person(who));
                SendInlineResult {
                    from,
                    peer: cast.peer(from, to),
                    query,
                    result: result.to_string(),
                    reply_to: None,
                    silent: false,
                }
                .into()
            }
            What::Score {
                bot,
                user,
                to,
                message,
                inline,
                score,
                force,
            } => {
                let (bot, user) = (cast.bot(bot), cast.person(user));
                let target = run.target(bot, cast.peer(bot, to), message, inline);
                SetGameScore {
                    bot,
                    user,
                    score,
                    force,
                    disable_edit: score == 1,
                    target,
                }
                .into()
            }
            What::Called { bot, query, to } => {
                if query.is_multiple_of(8) {
                    let method = "getUpdates".into();
                    return TakeFault { method }.into();
                }
                let bot = cast.bot(bot);
                let peer = cast.peer(bot, to);
                let about = match query % 4 {
                    0 => About::Query(run.query(query)),
                    1 => About::InlineQuery(run.inline_query(query)),
                    2 => About::Chat(peer, None),
                    _ => About::Chat(peer, Some(run.message(bot, peer, Which::Newest(query)))),
                };
                Called {
                    bot,
                    method: "answerCallbackQuery".into(),
                    params: String::new(),
                    about,
                }
                .into()
            }
            What::Typing { who, to } => {
                let from = cast.anyone(who);
                ChatAction {
                    from,
                    peer: cast.peer(from, to),
                    action: "typing".into(),
                }
                .into()
            }
            What::Tick => Tick.into(),
            What::Everywhere(what) => what.event(cast),
        }
    }
}

impl Everywhere {
    fn event(self, cast: &Cast) -> Event {
        match self {
            Everywhere::Restart => Restart.into(),
            Everywhere::Configure {
                timeout,
                keep,
                reject,
            } => {
                let second_answer = if reject {
                    SecondAnswer::Reject
                } else {
                    SecondAnswer::Accept
                };
                let answer_timeout = Duration::from_secs(timeout);
                let settings = Settings {
                    answer_timeout,
                    second_answer,
                    keep_presses: keep,
                };
                Configure { settings }.into()
            }
            Everywhere::Faults { per_mille, times } => {
                let delay = Duration::from_secs(1);
                let rule = FaultRule {
                    method: "*".into(),
                    error: None,
                    delay,
                    times,
                    per_mille,
                    tried: u64::MAX - 1,
                };
                SetFaults { faults: vec![rule] }.into()
            }
            Everywhere::CreateUser(n) => CreateUser {
                first_name: choose(&["", "Cid"], n).into(),
                username: (n > 100).then(|| format!("name{}", n % 3)),
                phone: (n % 2 == 0).then(|| format!("+{}", n % 5)),
                ..CreateUser::default()
            }
            .into(),
            Everywhere::CreateChat { kind, members } => CreateChat {
                kind: choose(&[ChatKind::Group, ChatKind::Supergroup, ChatKind::Channel], kind),
                title: "chat".into(),
                username: (kind > 200).then(|| format!("chat{kind}")),
                members: members.into_iter().map(|n| cast.anyone(n)).collect(),
            }
            .into(),
            Everywhere::UseToken(n) => {
                let token = choose(&["1:a", "1:b", "x", "5000000005:a", "7000000003:a"], n).into();
                UseToken { token }.into()
            }
            Everywhere::LogOut(bot) => LogOut { bot: cast.bot(bot) }.into(),
        }
    }
}

fn message() -> impl Strategy<Value = Which> {
    prop_oneof![
        30 => (0..4_u8).prop_map(Which::Newest),
        1 => prop_oneof![0..12, Just(-1), Just(i32::MAX), any::<i32>()].prop_map(Which::Number),
    ]
}

fn offset() -> impl Strategy<Value = Offset> {
    prop_oneof![
        4 => Just(Offset::All),
        2 => (0..4).prop_map(Offset::First),
        2 => Just(Offset::Raw(0)),
        1 => (-3..0).prop_map(Offset::Raw),
        1 => any::<i32>().prop_map(Offset::Raw),
        1 => Just(Offset::Raw(i32::MIN)),
        1 => Just(Offset::Raw(i32::MAX)),
    ]
}

/// What concerns only those who do it.
fn local() -> BoxedStrategy<What> {
    let n = any::<u8>;
    let inline = || proptest::option::weighted(0.3, any::<u8>());
    prop_oneof![
        4 => (n(), n(), n(), proptest::option::weighted(0.2, message()))
            .prop_map(|(who, to, text, reply)| What::Say { who, to, text, reply }),
        5 => (n(), n(), 1..8_u8).prop_map(|(bot, to, labels)| What::Offer { bot, to, labels }),
        1 => (n(), n()).prop_map(|(bot, to)| What::Game { bot, to }),
        10 => (n(), n(), proptest::option::weighted(0.2, message()), 0..8_u8, any::<bool>(), any::<bool>())
            .prop_map(|(who, to, message, button, forge, cache)| What::Press {
                who, to, message, button, forge: forge && cache, cache,
            }),
        7 => (n(), n(), n(), prop_oneof![Just(0), 0..200_i64, any::<i64>()])
            .prop_map(|(bot, query, text, cache_time)| What::Answer { bot, query, text, cache_time }),
        7 => (n(), 0..3_u64, offset(), -1..200_i64, proptest::option::weighted(0.1, 0..3_u8), any::<bool>())
            .prop_map(|(bot, poll, offset, limit, kinds, waits)| What::Poll {
                bot, poll, offset, limit, kinds, waits,
            }),
        1 => (n(), 0..3_u64).prop_map(|(bot, poll)| What::ClosePoll { bot, poll }),
        1 => (n(), 0..4_u32, proptest::bool::weighted(0.2))
            .prop_map(|(bot, connections, drop)| What::SetWebhook { bot, connections, drop }),
        1 => (n(), proptest::bool::weighted(0.2)).prop_map(|(bot, drop)| What::DeleteWebhook { bot, drop }),
        5 => (n(), any::<bool>(), proptest::option::weighted(0.2, prop_oneof![9 => 0..200_u64, 1 => any::<u64>()]))
            .prop_map(|(sent, taken, retry_after)| What::WebhookResult { sent, taken, retry_after }),
        3 => (n(), n(), message(), inline(), n(), 0..8_u8)
            .prop_map(|(who, to, message, inline, text, labels)| What::Edit { who, to, message, inline, text, labels }),
        2 => (n(), n(), proptest::collection::vec(message(), 0..4), any::<bool>())
            .prop_map(|(who, to, messages, lenient)| What::Delete { who, to, messages, lenient }),
        1 => (n(), n(), n(), message()).prop_map(|(who, from, to, message)| What::Forward { who, from, to, message }),
        1 => (n(), n(), n(), message()).prop_map(|(who, from, to, message)| What::Copy { who, from, to, message }),
        2 => (n(), n(), n(), n()).prop_map(|(by, chat, user, status)| What::SetMember { by, chat, user, status }),
        2 => (n(), n(), n(), n(), proptest::option::of(prop_oneof![4 => 0..100_i64, 1 => any::<i64>()])).prop_map(
            |(by, chat, user, measure, until)| What::Moderate { by, chat, user, measure, until }
        ),
        2 => (n(), n(), n(), n())
            .prop_map(|(by, chat, user, status)| What::ChangeMember { by, chat, user, status }),
        2 => (n(), n(), proptest::option::of(message()), any::<bool>())
            .prop_map(|(who, to, message, pinned)| What::Pin { who, to, message, pinned }),
        1 => (n(), n(), n(), proptest::collection::vec(message(), 0..4), any::<bool>()).prop_map(
            |(who, from, to, messages, copies)| What::ForwardAll { who, from, to, messages, copies }
        ),
        1 => (n(), n(), n(), any::<bool>())
            .prop_map(|(by, chat, user, admin)| What::Promote { by, chat, user, admin }),
        1 => (n(), n(), n(), n()).prop_map(|(by, chat, user, what)| What::Describe { by, chat, user, what }),
        1 => (n(), n()).prop_map(|(who, to)| What::Dice { who, to }),
        1 => (n(), n(), proptest::collection::vec(message(), 0..3))
            .prop_map(|(who, to, messages)| What::Forget { who, to, messages }),
        1 => (n(), n(), any::<bool>()).prop_map(|(by, user, blocked)| What::Block { by, user, blocked }),
        2 => (n(), n(), proptest::option::of(n())).prop_map(|(who, bot, to)| What::AskInline { who, bot, to }),
        2 => (n(), n(), 0..4_u8).prop_map(|(bot, query, results)| What::AnswerInline { bot, query, results }),
        2 => (n(), n(), n(), 0..4_u8)
            .prop_map(|(who, to, query, result)| What::SendInline { who, to, query, result }),
        1 => (n(), n(), n(), message(), inline(), prop_oneof![9 => -1..5_i64, 1 => any::<i64>()], any::<bool>()).prop_map(
            |(bot, user, to, message, inline, score, force)| What::Score {
                bot, user, to, message, inline, score, force,
            }
        ),
        1 => (n(), n(), n()).prop_map(|(bot, query, to)| What::Called { bot, query, to }),
        1 => (n(), n()).prop_map(|(who, to)| What::Typing { who, to }),
        2 => Just(What::Tick),
    ]
    .boxed()
}

fn everywhere() -> BoxedStrategy<Everywhere> {
    let n = any::<u8>;
    prop_oneof![
        Just(Everywhere::Restart),
        (
            prop_oneof![4 => 0..300_u64, 4 => Just(9), 1 => any::<u64>()],
            0..20_usize,
            any::<bool>()
        )
            .prop_map(|(timeout, keep, reject)| Everywhere::Configure {
                timeout,
                keep,
                reject
            }),
        (0..1001_u32, proptest::option::of(0..3_u32))
            .prop_map(|(per_mille, times)| Everywhere::Faults { per_mille, times }),
        n().prop_map(Everywhere::CreateUser),
        (n(), proptest::collection::vec(n(), 0..4))
            .prop_map(|(kind, members)| Everywhere::CreateChat { kind, members }),
        n().prop_map(Everywhere::UseToken),
        n().prop_map(Everywhere::LogOut),
    ]
    .boxed()
}

fn after() -> BoxedStrategy<Duration> {
    let ms = prop_oneof![
        200 => Just(0),
        120 => 0..3000_u64,
        8 => Just(9_000),
        4 => Just(150_000),
        4 => 0..200_000_u64,
        1 => Just(24 * 3600 * 1000),
    ];
    ms.prop_map(Duration::from_millis).boxed()
}

/// A sequence in which anything may happen.
pub(crate) fn anything() -> impl Strategy<Value = Vec<Step>> {
    let what = prop_oneof![30 => local(), 1 => everywhere().prop_map(What::Everywhere)];
    let step = (after(), proptest::bool::weighted(0.02), what).prop_map(|(after, clock_back, what)| Step {
        after,
        clock_back,
        what,
    });
    proptest::collection::vec(step, 0..120)
}

/// A sequence that concerns only its own cast.
pub(crate) fn among_themselves(len: usize) -> impl Strategy<Value = Vec<Step>> {
    let step = (after(), local()).prop_map(|(after, what)| Step {
        after,
        clock_back: false,
        what,
    });
    proptest::collection::vec(step, 0..len)
}
