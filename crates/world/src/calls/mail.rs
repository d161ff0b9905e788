//! Reading, and what edges that push report.

use super::Call;
use crate::mail::MailChange;
use crate::{
    Actor, Aside, Conversation, Effect, Error, Mailbox, MessageId, Peer, Update, UpdateId, UserId, Via,
    World, journal,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Someone has read a chat.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ReadHistory {
    /// Who.
    pub by: UserId,
    /// Where.
    pub peer: Peer,
    /// Up to this message, as the reader numbers it; none: all of it.
    pub until: Option<MessageId>,
}

impl Call for ReadHistory {
    /// How much the reader's mailbox has counted for it.
    type Output = i32;

    fn apply(self, world: &mut World) -> Result<i32, Error> {
        let conversation = world.readable(self.by, self.peer)?;
        let last = world
            .history(self.by, self.peer)
            .find(|message| {
                self.until
                    .is_none_or(|until| message.id_for(self.by).is_some_and(|id| id <= until))
            })
            .map(Arc::clone);
        let Some(last) = last else { return Ok(0) };
        let mark = (self.by, self.peer);
        if world.read.get(&mark).is_some_and(|key| *key >= last.key) {
            return Ok(0);
        }
        world.read.insert(mark, last.key);
        if let Some(id) = last.id_for(self.by)
            && !matches!(self.peer, Peer::Channel(_))
        {
            world.count_mail(Mailbox::User(self.by), 1, MailChange::ReadInbox(self.peer, id));
        }
        if let (Peer::Channel(channel), Some(id)) = (self.peer, last.id_for(self.by)) {
            let (user, aside) = (self.by, Aside::Read(channel, id));
            world.effects.push(Effect::Aside { user, aside });
        }
        if let Peer::User(other) = self.peer
            && other != self.by
        {
            let theirs = conversation.peer(other);
            if let Some(id) = last.id_for(other) {
                world.count_mail(Mailbox::User(other), 1, MailChange::ReadOutbox(theirs, id));
            }
        }
        Ok(i32::from(!matches!(conversation, Conversation::Channel(_))))
    }
}

/// A bot's update was pushed to it. It stays in the queue for the Bot API, as Telegram's own Bot API server is but one
/// more client of the bot.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Pushed {
    /// Whose.
    pub bot: UserId,
    /// Which.
    pub update: UpdateId,
}

impl Call for Pushed {
    /// What was pushed; none if it has left the queue meanwhile.
    type Output = Option<Arc<Update>>;

    fn apply(self, world: &mut World) -> Result<Option<Arc<Update>>, Error> {
        let delivery = world.deliver_update(self.bot, self.update, Via::Mtproto);
        Ok(delivery.map(|delivery| delivery.update))
    }
}

/// An edge has something to say to whoever runs it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Remark {
    /// Whose doing it is about.
    pub about: Option<UserId>,
    /// In words.
    pub text: String,
}

impl Call for Remark {
    type Output = ();

    fn apply(self, world: &mut World) -> Result<(), Error> {
        let actor = self.about.map_or(Actor::Server, |user| world.actor(user));
        world.journal(actor, journal::Kind::Warning(self.text));
        Ok(())
    }
}
