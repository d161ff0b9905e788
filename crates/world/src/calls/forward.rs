//! Several messages are forwarded or copied at once.

use super::{Call, Copy, Forwarding};
use crate::{Error, FormattedText, Message, MessageId, Peer, UserId, World};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Someone sends several messages on. Those that are not there, or cannot be sent on, are passed over.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ForwardAll {
    /// Who.
    pub by: UserId,
    /// From where.
    pub from: Peer,
    /// As the caller numbers them; each number above the one before.
    pub messages: Vec<MessageId>,
    /// To where.
    pub to: Peer,
    /// As the caller's own: nothing tells where they come from.
    pub copies: bool,
    /// Copies come without the captions of the originals.
    pub bare: bool,
    /// Without a sound.
    pub silent: bool,
    /// Not to be forwarded further.
    pub protected: bool,
}

impl Call for ForwardAll {
    /// Those that were sent, in order; at least one.
    type Output = Vec<Arc<Message>>;

    /// The texts of the errors are TD's `get_forwarded_messages` and TBA's `TdOnForwardMessagesCallback`.
    fn apply(self, world: &mut World) -> Result<Vec<Arc<Message>>, Error> {
        world.writable(self.by, self.to)?;
        world.readable(self.by, self.from)?;
        let is_there = |id: &&MessageId| world.message_at(self.by, self.from, **id).is_some();
        let found: Vec<MessageId> = self.messages.iter().filter(is_there).copied().collect();
        if found.is_empty() {
            return Err(Error::NothingToForward);
        }
        if !found.is_sorted_by(|one, next| one < next) {
            return Err(Error::ForwardOrder);
        }
        let sent: Vec<Arc<Message>> = found
            .into_iter()
            // What is refused here is refused before anything happens.
            .filter_map(|message| self.send(world, message).ok())
            .collect();
        if sent.is_empty() {
            return Err(Error::NothingForwarded);
        }
        Ok(sent)
    }
}

impl ForwardAll {
    fn send(&self, world: &mut World, message: MessageId) -> Result<Arc<Message>, Error> {
        let (by, from, to) = (self.by, self.from, self.to);
        let (silent, protected) = (self.silent, self.protected);
        if self.copies {
            let copy = Copy {
                by,
                from,
                message,
                to,
                caption: self.bare.then(|| FormattedText::plain("")),
                markup: None,
                reply_to: None,
                silent,
                protected,
            };
            copy.apply(world)
        } else {
            let forwarding = Forwarding {
                by,
                from,
                message,
                to,
                silent,
                protected,
            };
            forwarding.apply(world)
        }
    }
}
