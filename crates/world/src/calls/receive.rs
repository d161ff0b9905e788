//! Bots receive their updates: by asking, or at their webhook.

use super::Call;
use crate::query::State;
use crate::world::{Effect, Timer};
use crate::{
    Actor, AllowedUpdates, Conversation, DEFAULT_MAX_CONNECTIONS, Error, Lane, MAX_BATCH, PollId, PollSignal,
    Seq, Update, UpdateId, UserId, Via, Waiting, Webhook, WebhookConfig, World, journal,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

/// An update as it is handed to its bot.
#[derive(Clone, PartialEq, Debug)]
pub struct Delivery {
    /// Its number.
    pub id: UpdateId,
    /// What it says.
    pub update: Arc<Update>,
}

/// A bot asks for updates, or looks again after [`PollSignal::Wake`].
///
/// Whoever else is waiting for the same bot is told to give up. If nothing is there, the call waits: it is woken
/// by an [`Effect::Poll`], and must be ended by [`ClosePoll`] if the caller goes away or has waited enough.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct GetUpdates {
    /// Who.
    pub bot: UserId,
    /// This call's name, unique among those that wait.
    pub poll: PollId,
    /// See the Bot API: positive confirms, negative keeps only the last, 0 starts at the first.
    pub offset: i32,
    /// 1 to 100; out of range is brought into it.
    pub limit: i64,
    /// What it wants to hear of from now on; `None`: as before.
    pub allowed: Option<AllowedUpdates>,
    /// The caller will wait if there is nothing.
    pub waits: bool,
}

impl Call for GetUpdates {
    type Output = Vec<Delivery>;

    fn apply(self, world: &mut World) -> Result<Vec<Delivery>, Error> {
        let bot = world.bots.get_mut(&self.bot).ok_or(Error::Unauthorized)?;
        if bot.webhook.is_some() {
            return Err(Error::WebhookActive);
        }
        if let Some(other) = bot.poll.take_if(|other| *other != self.poll) {
            world
                .effects
                .push(Effect::Poll(other, PollSignal::End(Error::OtherGetUpdates)));
        }
        bot.has_polled = true;
        if let Some(allowed) = self.allowed {
            bot.queue.allowed = allowed;
        }
        let limit = usize::try_from(self.limit.clamp(1, MAX_BATCH as i64)).unwrap_or(MAX_BATCH);
        let (ids, gone) = bot.queue.fetch(self.offset, limit);
        bot.poll = (ids.is_empty() && self.waits).then_some(self.poll);
        world.left_queue(&gone);
        Ok(ids
            .into_iter()
            .filter_map(|id| world.deliver_update(self.bot, id, Via::Polling))
            .collect())
    }
}

/// A `getUpdates` that waited is over: its caller went away or has waited enough.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ClosePoll {
    /// Whose.
    pub bot: UserId,
    /// Which.
    pub poll: PollId,
}

impl Call for ClosePoll {
    type Output = ();

    fn apply(self, world: &mut World) -> Result<(), Error> {
        if let Some(bot) = world.bots.get_mut(&self.bot) {
            bot.poll.take_if(|poll| *poll == self.poll);
        }
        Ok(())
    }
}

/// A bot wants its updates sent.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SetWebhook {
    /// Who.
    pub bot: UserId,
    /// Where and how. The edge has checked that it can reach the address at all.
    pub config: WebhookConfig,
    /// What it wants to hear of from now on; `None`: as before.
    pub allowed: Option<AllowedUpdates>,
    /// Forget what waits.
    pub drop_pending: bool,
}

impl Call for SetWebhook {
    /// Whether anything is otherwise now.
    type Output = bool;

    fn apply(self, world: &mut World) -> Result<bool, Error> {
        if let Some(secret) = &self.config.secret_token {
            if secret.len() > 256 {
                return Err(Error::SecretTokenTooLong);
            }
            if !secret
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
            {
                return Err(Error::SecretTokenInvalid);
            }
        }
        let mut config = self.config;
        config.max_connections = match config.max_connections {
            0 => DEFAULT_MAX_CONNECTIONS,
            asked => asked.min(100),
        };
        let bot = world.bots.get_mut(&self.bot).ok_or(Error::Unauthorized)?;
        if let Some(poll) = bot.poll.take() {
            world
                .effects
                .push(Effect::Poll(poll, PollSignal::End(Error::WebhookTookOver)));
        }
        let allowed_changed = self
            .allowed
            .as_ref()
            .is_some_and(|allowed| *allowed != bot.queue.allowed);
        if let Some(allowed) = self.allowed {
            bot.queue.allowed = allowed;
        }
        let gone = if self.drop_pending {
            bot.queue.clear()
        } else {
            Vec::new()
        };
        let changed = allowed_changed
            || self.drop_pending
            || bot.webhook.as_ref().is_none_or(|old| old.config != config);
        world.left_queue(&gone);
        if changed && let Some(bot) = world.bots.get_mut(&self.bot) {
            let mut webhook = Webhook::new(config);
            for (id, waiting) in bot.queue.iter() {
                webhook.push(waiting.update.lane(), id);
            }
            bot.webhook = Some(webhook);
            world.drop_retries(self.bot);
            world.pump(self.bot);
        }
        Ok(changed)
    }
}

/// A bot wants to ask for its updates again.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct DeleteWebhook {
    /// Who.
    pub bot: UserId,
    /// Forget what waits.
    pub drop_pending: bool,
}

impl Call for DeleteWebhook {
    /// Whether there was one.
    type Output = bool;

    fn apply(self, world: &mut World) -> Result<bool, Error> {
        let bot = world.bots.get_mut(&self.bot).ok_or(Error::Unauthorized)?;
        let had = bot.webhook.take().is_some();
        if self.drop_pending {
            let gone = bot.queue.clear();
            world.left_queue(&gone);
        }
        world.drop_retries(self.bot);
        Ok(had)
    }
}

/// What came of an [`Effect::Deliver`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct WebhookResult {
    /// Whose webhook.
    pub bot: UserId,
    /// The address it was sent to: a result of a former webhook counts no more.
    pub url: String,
    /// Which update.
    pub update: UpdateId,
    /// Its lane.
    pub lane: Lane,
    /// What came of it.
    pub outcome: WebhookOutcome,
}

/// How sending one update ended.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum WebhookOutcome {
    /// The bot took it: any status from 200 to 299.
    Taken,
    /// It did not.
    Failed {
        /// In words, for `getWebhookInfo`.
        error: String,
        /// The bot said when to try again.
        retry_after: Option<Duration>,
    },
}

impl Call for WebhookResult {
    type Output = ();

    fn apply(self, world: &mut World) -> Result<(), Error> {
        let now = world.now;
        let cap = Duration::from_secs(
            60 + world
                .seed
                .number("webhook back-off", &[self.bot.0.cast_unsigned()])
                % 61,
        );
        let Some(bot) = world.bots.get_mut(&self.bot) else {
            return Ok(());
        };
        let Some(webhook) = bot
            .webhook
            .as_mut()
            .filter(|webhook| webhook.config.url == self.url)
        else {
            return Ok(());
        };
        let waiting = bot
            .queue
            .get(self.update)
            .map(|waiting| (waiting.expires, waiting.trail));
        match (self.outcome, waiting) {
            (WebhookOutcome::Taken, _) => {
                bot.queue.remove(self.update);
                webhook.done(self.lane, self.update);
            }
            (WebhookOutcome::Failed { .. }, None) => webhook.done(self.lane, self.update),
            (WebhookOutcome::Failed { error, retry_after }, Some((expires, trail))) => {
                let Some(retry_in) = webhook.failed(self.lane, self.update, retry_after, cap) else {
                    return Ok(());
                };
                webhook.last_error = Some((now, error.clone()));
                let retry_at = now + retry_in;
                // What would be too old by then is given up, and what comes after it need not wait.
                let gone = (retry_at >= expires)
                    .then(|| bot.queue.remove(self.update))
                    .flatten();
                if gone.is_some() {
                    webhook.done(self.lane, self.update);
                } else {
                    world.timers.insert((retry_at, Timer::Retry(self.bot, self.lane)));
                }
                let kind = journal::Kind::WebhookFailed {
                    bot: self.bot,
                    update: self.update,
                    error,
                    retry_in,
                };
                let seq = world.journal_after(Some(trail), Actor::Server, kind);
                if let Some(waiting) = gone {
                    world.journal_expired(self.bot, self.update, &waiting.update, seq);
                }
            }
        }
        world.pump(self.bot);
        Ok(())
    }
}

impl World {
    /// Puts an update into a bot's queue, unless the bot does not want its kind.
    pub(crate) fn tell(&mut self, id: UserId, update: Update, cause: Seq) -> Option<UpdateId> {
        let now = self.now;
        let bot = self.bots.get_mut(&id)?;
        let (kind, lane, press) = (update.kind(), update.lane(), press_of(&update));
        let update = bot.queue.push(update, now, cause)?;
        let gone = bot.queue.overflow();
        self.left_queue(gone.as_slice());
        let seq = self.journal_after(
            Some(cause),
            Actor::Server,
            journal::Kind::UpdateQueued {
                bot: id,
                update,
                kind,
                press,
            },
        );
        let bot = self.bots.get_mut(&id)?;
        let waiting = bot.queue.get_mut(update)?;
        waiting.trail = seq;
        self.arm_queue(id);
        self.effects.push(crate::Effect::BotUpdate { bot: id, update });
        let bot = self.bots.get_mut(&id)?;
        if let Some(webhook) = &mut bot.webhook {
            webhook.push(lane, update);
            self.pump(id);
        } else if let Some(poll) = bot.poll {
            self.effects.push(Effect::Poll(poll, PollSignal::Wake));
        }
        Some(update)
    }

    /// Hands an update over: from now on it counts as delivered.
    pub(crate) fn deliver_update(&mut self, id: UserId, update: UpdateId, via: Via) -> Option<Delivery> {
        let bot = self.bots.get_mut(&id)?;
        let waiting = bot.queue.get_mut(update)?;
        let delivery = Delivery {
            id: update,
            update: Arc::clone(&waiting.update),
        };
        let first = !std::mem::replace(&mut waiting.delivered, true);
        if first {
            let trail = waiting.trail;
            let kind = delivery.update.kind();
            let press = press_of(&delivery.update);
            let entry = journal::Kind::UpdateDelivered {
                bot: id,
                update,
                kind,
                press,
                via,
            };
            let seq = self.journal_after(Some(trail), Actor::Server, entry);
            let bot = self.bots.get_mut(&id)?;
            if let Some(waiting) = bot.queue.get_mut(update) {
                waiting.trail = seq;
            }
            if let Some(conversation) = conversation_of(&delivery.update) {
                bot.heard.insert(conversation, seq);
            }
            match &*delivery.update {
                Update::CallbackQuery { query, .. } => {
                    if let Some(query) = self.queries.get_mut(query) {
                        query.trail = seq;
                        if matches!(query.state, State::Pressed | State::Queued(_)) {
                            query.state = State::Delivered;
                        }
                    }
                }
                Update::InlineQuery { query, .. } => {
                    if let Some(query) = self.inline_queries.get_mut(query) {
                        query.trail = seq;
                    }
                }
                _ => {}
            }
        }
        Some(delivery)
    }

    /// Sends to a webhook whatever may go now.
    pub(crate) fn pump(&mut self, id: UserId) {
        while let Some(webhook) = self.bots.get_mut(&id).and_then(|bot| bot.webhook.as_mut())
            && let Some((lane, update)) = webhook.next()
        {
            if self.deliver_update(id, update, Via::Webhook).is_some() {
                self.effects.push(Effect::Deliver {
                    bot: id,
                    update,
                    lane,
                });
            } else if let Some(webhook) = self.bots.get_mut(&id).and_then(|bot| bot.webhook.as_mut()) {
                webhook.done(lane, update);
            }
        }
    }

    pub(crate) fn webhook_retry(&mut self, id: UserId, lane: Lane) {
        if let Some(webhook) = self.bots.get_mut(&id).and_then(|bot| bot.webhook.as_mut()) {
            webhook.retry(lane);
            self.pump(id);
        }
    }

    fn drop_retries(&mut self, id: UserId) {
        self.timers
            .retain(|(_, timer)| !matches!(timer, Timer::Retry(bot, _) if *bot == id));
    }

    /// Something has waited too long in a bot's queue.
    pub(crate) fn queue_expired(&mut self, id: UserId) {
        let now = self.now;
        let Some(bot) = self.bots.get_mut(&id) else { return };
        bot.queue.armed = None;
        let gone: Vec<(UpdateId, Waiting)> = bot.queue.expire(now);
        for (update, waiting) in &gone {
            if let Some(webhook) = &mut bot.webhook {
                webhook.forget(waiting.update.lane(), *update);
            }
        }
        self.arm_queue(id);
        for (update, waiting) in gone {
            // What was delivered and merely not confirmed did not fail to arrive.
            if waiting.delivered {
                continue;
            }
            self.journal_expired(id, update, &waiting.update, waiting.trail);
            self.left_queue(&[waiting]);
        }
    }

    fn journal_expired(&mut self, bot: UserId, update: UpdateId, what: &Update, cause: Seq) {
        let kind = journal::Kind::UpdateExpired {
            bot,
            update,
            kind: what.kind(),
            press: press_of(what),
        };
        self.journal_after(Some(cause), Actor::Server, kind);
    }

    /// Sees to it that the world looks at a queue when its first update expires. A look too early, because that
    /// update has left meanwhile, finds nothing and only sets the timer anew.
    fn arm_queue(&mut self, id: UserId) {
        let Some(queue) = self.bots.get_mut(&id).map(|bot| &mut bot.queue) else {
            return;
        };
        if let Some(due) = queue.next_expiry()
            && queue.armed.is_none_or(|armed| due < armed)
        {
            if let Some(old) = queue.armed.replace(due) {
                self.timers.remove(&(old, Timer::Queue(id)));
            }
            self.timers.insert((due, Timer::Queue(id)));
        }
    }

    /// These are in their queue no more. A press among them that the bot never saw is not on its way any longer:
    /// the presser waits on, in vain, or has given up already.
    fn left_queue(&mut self, gone: &[Waiting]) {
        for waiting in gone.iter().filter(|waiting| !waiting.delivered) {
            if let Update::CallbackQuery { query, .. } = &*waiting.update
                && let Some(query) = self.queries.get_mut(query)
            {
                match query.state {
                    State::Queued(_) => query.state = State::Pressed,
                    State::TimedOut => query.state = State::Expired,
                    _ => {}
                }
            }
        }
    }
}

fn press_of(update: &Update) -> Option<crate::PressId> {
    match update {
        Update::CallbackQuery { press, .. } => Some(*press),
        _ => None,
    }
}

fn conversation_of(update: &Update) -> Option<Conversation> {
    match update {
        Update::Message(message) | Update::EditedMessage(message) => Some(message.conversation),
        Update::CallbackQuery {
            message,
            inline_id: None,
            ..
        } => Some(message.conversation),
        Update::MyChatMember(change) | Update::ChatMember(change) => Some(change.conversation),
        Update::CallbackQuery { .. } | Update::InlineQuery { .. } | Update::ChosenInlineResult { .. } => None,
    }
}
