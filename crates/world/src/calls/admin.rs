//! What whoever runs the world does, and what edges report.

use super::Call;
use crate::world::{FaultRule, Timer};
use crate::{
    Actor, Conversation, Error, File, FileId, FileKind, InlineMessageId, InlineQueryId, MessageId, Peer,
    PressId, QueryId, Seq, Settings, State, UserId, World, journal,
};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Time passes.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Tick;

impl Call for Tick {
    type Output = ();

    fn apply(self, _: &mut World) -> Result<(), Error> {
        Ok(())
    }
}

/// Someone turned the clock forward; the time it shows came with the event.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Advanced {
    /// By how much.
    pub by: Duration,
}

impl Call for Advanced {
    type Output = ();

    fn apply(self, world: &mut World) -> Result<(), Error> {
        world.journal(Actor::Server, journal::Kind::ClockAdvanced(self.by));
        Ok(())
    }
}

/// Whoever holds the world has just taken it from where it was saved: what was on its way is not any more.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Restart;

impl Call for Restart {
    type Output = ();

    fn apply(self, world: &mut World) -> Result<(), Error> {
        world.journal(Actor::Server, journal::Kind::Restarted);
        // Everything is sent anew, so nothing is left to retry.
        world
            .timers
            .retain(|(_, timer)| !matches!(timer, Timer::Retry(..)));
        let ids: Vec<UserId> = world.bots.keys().copied().collect();
        for id in ids {
            let Some(bot) = world.bots.get_mut(&id) else {
                continue;
            };
            bot.poll = None;
            if let Some(old) = bot.webhook.take() {
                let mut webhook = crate::Webhook::new(old.config);
                webhook.last_error = old.last_error;
                for (update, waiting) in bot.queue.iter() {
                    webhook.push(waiting.update.lane(), update);
                }
                bot.webhook = Some(webhook);
                world.pump(id);
            }
        }
        Ok(())
    }
}

/// Settings change.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Configure {
    /// What they are from now on.
    pub settings: Settings,
}

impl Call for Configure {
    type Output = ();

    fn apply(self, world: &mut World) -> Result<(), Error> {
        world.settings = self.settings;
        Ok(())
    }
}

/// Faults to inject change.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SetFaults {
    /// What they are from now on.
    pub faults: Vec<FaultRule>,
}

impl Call for SetFaults {
    type Output = ();

    fn apply(self, world: &mut World) -> Result<(), Error> {
        world.faults = self.faults;
        Ok(())
    }
}

/// The edge has received a file and keeps its bytes.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AddFile {
    /// Names the bytes.
    pub digest: String,
    /// In bytes.
    pub size: u64,
    /// What it was sent as.
    pub kind: FileKind,
}

impl Call for AddFile {
    type Output = FileId;

    fn apply(self, world: &mut World) -> Result<FileId, Error> {
        // Named by what it is, not counted: an id must not tell what others have sent meanwhile.
        let name = format!("{} {} {:?}", self.digest, self.size, self.kind);
        let id = FileId(world.seed.number("file", &[world.seed.digest(name.as_bytes())]) >> 12);
        world.files.entry(id).or_insert(File {
            id,
            digest: self.digest,
            size: self.size,
            kind: self.kind,
        });
        Ok(id)
    }
}

/// A bot's API call has arrived, and is about to be carried out.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Called {
    /// Whose.
    pub bot: UserId,
    /// Which method.
    pub method: String,
    /// With which parameters, as text; no secrets.
    pub params: String,
    /// What it is about: from that follows what it is a consequence of.
    pub about: About,
}

/// What an API call names.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum About {
    /// Nothing that has a past.
    Nothing,
    /// A callback query.
    Query(QueryId),
    /// An inline query.
    InlineQuery(InlineQueryId),
    /// A chat, and perhaps a message in it.
    Chat(Peer, Option<MessageId>),
    /// A message sent through inline mode.
    Inline(InlineMessageId),
}

/// What [`Called`] gives.
#[derive(Clone, PartialEq, Debug)]
pub struct Started {
    /// The call's journal entry: the cause of what it does.
    pub seq: Seq,
    /// What is to go wrong.
    pub fault: Option<Fault>,
}

/// What is to go wrong with a call.
#[derive(Clone, PartialEq, Debug)]
pub struct Fault {
    /// What it gets instead of being carried out.
    pub error: Option<Error>,
    /// How much later it gets its answer.
    pub delay: Duration,
}

impl Call for Called {
    type Output = Started;

    fn apply(self, world: &mut World) -> Result<Started, Error> {
        let (cause, press) = world.origin_of(self.bot, self.about);
        let fault = world.next_fault(&self.method);
        let kind = journal::Kind::Call {
            bot: self.bot,
            method: self.method.clone(),
            params: self.params,
            press,
        };
        let seq = world.journal_after(cause, Actor::Bot(self.bot), kind);
        if let Some(fault) = &fault {
            let kind = journal::Kind::Fault {
                method: self.method,
                error: fault.error.clone(),
                delay: fault.delay,
            };
            world.journal_after(Some(seq), Actor::Server, kind);
        }
        Ok(Started { seq, fault })
    }
}

/// A call that is not journaled arrives: only whether something is to go wrong with it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct TakeFault {
    /// Which method.
    pub method: String,
}

impl Call for TakeFault {
    type Output = Option<Fault>;

    fn apply(self, world: &mut World) -> Result<Option<Fault>, Error> {
        Ok(world.next_fault(&self.method))
    }
}

impl World {
    /// What an API call most likely follows from: the query it names, else the latest press on the message it
    /// names that the bot knows of, else what the bot was last told of the chat it names.
    fn origin_of(&self, bot: UserId, about: About) -> (Option<Seq>, Option<PressId>) {
        let of_query = |id: QueryId| {
            self.queries
                .get(&id)
                .filter(|query| query.bot == bot)
                .map(|query| (Some(query.trail), Some(query.press)))
        };
        // Nothing follows from a press that the bot has not been told of yet.
        let is_known = |id: &&QueryId| {
            let query = self.queries.get(*id);
            query.is_some_and(|query| !matches!(query.state, State::Pressed | State::Queued(_)))
        };
        let on_message = |key| {
            let open = self.open.get(&key)?;
            open.iter().rev().filter(is_known).find_map(|id| of_query(*id))
        };
        let found = match about {
            About::Nothing => None,
            About::Query(id) => of_query(id),
            About::InlineQuery(id) => self
                .inline_queries
                .get(&id)
                .map(|query| (Some(query.trail), None)),
            About::Inline(id) => self
                .inline_message(id)
                .and_then(|message| on_message(message.key)),
            About::Chat(peer, message) => {
                let key = message
                    .and_then(|id| self.message_at(bot, peer, id))
                    .map(|message| message.key);
                key.and_then(on_message)
                    .or_else(|| self.latest_in(bot, Conversation::of(bot, peer)))
            }
        };
        found.unwrap_or((None, None))
    }

    fn latest_in(&self, bot: UserId, conversation: Conversation) -> Option<(Option<Seq>, Option<PressId>)> {
        let heard = self.bots.get(&bot)?.heard.get(&conversation)?;
        Some((Some(*heard), None))
    }

    fn next_fault(&mut self, method: &str) -> Option<Fault> {
        for (at, rule) in self.faults.iter_mut().enumerate() {
            if rule.times == Some(0) || (rule.method != "*" && !rule.method.eq_ignore_ascii_case(method)) {
                continue;
            }
            rule.tried = rule.tried.wrapping_add(1);
            if self.seed.number("fault", &[at as u64, rule.tried]) % 1000 >= u64::from(rule.per_mille) {
                continue;
            }
            if let Some(times) = &mut rule.times {
                *times -= 1;
            }
            return Some(Fault {
                error: rule.error.clone(),
                delay: rule.delay,
            });
        }
        None
    }
}

/// A bot's API call got its answer.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Responded {
    /// Whose it was.
    pub bot: UserId,
    /// The call's journal entry.
    pub call: Seq,
    /// Whether it was carried out.
    pub ok: bool,
    /// The error's code, if not.
    pub error_code: Option<i32>,
    /// What the caller was told, as text.
    pub body: String,
    /// How long it took.
    pub elapsed: Duration,
    /// Something whoever runs the bot should know.
    pub warning: Option<String>,
}

impl Call for Responded {
    type Output = ();

    fn apply(self, world: &mut World) -> Result<(), Error> {
        let kind = journal::Kind::Response {
            ok: self.ok,
            error_code: self.error_code,
            body: self.body,
            elapsed: self.elapsed,
        };
        world.journal_after(Some(self.call), Actor::Server, kind);
        if let Some(warning) = self.warning {
            world.journal_after(
                Some(self.call),
                Actor::Bot(self.bot),
                journal::Kind::Warning(warning),
            );
        }
        Ok(())
    }
}
