//! A bot's queue of updates.

use crate::check::ensure;
use crate::{
    CALLBACK_LIFETIME, Conversation, Error, InlineMessageId, InlineQueryId, Member, Message, Payload,
    PressId, QueryId, Seq, Time, UpdateId, UserId,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

/// How long updates other than presses wait (TBA `Client.cpp:17155`).
pub const UPDATE_LIFETIME: Duration = Duration::from_secs(24 * 3600);
/// The most updates that `getUpdates` gives at once.
pub const MAX_BATCH: usize = 100;
/// Past this many waiting updates the oldest are dropped (TBA `Client.h`).
pub const MAX_QUEUE: usize = 100_000;

/// Something that a bot is told.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Update {
    /// A message, as it was then.
    Message(Arc<Message>),
    /// A message that was edited, as it was then.
    EditedMessage(Arc<Message>),
    /// A button was pressed.
    CallbackQuery {
        /// Its name for the bot.
        query: QueryId,
        /// The press.
        press: PressId,
        /// Who.
        from: UserId,
        /// The message with the button, as it was then.
        message: Arc<Message>,
        /// The message's name if it came through inline mode: then the bot is told only this.
        inline_id: Option<InlineMessageId>,
        /// What the button carries.
        payload: Payload,
        /// Names the chat, opaquely.
        chat_instance: i64,
    },
    /// Someone types the bot's name and a text.
    InlineQuery {
        /// Its name for the bot.
        query: InlineQueryId,
        /// Who.
        from: UserId,
        /// What was typed.
        text: String,
        /// Where the next results should start, as the bot said.
        offset: String,
        /// Where it was typed, if the user says so.
        chat: Option<Conversation>,
    },
    /// Someone sent one of the results.
    ChosenInlineResult {
        /// Which.
        result: String,
        /// Who.
        from: UserId,
        /// What was typed.
        text: String,
        /// The message's name, if it has buttons.
        inline_id: Option<InlineMessageId>,
    },
    /// The bot's own standing in a chat changed.
    MyChatMember(Arc<MemberChange>),
    /// Someone else's did.
    ChatMember(Arc<MemberChange>),
}

/// Someone's standing in a chat changed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MemberChange {
    /// Where.
    pub conversation: Conversation,
    /// By whom.
    pub by: UserId,
    /// Whose.
    pub user: UserId,
    /// When.
    pub at: Time,
    /// What it was.
    pub old: Member,
    /// What it is.
    pub new: Member,
}

impl Update {
    /// The update's kind as the Bot API calls it.
    pub fn kind(&self) -> UpdateKind {
        let is_post = |message: &Message| matches!(message.sender, crate::Sender::Chat { .. });
        match self {
            Update::Message(message) if is_post(message) => UpdateKind::ChannelPost,
            Update::Message(_) => UpdateKind::Message,
            Update::EditedMessage(message) if is_post(message) => UpdateKind::EditedChannelPost,
            Update::EditedMessage(_) => UpdateKind::EditedMessage,
            Update::CallbackQuery { .. } => UpdateKind::CallbackQuery,
            Update::InlineQuery { .. } => UpdateKind::InlineQuery,
            Update::ChosenInlineResult { .. } => UpdateKind::ChosenInlineResult,
            Update::MyChatMember(_) => UpdateKind::MyChatMember,
            Update::ChatMember(_) => UpdateKind::ChatMember,
        }
    }

    /// Updates of one lane reach a webhook one after the other; lanes do not wait for each other.
    pub fn lane(&self) -> Lane {
        match self {
            Update::Message(message) | Update::EditedMessage(message) => Lane::Chat(message.conversation),
            Update::CallbackQuery { from, .. } => Lane::Presser(*from),
            Update::InlineQuery { from, .. } | Update::ChosenInlineResult { from, .. } => Lane::Inline(*from),
            Update::MyChatMember(change) | Update::ChatMember(change) => Lane::Chat(change.conversation),
        }
    }

    fn lifetime(&self) -> Duration {
        match self {
            Update::CallbackQuery { .. } => CALLBACK_LIFETIME,
            _ => UPDATE_LIFETIME,
        }
    }
}

/// The kinds of update that this world makes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum UpdateKind {
    Message,
    EditedMessage,
    ChannelPost,
    EditedChannelPost,
    InlineQuery,
    ChosenInlineResult,
    CallbackQuery,
    MyChatMember,
    ChatMember,
}

impl UpdateKind {
    /// Every kind.
    pub const ALL: [UpdateKind; 9] = [
        UpdateKind::Message,
        UpdateKind::EditedMessage,
        UpdateKind::ChannelPost,
        UpdateKind::EditedChannelPost,
        UpdateKind::InlineQuery,
        UpdateKind::ChosenInlineResult,
        UpdateKind::CallbackQuery,
        UpdateKind::MyChatMember,
        UpdateKind::ChatMember,
    ];

    /// The kind's name in `allowed_updates`, and the update's field.
    pub fn name(self) -> &'static str {
        match self {
            UpdateKind::Message => "message",
            UpdateKind::EditedMessage => "edited_message",
            UpdateKind::ChannelPost => "channel_post",
            UpdateKind::EditedChannelPost => "edited_channel_post",
            UpdateKind::InlineQuery => "inline_query",
            UpdateKind::ChosenInlineResult => "chosen_inline_result",
            UpdateKind::CallbackQuery => "callback_query",
            UpdateKind::MyChatMember => "my_chat_member",
            UpdateKind::ChatMember => "chat_member",
        }
    }
}

/// The update kinds a bot wants. Bots are told everything but `chat_member` unless they say otherwise.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AllowedUpdates {
    /// The kinds that reach the bot.
    kinds: BTreeSet<UpdateKind>,
    /// What the bot asked for, in its words and order; empty if it asked for nothing.
    asked: Vec<String>,
}

impl Default for AllowedUpdates {
    fn default() -> Self {
        let kinds = UpdateKind::ALL
            .into_iter()
            .filter(|kind| *kind != UpdateKind::ChatMember)
            .collect();
        AllowedUpdates {
            kinds,
            asked: Vec::new(),
        }
    }
}

impl AllowedUpdates {
    /// What a bot asks for. `known` tells the Bot API's names from nonsense; a list with none of them is the default.
    pub fn named(names: Vec<String>, known: impl Fn(&str) -> bool) -> AllowedUpdates {
        let asked: Vec<String> = names.into_iter().filter(|name| known(name)).collect();
        if asked.is_empty() {
            return AllowedUpdates::default();
        }
        let kinds = UpdateKind::ALL
            .into_iter()
            .filter(|kind| asked.iter().any(|name| name == kind.name()))
            .collect();
        AllowedUpdates { kinds, asked }
    }

    /// What the bot asked for; empty for the default.
    pub fn asked(&self) -> &[String] {
        &self.asked
    }

    fn allow(&self, kind: UpdateKind) -> bool {
        self.kinds.contains(&kind)
    }
}

/// Which updates must keep their order on the way to a webhook.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Lane {
    /// Presses of one user.
    Presser(UserId),
    /// What happens in one chat.
    Chat(Conversation),
    /// Inline queries of one user.
    Inline(UserId),
}

/// An update that waits.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Waiting {
    /// What the bot will be told.
    pub update: Arc<Update>,
    /// When it leaves the queue unseen.
    pub expires: Time,
    /// The latest journal entry about it.
    pub trail: Seq,
    /// The bot was given it at least once.
    pub delivered: bool,
}

/// What waits for one bot: ids from a random base, then +1, each update until confirmed or expired.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct UpdateQueue {
    next: UpdateId,
    waiting: BTreeMap<UpdateId, Waiting>,
    /// When presses expire: all live equally long, so the first in is the first out.
    presses: VecDeque<(Time, UpdateId)>,
    others: VecDeque<(Time, UpdateId)>,
    /// When the world looks for expired updates next: one timer, however many wait.
    pub(crate) armed: Option<Time>,
    /// What the bot wants to hear of; kept until it says something else.
    pub allowed: AllowedUpdates,
}

impl UpdateQueue {
    /// A queue whose first update will be `first`.
    pub(crate) fn new(first: UpdateId) -> UpdateQueue {
        UpdateQueue {
            next: first,
            waiting: BTreeMap::new(),
            presses: VecDeque::new(),
            others: VecDeque::new(),
            armed: None,
            allowed: AllowedUpdates::default(),
        }
    }

    /// How many updates wait.
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Nothing waits.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// An update that waits.
    pub fn get(&self, id: UpdateId) -> Option<&Waiting> {
        self.waiting.get(&id)
    }

    pub(crate) fn get_mut(&mut self, id: UpdateId) -> Option<&mut Waiting> {
        self.waiting.get_mut(&id)
    }

    /// Adds an update, unless the bot does not want its kind.
    pub(crate) fn push(&mut self, update: Update, now: Time, trail: Seq) -> Option<UpdateId> {
        if !self.allowed.allow(update.kind()) {
            return None;
        }
        let id = self.next;
        self.next = UpdateId(id.0.checked_add(1).unwrap_or(1));
        let expires = now + update.lifetime();
        let book = match update {
            Update::CallbackQuery { .. } => &mut self.presses,
            _ => &mut self.others,
        };
        book.push_back((expires, id));
        self.waiting.insert(
            id,
            Waiting {
                update: Arc::new(update),
                expires,
                trail,
                delivered: false,
            },
        );
        // One update that stays must not keep a line in the books for each that came and went after it.
        if book.len() > 64 + 2 * self.waiting.len() {
            book.retain(|(_, id)| self.waiting.contains_key(id));
        }
        Some(id)
    }

    /// Takes out the oldest if more wait than may.
    pub(crate) fn overflow(&mut self) -> Option<Waiting> {
        (self.waiting.len() > MAX_QUEUE)
            .then(|| self.waiting.pop_first())
            .flatten()
            .map(|(_, waiting)| waiting)
    }

    /// The next updates for `getUpdates`, after forgetting what `offset` confirms.
    ///
    /// Positive: all below are confirmed; one that lies far outside what waits is taken as none
    /// (TD `TQueue.cpp`). Negative: only the last `-offset` are kept. Zero: from the first, confirming nothing.
    pub(crate) fn fetch(&mut self, offset: i32, limit: usize) -> (Vec<UpdateId>, Vec<Waiting>) {
        let mut gone = Vec::new();
        let head = self.waiting.first_key_value().map_or(self.next, |(id, _)| *id);
        let far = i64::from(offset) > i64::from(self.next.0) + 10
            || i64::from(offset) < i64::from(head.0) - 100_000;
        if offset < 0 {
            let surplus = self.waiting.len().saturating_sub(offset.unsigned_abs() as usize);
            for _ in 0..surplus {
                gone.extend(self.waiting.pop_first().map(|(_, waiting)| waiting));
            }
        } else if offset > 0 && !far {
            while let Some(first) = self.waiting.first_entry()
                && first.key().0 < offset
            {
                gone.push(first.remove());
            }
        }
        (self.waiting.keys().take(limit).copied().collect(), gone)
    }

    /// Takes an update out: the webhook took it, or it is not to be sent any more.
    pub(crate) fn remove(&mut self, id: UpdateId) -> Option<Waiting> {
        self.waiting.remove(&id)
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) -> Vec<Waiting> {
        self.presses.clear();
        self.others.clear();
        std::mem::take(&mut self.waiting).into_values().collect()
    }

    /// When the next update may have to leave; drops what left already from its own books.
    pub(crate) fn next_expiry(&mut self) -> Option<Time> {
        for book in [&mut self.presses, &mut self.others] {
            while book.front().is_some_and(|(_, id)| !self.waiting.contains_key(id)) {
                book.pop_front();
            }
        }
        self.presses
            .front()
            .into_iter()
            .chain(self.others.front())
            .map(|(expires, _)| *expires)
            .min()
    }

    /// Takes out what waited too long.
    pub(crate) fn expire(&mut self, now: Time) -> Vec<(UpdateId, Waiting)> {
        let mut gone = Vec::new();
        for book in [&mut self.presses, &mut self.others] {
            while let Some((expires, id)) = book.front().copied()
                && expires <= now
            {
                book.pop_front();
                gone.extend(self.waiting.remove(&id).map(|waiting| (id, waiting)));
            }
        }
        gone
    }

    /// What must hold between two events.
    pub(crate) fn check(&self, now: Time) -> Result<(), String> {
        let books = || self.presses.iter().chain(&self.others);
        ensure!(self.waiting.len() <= MAX_QUEUE, "too many updates wait");
        for (id, waiting) in &self.waiting {
            ensure!(*id < self.next, "update {id} comes from the future");
            ensure!(waiting.expires >= now, "update {id} waits after its time");
            ensure!(
                self.armed.is_some_and(|armed| armed <= waiting.expires),
                "update {id} would outstay its time"
            );
            ensure!(
                self.waiting.len() > 100 || books().any(|line| *line == (waiting.expires, *id)),
                "update {id} is in no book"
            );
        }
        Ok(())
    }

    /// Everything that waits, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = (UpdateId, &Waiting)> {
        self.waiting.iter().map(|(id, waiting)| (*id, waiting))
    }
}

/// What the edge that waits in `getUpdates` must do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PollSignal {
    /// Something waits in the queue: fetch again.
    Wake,
    /// Give up with this error.
    End(Error),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ChannelId, Status};

    fn update() -> Update {
        let member = Member {
            status: Status::Member,
            since: Time(0),
            until: None,
        };
        Update::MyChatMember(Arc::new(MemberChange {
            conversation: Conversation::Channel(ChannelId(1)),
            by: UserId(1),
            user: UserId(2),
            at: Time(0),
            old: member,
            new: member,
        }))
    }

    #[test]
    fn what_stays_keeps_no_books_on_what_went() {
        let mut queue = UpdateQueue::new(UpdateId(1));
        queue.push(update(), Time(0), Seq(1));
        for _ in 0..10_000 {
            let id = queue.push(update(), Time(0), Seq(1)).unwrap();
            queue.remove(id);
        }
        assert_eq!(queue.len(), 1);
        assert!(queue.others.len() < 100, "{} lines", queue.others.len());
    }

    #[test]
    fn the_oldest_goes_when_too_many_wait() {
        let mut queue = UpdateQueue::new(UpdateId(1));
        let mut dropped = 0;
        for _ in 0..MAX_QUEUE + 3 {
            queue.push(update(), Time(0), Seq(1));
            dropped += usize::from(queue.overflow().is_some());
        }
        assert_eq!((queue.len(), dropped), (MAX_QUEUE, 3));
        assert_eq!(queue.iter().next().map(|(id, _)| id), Some(UpdateId(4)));
    }
}
