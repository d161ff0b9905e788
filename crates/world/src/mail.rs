//! What happens in a mailbox, counted, so that a client can tell what it missed.
//!
//! Each mailbox counts its changes (MTProto's `pts`) and keeps the latest of them. The Bot API has no use for it:
//! its queues are in [`queue`](crate::UpdateQueue).

use crate::world::Effect;
use crate::{ChannelId, Conversation, Mailbox, Message, MessageId, MessageKey, Peer, UserId, World};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// This many changes of each mailbox are kept.
pub const MAX_MAIL: usize = 1000;

/// The count of a mailbox, and its latest changes.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Mail {
    pts: i32,
    log: VecDeque<MailEntry>,
}

/// One change of a mailbox.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MailEntry {
    /// What the mailbox has counted to with it.
    pub pts: i32,
    /// How much it counts for.
    pub count: i32,
    /// What changed.
    pub change: MailChange,
}

/// What changed in a mailbox.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum MailChange {
    /// A message came.
    New(MessageKey),
    /// A message changed.
    Edited(MessageKey),
    /// These are gone.
    Deleted(Vec<MessageId>),
    /// These were pinned, or are not any more.
    Pinned {
        /// Where.
        peer: Peer,
        /// Which.
        ids: Vec<MessageId>,
        /// Pinned or unpinned.
        pinned: bool,
    },
    /// The owner has read what others wrote in this chat, up to here.
    ReadInbox(Peer, MessageId),
    /// The other has read what the owner wrote in this chat, up to here.
    ReadOutbox(Peer, MessageId),
}

/// Something that whoever is there is told, and who was away learns by looking.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Aside {
    /// What the user is in a chat has changed, or what the chat says of itself.
    Standing(Conversation),
    /// The user has read a supergroup or channel up to here.
    Read(ChannelId, MessageId),
    /// A bot with which the user has a chat shows other commands there than before.
    Commands(UserId),
    /// A bot's menu button is another for the user than before.
    MenuButton(UserId),
    /// Someone is typing, or the like; the action as the Bot API calls it.
    Action {
        /// Where.
        conversation: Conversation,
        /// Who.
        from: UserId,
        /// What.
        action: String,
    },
}

impl World {
    /// What a mailbox has counted to; 1 if nothing ever happened in it.
    pub fn pts(&self, mailbox: Mailbox) -> i32 {
        self.mail.get(&mailbox).map_or(1, |mail| mail.pts + 1)
    }

    /// What happened in a mailbox since it had counted to `pts`, oldest first; `None` if that is not kept any more.
    pub fn mail_since(&self, mailbox: Mailbox, pts: i32) -> Option<Vec<&MailEntry>> {
        if pts >= self.pts(mailbox) {
            return Some(Vec::new());
        }
        let log = &self.mail.get(&mailbox)?.log;
        let first = log.front()?;
        if pts < first.pts - first.count {
            return None;
        }
        Some(log.iter().filter(|entry| entry.pts > pts).collect())
    }

    /// What happened in a mailbox as far as it is kept, newest first.
    pub fn latest_mail(&self, mailbox: Mailbox) -> impl Iterator<Item = &MailEntry> {
        self.mail
            .get(&mailbox)
            .into_iter()
            .flat_map(|mail| mail.log.iter().rev())
    }

    /// Counts a change, keeps it, and tells whoever listens to the mailbox.
    pub(crate) fn count_mail(&mut self, mailbox: Mailbox, count: i32, change: MailChange) -> i32 {
        let mail = self.mail.entry(mailbox).or_default();
        mail.pts = mail.pts.saturating_add(count);
        let entry = MailEntry {
            pts: mail.pts + 1,
            count,
            change,
        };
        let pts = entry.pts;
        mail.log.push_back(entry.clone());
        if mail.log.len() > MAX_MAIL {
            mail.log.pop_front();
        }
        self.effects.push(Effect::Mail { mailbox, entry });
        pts
    }

    /// A message came or changed: in every mailbox it lies in.
    pub(crate) fn mail_message(&mut self, message: &Message, change: fn(MessageKey) -> MailChange) {
        for (mailbox, _) in &message.ids {
            // A bot's own mailbox has only what the bot hears.
            let deaf = matches!(mailbox, Mailbox::User(id) if !self.may_hear(*id, message));
            if !deaf {
                self.count_mail(*mailbox, 1, change(message.key));
            }
        }
    }

    /// May a bot know of this message of a supergroup or channel? People may of all.
    pub fn may_hear(&self, user: UserId, message: &Message) -> bool {
        if !self.bots.contains_key(&user) || message.author() == Some(user) {
            return true;
        }
        self.chat_of(message.conversation)
            .is_none_or(|chat| self.hears(user, chat, message))
    }

    /// The number of the last message in the chat that `user` has read; 0 if none.
    pub fn read_inbox(&self, user: UserId, peer: Peer) -> MessageId {
        self.read_until(user, user, peer)
    }

    /// The number of the last message of `user`'s in a private chat that the other has read; 0 if none.
    pub fn read_outbox(&self, user: UserId, peer: Peer) -> MessageId {
        match peer {
            Peer::User(other) => self.read_until(other, user, peer),
            _ => MessageId(0),
        }
    }

    /// How many messages of others in the chat `user` has not read.
    pub fn unread(&self, user: UserId, peer: Peer) -> usize {
        let own = self.read_mark(user, Conversation::of(user, peer).peer(user));
        self.history(user, peer)
            .take_while(|message| own.is_none_or(|key| message.key > key))
            .filter(|message| message.author() != Some(user))
            .count()
    }

    fn read_mark(&self, reader: UserId, peer: Peer) -> Option<MessageKey> {
        self.read.get(&(reader, peer)).copied()
    }

    /// Up to where `reader` has read the chat that `viewer` calls `peer`, in `viewer`'s numbers.
    fn read_until(&self, reader: UserId, viewer: UserId, peer: Peer) -> MessageId {
        let conversation = Conversation::of(viewer, peer);
        let Some(key) = self.read_mark(reader, conversation.peer(reader)) else {
            return MessageId(0);
        };
        let number = |message: &Message| message.id_for(viewer);
        match self.message(key).and_then(|message| number(message)) {
            Some(id) => id,
            // It is gone: the last before it that is not.
            None => self
                .history(viewer, peer)
                .find(|message| message.key < key)
                .and_then(|message| number(message))
                .unwrap_or(MessageId(0)),
        }
    }
}
