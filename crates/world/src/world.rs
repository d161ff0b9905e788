//! The state, and how one event after another changes it.

use crate::calls::Event;
use crate::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

/// The whole local Telegram, as data.
///
/// It does no I/O and reads no clock: whoever holds it brings the time along with each event and carries out
/// the [effects](Effect). The same seed and the same events give the same world, journal and effects.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct World {
    pub(crate) seed: Seed,
    pub(crate) settings: Settings,
    pub(crate) now: Time,
    pub(crate) next_seq: Seq,
    pub(crate) counters: Counters,

    pub(crate) users: BTreeMap<UserId, User>,
    #[serde(with = "pairs")]
    pub(crate) chats: BTreeMap<ChatId, Chat>,
    pub(crate) bots: BTreeMap<UserId, Bot>,
    pub(crate) tokens: BTreeMap<String, UserId>,
    /// Whose a username is; in lower case.
    pub(crate) usernames: BTreeMap<String, Peer>,
    /// Whose a phone number is; digits only.
    pub(crate) phones: BTreeMap<String, UserId>,

    pub(crate) messages: BTreeMap<MessageKey, Arc<Message>>,
    #[serde(with = "pairs")]
    pub(crate) numbers: BTreeMap<(Mailbox, MessageId), MessageKey>,
    #[serde(with = "pairs")]
    pub(crate) last_number: BTreeMap<Mailbox, MessageId>,
    /// Each conversation's messages, in the order they were sent.
    #[serde(with = "pairs")]
    pub(crate) threads: BTreeMap<Conversation, Vec<MessageKey>>,
    /// What is pinned in each conversation, in the order it was sent.
    #[serde(with = "pairs", default)]
    pub(crate) pinned: BTreeMap<Conversation, Vec<MessageKey>>,
    /// Who has which chats.
    pub(crate) dialogs: BTreeSet<(UserId, Peer)>,
    #[serde(with = "pairs")]
    pub(crate) inline_messages: BTreeMap<InlineMessageId, MessageKey>,
    /// What happened in each mailbox.
    #[serde(with = "pairs")]
    pub(crate) mail: BTreeMap<Mailbox, mail::Mail>,
    /// Up to where everyone has read their chats.
    #[serde(with = "pairs")]
    pub(crate) read: BTreeMap<(UserId, Peer), MessageKey>,
    pub(crate) files: BTreeMap<FileId, File>,
    /// High scores of the game in a message.
    pub(crate) scores: BTreeMap<MessageKey, BTreeMap<UserId, i64>>,

    pub(crate) presses: BTreeMap<PressId, Press>,
    pub(crate) queries: BTreeMap<QueryId, CallbackQuery>,
    /// The queries of a message that the presser still waits for.
    pub(crate) open: BTreeMap<MessageKey, Vec<QueryId>>,
    /// Ended presses, oldest first, to be forgotten one day.
    pub(crate) ended: VecDeque<PressId>,
    /// The answers that clients keep; by message first, for they go with it.
    #[serde(with = "pairs")]
    pub(crate) cache: BTreeMap<(MessageKey, UserId, Payload), (Time, Answer)>,
    /// At this many kept answers the stale ones are thrown out.
    pub(crate) cache_sweep: usize,
    pub(crate) inline_queries: BTreeMap<InlineQueryId, InlineQuery>,

    pub(crate) faults: Vec<FaultRule>,
    pub(crate) timers: BTreeSet<(Time, Timer)>,
    // What came later stands last: worlds that were saved before end here, and get what `Default` makes.
    /// The albums that messages belong to.
    #[serde(default)]
    pub(crate) albums: BTreeMap<MessageKey, i64>,
    /// What chats and bots are said to be.
    #[serde(default)]
    pub(crate) profiles: profile::Profiles,

    #[serde(skip)]
    pub(crate) effects: Vec<Effect>,
    /// What the event in hand follows from.
    #[serde(skip)]
    pub(crate) cause: Option<Seq>,
}

/// How many of each there have been.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Counters {
    pub users: i64,
    pub bots: i64,
    pub groups: i64,
    pub channels: i64,
    pub messages: u64,
    /// Presses and inline queries, by who makes them.
    pub asked: BTreeMap<UserId, u64>,
}

/// What can be set about the world.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Settings {
    /// How long a presser waits for a bot. Several clients give up by themselves at 10 s, so the default is 9 s.
    pub answer_timeout: Duration,
    /// What a second answer to the same query gets. Telegram's servers are closed and reports differ.
    pub second_answer: SecondAnswer,
    /// How many ended presses can be asked about.
    pub keep_presses: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            answer_timeout: Duration::from_secs(9),
            second_answer: SecondAnswer::Accept,
            keep_presses: 10_000,
        }
    }
}

/// What a second answer to the same callback query gets.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum SecondAnswer {
    /// `true`, though nothing comes of it, and a warning in the journal.
    #[default]
    Accept,
    /// [`Error::QueryIdInvalid`].
    Reject,
}

/// A fault to inject into API calls.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct FaultRule {
    /// The method it hits, in any letter case; `*` for all.
    pub method: String,
    /// What the call gets instead of being carried out; `None`: it is only late.
    pub error: Option<Error>,
    /// How much later the call gets its answer.
    pub delay: Duration,
    /// How many more calls it hits; `None`: all.
    pub times: Option<u32>,
    /// How many of 1,000 calls it hits; from the seed, so that a run repeats.
    pub per_mille: u32,
    /// How many calls it was tried on.
    pub tried: u64,
}

/// Something that is due at a time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub(crate) enum Timer {
    Press(QueryId),
    Inline(InlineQueryId),
    Queue(UserId),
    Retry(UserId, Lane),
    Lift(ChatId, UserId),
}

/// What whoever holds the world must do.
#[derive(Clone, PartialEq, Debug)]
pub enum Effect {
    /// Something happened: write it down and tell who listens.
    Journal(Box<Entry>),
    /// Tell a waiting `getUpdates`.
    Poll(PollId, PollSignal),
    /// Send this update to the bot's webhook, then report with [`calls::WebhookResult`].
    Deliver {
        /// Whose webhook.
        bot: UserId,
        /// Which update waits in its queue.
        update: UpdateId,
        /// To be given back with the result.
        lane: Lane,
    },
    /// Something happened in a mailbox: tell the clients that listen to it.
    Mail {
        /// Which.
        mailbox: Mailbox,
        /// What.
        entry: MailEntry,
    },
    /// Something that no mailbox counts: tell the clients of this user that are there now.
    Aside {
        /// Whose clients.
        user: UserId,
        /// What.
        aside: Aside,
    },
    /// This update came into a bot's queue: it may be pushed to the bot, and [`calls::Pushed`] be reported.
    BotUpdate {
        /// Whose queue.
        bot: UserId,
        /// Which update.
        update: UpdateId,
    },
    /// A press has ended: see [`World::press`].
    PressEnded(PressId),
    /// An inline query has ended: see [`World::inline_query`].
    InlineEnded(InlineQueryId),
}

/// One event and what it comes from: a log of these, replayed, is the world.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Input {
    /// When.
    pub now: Time,
    /// The journal entry that it follows from.
    pub cause: Option<Seq>,
    /// What.
    pub event: Event,
}

impl World {
    /// An empty world at a moment.
    pub fn new(seed: u64, settings: Settings, now: Time) -> World {
        World {
            seed: Seed(seed),
            settings,
            now,
            next_seq: Seq(1),
            counters: Counters::default(),
            users: BTreeMap::new(),
            chats: BTreeMap::new(),
            bots: BTreeMap::new(),
            tokens: BTreeMap::new(),
            usernames: BTreeMap::new(),
            phones: BTreeMap::new(),
            messages: BTreeMap::new(),
            numbers: BTreeMap::new(),
            last_number: BTreeMap::new(),
            threads: BTreeMap::new(),
            pinned: BTreeMap::new(),
            dialogs: BTreeSet::new(),
            inline_messages: BTreeMap::new(),
            mail: BTreeMap::new(),
            read: BTreeMap::new(),
            files: BTreeMap::new(),
            scores: BTreeMap::new(),
            presses: BTreeMap::new(),
            queries: BTreeMap::new(),
            open: BTreeMap::new(),
            ended: VecDeque::new(),
            cache: BTreeMap::new(),
            cache_sweep: 0,
            inline_queries: BTreeMap::new(),
            faults: Vec::new(),
            timers: BTreeSet::new(),
            profiles: profile::Profiles::default(),
            albums: BTreeMap::new(),
            effects: Vec::new(),
            cause: None,
        }
    }

    /// Lets one event happen. First comes whatever was due before `input.now`, at its own time.
    ///
    /// Time never goes back: an earlier `now` counts as the latest seen.
    pub fn step(&mut self, input: Input) -> Vec<Effect> {
        self.begin(input.now, input.cause);
        input.event.run(self);
        self.end()
    }

    /// Like [`World::step`] for a call whose result the caller wants.
    ///
    /// # Errors
    /// What Telegram would refuse; then nothing has changed but time.
    pub fn call<C: calls::Call>(
        &mut self,
        call: C,
        now: Time,
        cause: Option<Seq>,
    ) -> (Result<C::Output, Error>, Vec<Effect>) {
        self.begin(now, cause);
        let result = call.apply(self);
        (result, self.end())
    }

    fn end(&mut self) -> Vec<Effect> {
        // What belongs to one event must not outlive it: a world just saved and restored has none of it.
        self.cause = None;
        std::mem::take(&mut self.effects)
    }

    fn begin(&mut self, now: Time, cause: Option<Seq>) {
        self.forget_presses();
        while let Some((due, timer)) = self.timers.first().copied()
            && due <= now
        {
            self.timers.pop_first();
            self.now = self.now.max(due);
            self.cause = None;
            self.fire(timer);
        }
        self.now = self.now.max(now);
        self.cause = cause;
    }

    fn fire(&mut self, timer: Timer) {
        match timer {
            Timer::Press(query) => self.press_timed_out(query),
            Timer::Inline(query) => self.inline_timed_out(query),
            Timer::Queue(bot) => self.queue_expired(bot),
            Timer::Retry(bot, lane) => self.webhook_retry(bot, lane),
            Timer::Lift(chat, user) => self.lift(chat, user),
        }
    }

    /// When something is next due: whoever holds the world must step it by then.
    pub fn next_due(&self) -> Option<Time> {
        self.timers.first().map(|(due, _)| *due)
    }

    /// Lets the journal of this world go on where that of another stopped.
    pub fn continue_journal(&mut self, next: Seq) {
        self.next_seq = self.next_seq.max(next);
    }

    /// Writes down what happened as a consequence of the event in hand.
    pub(crate) fn journal(&mut self, actor: Actor, kind: journal::Kind) -> Seq {
        self.journal_after(self.cause, actor, kind)
    }

    /// Writes down what happened as a consequence of another entry.
    pub(crate) fn journal_after(&mut self, cause: Option<Seq>, actor: Actor, kind: journal::Kind) -> Seq {
        let seq = self.next_seq;
        self.next_seq = Seq(seq.0 + 1);
        self.effects.push(Effect::Journal(Box::new(Entry {
            seq,
            time: self.now,
            actor,
            cause,
            kind,
        })));
        seq
    }

    /// A user as the doer of something.
    pub(crate) fn actor(&self, user: UserId) -> Actor {
        if self.bots.contains_key(&user) {
            Actor::Bot(user)
        } else {
            Actor::User(user)
        }
    }

    /// How often `user` has asked something before: what makes its next query's ids.
    pub(crate) fn count_asked(&mut self, user: UserId) -> u64 {
        let count = self.counters.asked.entry(user).or_default();
        *count += 1;
        *count
    }
}
