//! What must hold after every event: for tests, which ask after each.

use crate::world::Timer;
use crate::{Conversation, Message, Peer, State, World};
use std::collections::BTreeSet;

/// Returns from the function around it with what is wrong.
macro_rules! ensure {
    ($holds:expr, $($what:tt)+) => {
        if !$holds {
            return Err(format!($($what)+));
        }
    };
}
pub(crate) use ensure;

impl World {
    /// Looks for contradictions between the parts of the state.
    ///
    /// # Errors
    /// The first one found, in words.
    #[doc(hidden)]
    pub fn check(&self) -> Result<(), String> {
        ensure!(
            self.effects.is_empty() && self.cause.is_none(),
            "something of an event is left over"
        );
        self.check_names()?;
        self.check_messages()?;
        self.check_presses()?;
        self.check_queries()?;
        self.check_receiving()?;
        self.check_profiles()?;
        let late = self.timers.first().filter(|(due, _)| *due < self.now);
        ensure!(late.is_none(), "due, but not done: {late:?}");
        Ok(())
    }

    /// Names, numbers and tokens lead to who has them.
    fn check_names(&self) -> Result<(), String> {
        for (id, user) in &self.users {
            ensure!(*id == user.id, "user {id} is filed wrong");
            ensure!(
                user.is_bot == self.bots.contains_key(id),
                "user {id} is half a bot"
            );
            if let Some(name) = &user.username {
                ensure!(
                    self.resolve(name) == Some(Peer::User(*id)),
                    "@{name} does not lead to {id}"
                );
            }
            if let Some(phone) = &user.phone {
                ensure!(
                    self.user_by_phone(phone) == Some(*id),
                    "{phone} does not lead to {id}"
                );
            }
        }
        for (id, bot) in &self.bots {
            ensure!(
                self.bot_by_token(&bot.token) == Some(*id),
                "bot {id}'s token does not lead to it"
            );
        }
        Ok(())
    }

    /// Each message is found by all its numbers, in its thread, and nowhere else.
    fn check_messages(&self) -> Result<(), String> {
        let mut numbers = 0;
        for (key, message) in &self.messages {
            let Message {
                conversation, ids, ..
            } = &**message;
            numbers += ids.len();
            for (mailbox, id) in ids {
                ensure!(
                    self.numbers.get(&(*mailbox, *id)) == Some(key),
                    "{id} in {mailbox:?} is not {key}"
                );
                ensure!(
                    self.last_number.get(mailbox).is_some_and(|last| last >= id),
                    "{mailbox:?} would give {id} again"
                );
            }
            ensure!(
                self.threads
                    .get(conversation)
                    .is_some_and(|thread| thread.binary_search(key).is_ok()),
                "{key} is not in its thread"
            );
            if let Some(id) = message.inline_id {
                ensure!(
                    self.inline_messages.get(&id) == Some(key),
                    "{key}'s inline name does not lead to it"
                );
            }
        }
        ensure!(numbers == self.numbers.len(), "numbers of messages that are gone");
        let filed: usize = self.threads.values().map(Vec::len).sum();
        ensure!(
            filed == self.messages.len(),
            "threads with messages that are gone"
        );
        let gone = self
            .inline_messages
            .values()
            .chain(self.scores.keys())
            .chain(self.albums.keys())
            .chain(self.cache.keys().map(|(key, ..)| key))
            .find(|key| !self.messages.contains_key(key));
        ensure!(gone.is_none(), "{gone:?} is gone, but something of it is kept");
        for (conversation, pins) in &self.pinned {
            let here = |key| {
                self.message(key)
                    .is_some_and(|message| message.conversation == *conversation)
            };
            ensure!(!pins.is_empty() && pins.is_sorted(), "pins are filed wrong");
            ensure!(pins.iter().all(|key| here(*key)), "something pinned is gone");
        }
        for (user, peer) in &self.dialogs {
            if let Conversation::Private(a, b) = Conversation::of(*user, *peer) {
                ensure!(
                    self.users.contains_key(&a) && self.users.contains_key(&b),
                    "a chat with nobody"
                );
            }
        }
        Ok(())
    }

    /// Profiles are those of chats, administrators and bots that there are, and not empty.
    fn check_profiles(&self) -> Result<(), String> {
        for (chat, text) in &self.profiles.descriptions {
            ensure!(
                self.chat(*chat).is_some() && !text.is_empty(),
                "{chat:?} is described for nothing"
            );
        }
        for ((chat, user), title) in &self.profiles.titles {
            let is_admin = self.chat(*chat).is_some_and(|chat| chat.status(*user).is_admin());
            ensure!(
                is_admin && !title.is_empty(),
                "{user} in {chat:?} has a title for nothing"
            );
        }
        for ((chat, user), hash) in &self.profiles.came_by {
            let is_in = self.chat(*chat).is_some_and(|chat| chat.status(*user).is_in());
            ensure!(is_in, "{user} came into {chat:?} by {hash}, but is not in it");
        }
        let buttons = self.profiles.menu_buttons.keys().map(|(bot, _)| bot);
        let rights = self.profiles.default_rights.keys().map(|(bot, _)| bot);
        let stranger = buttons.chain(rights).find(|bot| !self.bots.contains_key(bot));
        ensure!(
            stranger.is_none(),
            "{stranger:?} is no bot, but has a bot's profile"
        );
        Ok(())
    }

    /// A press has ended, or its query is open.
    fn check_presses(&self) -> Result<(), String> {
        let ended: BTreeSet<_> = self.ended.iter().collect();
        ensure!(ended.len() == self.ended.len(), "a press ended twice");
        for (id, press) in &self.presses {
            ensure!(*id == press.id, "press {id} is filed wrong");
            ensure!(
                press.end.is_some() == ended.contains(id),
                "press {id} is not filed as ended"
            );
            let query = press.query.and_then(|query| self.callback_query(query));
            let open = query.is_some_and(|query| query.state.is_open());
            ensure!(
                press.end.is_none() == open,
                "press {id} has {:?}, but its query is {:?}",
                press.end,
                query.map(|query| &query.state)
            );
        }
        let gone = ended.iter().find(|id| !self.presses.contains_key(id));
        ensure!(gone.is_none(), "press {gone:?} is forgotten, but filed as ended");
        Ok(())
    }

    /// Whatever is open is indexed, has its timer and is not overdue; nothing else has.
    fn check_queries(&self) -> Result<(), String> {
        let mut open = 0;
        for (id, query) in &self.queries {
            ensure!(
                self.press(query.press).and_then(|press| press.query) == Some(*id),
                "query {id} has lost its press"
            );
            let is_open = query.state.is_open();
            open += usize::from(is_open);
            ensure!(
                !is_open || query.deadline >= self.now,
                "query {id} is open after its deadline"
            );
            let timer = (query.deadline, Timer::Press(*id));
            ensure!(
                self.timers.contains(&timer) == is_open,
                "query {id} is {:?}, and its timer not",
                query.state
            );
            let listed = self.open.get(&query.message);
            let listed = listed.is_some_and(|open| open.contains(id));
            ensure!(
                listed == is_open,
                "query {id} is {:?}, and the index says otherwise",
                query.state
            );
            if let State::Queued(update) = query.state {
                let queue = self.bots.get(&query.bot).map(|bot| &bot.queue);
                let waiting = queue.and_then(|queue| queue.get(update));
                ensure!(
                    waiting.is_some_and(|waiting| !waiting.delivered),
                    "query {id} is queued, and its update not"
                );
            }
        }
        let listed: usize = self.open.values().map(Vec::len).sum();
        ensure!(listed == open, "{listed} queries listed as open, {open} are");
        for (id, query) in &self.inline_queries {
            let timer = (query.deadline, Timer::Inline(*id));
            ensure!(
                self.timers.contains(&timer) == query.end.is_none(),
                "inline query {id} and its timer differ"
            );
        }
        Ok(())
    }

    /// Queues and webhooks fit together, and each queue that can expire has one timer.
    fn check_receiving(&self) -> Result<(), String> {
        let mut armed = 0;
        for (id, bot) in &self.bots {
            bot.queue
                .check(self.now)
                .map_err(|wrong| format!("bot {id}: {wrong}"))?;
            if let Some(due) = bot.queue.armed {
                armed += 1;
                ensure!(
                    self.timers.contains(&(due, Timer::Queue(*id))),
                    "bot {id}'s queue has no timer"
                );
            }
            if let Some(webhook) = &bot.webhook {
                ensure!(bot.poll.is_none(), "bot {id} polls beside its webhook");
                webhook
                    .check(&bot.queue)
                    .map_err(|wrong| format!("bot {id}: {wrong}"))?;
                for lane in webhook.resting() {
                    let has_timer = self
                        .timers
                        .iter()
                        .any(|(_, timer)| *timer == Timer::Retry(*id, lane));
                    ensure!(has_timer, "bot {id}: {lane:?} rests for ever");
                }
            }
        }
        let timers = self
            .timers
            .iter()
            .filter(|(_, timer)| matches!(timer, Timer::Queue(_)))
            .count();
        ensure!(timers == armed, "{timers} timers for {armed} queues");
        Ok(())
    }
}
