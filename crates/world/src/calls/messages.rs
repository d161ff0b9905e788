//! Messages are deleted, forwarded and copied; someone is typing.

use super::Call;
use super::send::{Draft, accept_caption, accept_markup};
use crate::calls::ReplyTo;
use crate::{
    Aside, ChatKind, Content, Conversation, Effect, Error, FormattedText, Forward, ForwardFrom, MailChange,
    Mailbox, Message, MessageId, Payload, Peer, ReplyMarkup, Sender, UserId, World, journal,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

/// Bots may delete what is older only in channels (Bot API, `deleteMessage`).
const DELETABLE_FOR: Duration = Duration::from_secs(48 * 3600);

/// Someone deletes messages, for everyone.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Delete {
    /// Who.
    pub by: UserId,
    /// Where.
    pub peer: Peer,
    /// As the caller numbers them.
    pub messages: Vec<MessageId>,
    /// Pass over those that are not there or not the caller's to delete; otherwise they are an error.
    pub lenient: bool,
}

impl Call for Delete {
    type Output = usize;

    fn apply(self, world: &mut World) -> Result<usize, Error> {
        let conversation = world.readable(self.by, self.peer)?;
        let mut found = Vec::new();
        let mut seen = BTreeSet::new();
        for id in self.messages {
            if !seen.insert(id) {
                continue;
            }
            match world.message_at(self.by, self.peer, id) {
                Some(message) if world.may_delete(self.by, conversation, message) => {
                    found.push(Arc::clone(message))
                }
                Some(_) if !self.lenient => return Err(Error::CantBeDeleted),
                None if !self.lenient => return Err(Error::DeleteNotFound),
                _ => {}
            }
        }
        let mut gone: BTreeMap<Mailbox, Vec<MessageId>> = BTreeMap::new();
        for message in &found {
            world.remove(self.by, message);
            for (mailbox, id) in &message.ids {
                gone.entry(*mailbox).or_default().push(*id);
            }
        }
        for (mailbox, ids) in gone {
            let count = i32::try_from(ids.len()).unwrap_or(i32::MAX);
            world.count_mail(mailbox, count, MailChange::Deleted(ids));
        }
        Ok(found.len())
    }
}

impl World {
    /// Everyone in a conversation who is no bot.
    fn people_in(&self, conversation: Conversation) -> Vec<UserId> {
        let mut all: Vec<UserId> = match conversation {
            Conversation::Private(a, b) => vec![a, b],
            _ => self
                .chat_of(conversation)
                .into_iter()
                .flat_map(|chat| chat.present())
                .collect(),
        };
        all.retain(|user| !self.bots.contains_key(user));
        all
    }

    fn may_delete(&self, by: UserId, conversation: Conversation, message: &Message) -> bool {
        let is_bot = self.bots.contains_key(&by);
        let chat = self.chat_of(conversation);
        let is_admin = chat.is_some_and(|chat| chat.status(by).is_admin());
        let fresh = !is_bot
            || self.now.since(message.date) < DELETABLE_FOR
            || chat.is_some_and(|chat| chat.kind != ChatKind::Group && is_admin);
        let own = matches!(message.sender, Sender::User(id) if id == by);
        fresh && (own || is_admin || chat.is_none())
    }

    pub(crate) fn remove(&mut self, by: UserId, message: &Message) {
        let key = message.key;
        self.messages.remove(&key);
        self.scores.remove(&key);
        self.albums.remove(&key);
        self.forget_pin(message);
        for at in &message.ids {
            self.numbers.remove(at);
        }
        if let Some(id) = message.inline_id {
            self.inline_messages.remove(&id);
        }
        if let Some(thread) = self.threads.get_mut(&message.conversation)
            && let Ok(at) = thread.binary_search(&key)
        {
            thread.remove(at);
        }
        let first = (key, UserId(i64::MIN), Payload::Data(Vec::new()));
        while let Some((kept, _)) = self.cache.range(&first..).next()
            && kept.0 == key
        {
            let kept = kept.clone();
            self.cache.remove(&kept);
        }
        let actor = self.actor(by);
        let ids: Vec<(Mailbox, MessageId)> = message.ids.clone();
        self.journal(
            actor,
            journal::Kind::MessageDeleted {
                conversation: message.conversation,
                key,
                ids,
            },
        );
    }

    /// A message that `by` can read and may send on.
    fn find_source(
        &self,
        by: UserId,
        from: Peer,
        id: MessageId,
        missing: Error,
        refused: Error,
    ) -> Result<Arc<Message>, Error> {
        self.readable(by, from)?;
        let message = self.message_at(by, from, id).ok_or(missing)?;
        if message.protected || matches!(message.content, Content::Service(_)) {
            return Err(refused);
        }
        Ok(Arc::clone(message))
    }
}

/// Someone forwards a message.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Forwarding {
    /// Who.
    pub by: UserId,
    /// From where.
    pub from: Peer,
    /// As the caller numbers it.
    pub message: MessageId,
    /// To where.
    pub to: Peer,
    /// Without a sound.
    pub silent: bool,
    /// Not to be forwarded further.
    pub protected: bool,
}

impl Call for Forwarding {
    type Output = Arc<Message>;

    fn apply(self, world: &mut World) -> Result<Arc<Message>, Error> {
        let conversation = world.writable(self.by, self.to)?;
        let source = world.find_source(
            self.by,
            self.from,
            self.message,
            Error::ForwardNotFound,
            Error::CantBeForwarded,
        )?;
        let from = match (source.sender, source.ids.first()) {
            (Sender::Chat { .. }, Some((Mailbox::Channel(channel), id))) => {
                ForwardFrom::Channel(*channel, *id)
            }
            (Sender::User(user) | Sender::Chat { author: user }, _) => ForwardFrom::User(user),
        };
        let mut draft = Draft::new(self.by, conversation, source.content.clone());
        draft.sender = world.sender(self.by, conversation);
        draft.forward = Some(source.forward.clone().unwrap_or(Forward {
            from,
            date: source.date,
        }));
        draft.silent = self.silent;
        draft.protected = self.protected;
        // Of the keyboard nothing is forwarded: its buttons would ask a bot that did not send this message. But a
        // game can be played wherever it goes: there it is as if sent through its bot.
        if let Content::Game { bot, .. } = draft.content {
            draft.via_bot = Some(bot).filter(|bot| *bot != self.by);
            draft.markup = world.complete_markup(&draft.content, None);
        }
        Ok(world.deliver(draft))
    }
}

/// Someone sends the same again, as their own.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Copy {
    /// Who.
    pub by: UserId,
    /// From where.
    pub from: Peer,
    /// As the caller numbers it.
    pub message: MessageId,
    /// To where.
    pub to: Peer,
    /// Another caption than the original's.
    pub caption: Option<FormattedText>,
    /// With which keyboard.
    pub markup: Option<ReplyMarkup>,
    /// In reply to what.
    pub reply_to: Option<ReplyTo>,
    /// Without a sound.
    pub silent: bool,
    /// Not to be forwarded.
    pub protected: bool,
}

impl Call for Copy {
    type Output = Arc<Message>;

    fn apply(self, world: &mut World) -> Result<Arc<Message>, Error> {
        let conversation = world.writable(self.by, self.to)?;
        let source = world.find_source(
            self.by,
            self.from,
            self.message,
            Error::CopyNotFound,
            Error::CantBeCopied,
        )?;
        let mut content = source.content.clone();
        if matches!(content, Content::Game { .. }) {
            return Err(Error::CantBeCopied);
        }
        if let (Some(caption), Some(own)) = (content.caption_mut(), self.caption) {
            *caption = accept_caption(own)?;
        }
        // Copied dice roll anew (TD `dup_message_content`).
        let content = world.roll(self.by, self.to, content);
        let mut draft = Draft::new(self.by, conversation, content);
        draft.sender = world.sender(self.by, conversation);
        draft.markup = accept_markup(self.markup)?;
        draft.reply_to = match self.reply_to {
            Some(reply) => world.find_reply(self.by, self.to, reply)?,
            None => None,
        };
        draft.silent = self.silent;
        draft.protected = self.protected;
        Ok(world.deliver(draft))
    }
}

/// Someone is typing, or the like.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ChatAction {
    /// Who.
    pub from: UserId,
    /// Where.
    pub peer: Peer,
    /// As the Bot API calls it.
    pub action: String,
}

impl Call for ChatAction {
    type Output = ();

    fn apply(self, world: &mut World) -> Result<(), Error> {
        let conversation = world.writable(self.from, self.peer)?;
        let actor = world.actor(self.from);
        for user in world.people_in(conversation) {
            if user != self.from {
                let aside = Aside::Action {
                    conversation,
                    from: self.from,
                    action: self.action.clone(),
                };
                world.effects.push(Effect::Aside { user, aside });
            }
        }
        world.journal(
            actor,
            journal::Kind::ChatAction {
                conversation,
                from: self.from,
                action: self.action,
            },
        );
        Ok(())
    }
}
