//! Messages are deleted for one person alone.

use super::Call;
use crate::{Error, MailChange, Mailbox, Message, MessageId, Peer, UserId, World};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Someone puts messages out of their own sight; the others keep them. There is no such thing in supergroups and
/// channels, where all look at the same messages.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Forget {
    /// Who.
    pub by: UserId,
    /// Where.
    pub peer: Peer,
    /// As they number them; those that are not there are passed over.
    pub messages: Vec<MessageId>,
}

impl Call for Forget {
    /// How many it was.
    type Output = usize;

    fn apply(self, world: &mut World) -> Result<usize, Error> {
        if matches!(self.peer, Peer::Channel(_)) {
            return Err(Error::PeerIdInvalid);
        }
        world.readable(self.by, self.peer)?;
        let mailbox = Mailbox::User(self.by);
        let mut gone = Vec::new();
        for id in self.messages {
            let Some(message) = world.message_at(self.by, self.peer, id).cloned() else {
                continue;
            };
            gone.push(id);
            let mut ids = message.ids.clone();
            ids.retain(|(own, _)| *own != mailbox);
            if ids.is_empty() {
                // Nobody sees it any more.
                world.remove(self.by, &message);
                continue;
            }
            world.numbers.remove(&(mailbox, id));
            let rest = Message {
                ids,
                ..(*message).clone()
            };
            world.messages.insert(message.key, Arc::new(rest));
        }
        let count = gone.len();
        if count > 0 {
            let counted = i32::try_from(count).unwrap_or(i32::MAX);
            world.count_mail(mailbox, counted, MailChange::Deleted(gone));
        }
        Ok(count)
    }
}
