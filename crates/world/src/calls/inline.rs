//! Inline mode: someone types a bot's name and a text, the bot offers results, one is sent.

use super::Call;
use super::send::{Draft, ReplyTo, accept_markup};
use crate::world::{Effect, Timer};
use crate::{
    Actor, Content, Error, InlineAnswer, InlineContent, InlineEnd, InlineQuery, InlineQueryId, Message, Peer,
    ReplyMarkup, Update, UserId, World, journal,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

const MAX_RESULTS: usize = 50;
/// How many ended inline queries can still be sent from.
const KEEP: usize = 1000;

/// Someone types `@bot text`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AskInline {
    /// Who.
    pub from: UserId,
    /// Whom.
    pub bot: UserId,
    /// What.
    pub text: String,
    /// Where to go on, as the bot said; empty for the beginning.
    pub offset: String,
    /// Where it is typed.
    pub peer: Option<Peer>,
}

impl Call for AskInline {
    type Output = InlineQueryId;

    fn apply(self, world: &mut World) -> Result<InlineQueryId, Error> {
        if !world.users.contains_key(&self.from) || !world.bots.contains_key(&self.bot) {
            return Err(Error::UserNotFound);
        }
        if world.bots.contains_key(&self.from) {
            return Err(Error::BotMethodInvalid);
        }
        let chat = match self.peer {
            Some(peer) => Some(world.writable(self.from, peer)?),
            None => None,
        };
        let count = world.count_asked(self.from);
        let id = InlineQueryId(
            world
                .seed
                .id("inline query", &[self.from.0.cast_unsigned(), count]),
        );
        let deadline = world.now + world.settings.answer_timeout;
        let asked = journal::Kind::InlineQuery {
            query: id,
            from: self.from,
            bot: self.bot,
            text: self.text.clone(),
        };
        let seq = world.journal(Actor::User(self.from), asked);
        let query = InlineQuery {
            id,
            from: self.from,
            bot: self.bot,
            text: self.text.clone(),
            asked: world.now,
            deadline,
            end: None,
            trail: seq,
        };
        while world.inline_queries.len() >= KEEP {
            let oldest = world
                .inline_queries
                .values()
                .filter(|query| query.end.is_some())
                .min_by_key(|query| query.asked)
                .map(|query| query.id);
            let Some(oldest) = oldest else { break };
            world.inline_queries.remove(&oldest);
        }
        world.inline_queries.insert(id, query);
        world.timers.insert((deadline, Timer::Inline(id)));
        world.tell(
            self.bot,
            Update::InlineQuery {
                query: id,
                from: self.from,
                text: self.text,
                offset: self.offset,
                chat,
            },
            seq,
        );
        Ok(id)
    }
}

/// A bot offers results.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct AnswerInlineQuery {
    /// Who.
    pub bot: UserId,
    /// For what.
    pub query: InlineQueryId,
    /// What.
    pub answer: InlineAnswer,
}

impl Call for AnswerInlineQuery {
    type Output = ();

    fn apply(self, world: &mut World) -> Result<(), Error> {
        if self.answer.results.len() > MAX_RESULTS {
            return Err(Error::ResultsTooMuch);
        }
        let mut ids = BTreeSet::new();
        for result in &self.answer.results {
            if !(1..=64).contains(&result.id.len()) {
                return Err(Error::ResultIdInvalid);
            }
            if !ids.insert(result.id.as_str()) {
                return Err(Error::ResultIdDuplicate);
            }
            accept_markup(result.keyboard.clone().map(ReplyMarkup::Inline))?;
            world.accept(self.bot, result.content.clone().of(self.bot))?;
        }
        let query = world
            .inline_queries
            .get_mut(&self.query)
            .filter(|query| query.bot == self.bot && query.end.is_none());
        let query = query.ok_or(Error::QueryIdInvalid)?;
        let results = self.answer.results.len();
        query.end = Some(InlineEnd::Answered(self.answer));
        let due = (query.deadline, Timer::Inline(self.query));
        world.timers.remove(&due);
        world.journal(
            Actor::Bot(self.bot),
            journal::Kind::InlineAnswered {
                query: self.query,
                bot: self.bot,
                results,
            },
        );
        world.effects.push(Effect::InlineEnded(self.query));
        Ok(())
    }
}

/// Someone sends a result they were offered.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SendInlineResult {
    /// Who.
    pub from: UserId,
    /// Where.
    pub peer: Peer,
    /// Which query's.
    pub query: InlineQueryId,
    /// Which result.
    pub result: String,
    /// In reply to what.
    pub reply_to: Option<ReplyTo>,
    /// Without a sound.
    pub silent: bool,
}

impl Call for SendInlineResult {
    type Output = Arc<Message>;

    fn apply(self, world: &mut World) -> Result<Arc<Message>, Error> {
        let conversation = world.writable(self.from, self.peer)?;
        let query = world
            .inline_queries
            .get(&self.query)
            .filter(|query| query.from == self.from)
            .ok_or(Error::QueryIdInvalid)?;
        let Some(InlineEnd::Answered(answer)) = &query.end else {
            return Err(Error::QueryIdInvalid);
        };
        let result = answer
            .results
            .iter()
            .find(|result| result.id == self.result)
            .ok_or(Error::ResultIdInvalid)?;
        let (bot, text) = (query.bot, query.text.clone());
        let content = world.accept(bot, result.content.clone().of(bot))?;
        let markup = accept_markup(result.keyboard.clone().map(ReplyMarkup::Inline))?;
        let reply_to = match self.reply_to {
            Some(reply) => world.find_reply(self.from, self.peer, reply)?,
            None => None,
        };
        if let Content::Game { short_name, .. } = &content {
            world.ensure_game(bot, short_name);
        }
        let mut draft = Draft::new(self.from, conversation, content);
        draft.reply_to = reply_to;
        draft.silent = self.silent;
        draft.sender = world.sender(self.from, conversation);
        draft.via_bot = Some(bot);
        draft.markup = world.complete_markup(&draft.content, markup);
        // The message's own entry, which will be the first: to that the update is a consequence.
        let seq = world.next_seq;
        let message = world.deliver(draft);
        let chosen = Update::ChosenInlineResult {
            result: self.result,
            from: self.from,
            text,
            inline_id: message.inline_id,
        };
        world.tell(bot, chosen, seq);
        Ok(message)
    }
}

impl InlineContent {
    /// The content of the message, if the result of this bot is chosen.
    fn of(self, bot: UserId) -> Content {
        match self {
            InlineContent::Text(text) => Content::Text(text),
            InlineContent::Game(short_name) => Content::Game {
                bot,
                short_name,
                text: String::new(),
            },
        }
    }
}

impl World {
    /// The bot did not offer anything in time.
    pub(crate) fn inline_timed_out(&mut self, id: InlineQueryId) {
        if let Some(query) = self.inline_queries.get_mut(&id)
            && query.end.is_none()
        {
            query.end = Some(InlineEnd::TimedOut);
            self.effects.push(Effect::InlineEnded(id));
        }
    }
}
