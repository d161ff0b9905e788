//! What a call made happen, as the one whose doing it is learns it: from the answer.

use super::{Answer, Context};
use crate::hub::Locked;
use crate::mtproto::encode::Cast;
use crate::mtproto::push;
use ringback_tl::{ctors, types};
use ringback_world::{Mailbox, Peer, UserId, World};

/// Where the mailbox of a chat stands.
pub(super) struct Before {
    peer: Peer,
    mailbox: Mailbox,
    pts: i32,
}

impl Before {
    /// Before there was the chat.
    pub(super) fn none(peer: Peer, me: UserId) -> Before {
        let mailbox = Mailbox::of(me, peer);
        Before {
            peer,
            mailbox,
            pts: 1,
        }
    }

    pub(super) fn new(world: &World, me: UserId, peer: Peer) -> Before {
        let mailbox = Mailbox::of(me, peer);
        let pts = world.pts(mailbox);
        Before { peer, mailbox, pts }
    }

    /// All that was counted in the mailbox since, and that the chat may not be what it was.
    pub(super) fn updates(&self, world: &World, me: UserId) -> types::Updates {
        let mut cast = Cast::new(world, me);
        cast.peer(self.peer);
        let entries = world.mail_since(self.mailbox, self.pts).unwrap_or_default();
        let mut updates: Vec<types::Update> = entries
            .into_iter()
            .filter_map(|entry| push::mail(world, me, self.mailbox, entry, &mut cast))
            .collect();
        if let Peer::Channel(id) = self.peer {
            updates.push(ctors::UpdateChannel { channel_id: id.0 }.into());
        }
        push::updates(world, updates, &cast)
    }

    pub(super) fn give(&self, context: &Context<'_>, locked: &Locked<'_>, me: UserId) -> Answer {
        context.give(&self.updates(locked.world(), me))
    }
}
