//! What a call did, as whoever made it is told: everything that happened since in the mailbox it was about.

use crate::mtproto::encode::Cast;
use crate::mtproto::push;
use ringback_tl::types;
use ringback_world::{Mailbox, Peer, UserId, World};

/// Where a mailbox stood before a call.
pub(super) struct Since {
    viewer: UserId,
    mailbox: Mailbox,
    pts: i32,
}

impl Since {
    /// For a call of `viewer`'s in the chat with `peer`. The world must not be let go of before [`Since::updates`].
    pub(super) fn now(world: &World, viewer: UserId, peer: Peer) -> Since {
        let mailbox = Mailbox::of(viewer, peer);
        Since {
            viewer,
            mailbox,
            pts: world.pts(mailbox),
        }
    }

    /// What happened.
    pub(super) fn updates(&self, world: &World) -> types::Updates {
        let mut cast = Cast::new(world, self.viewer);
        let entries = world.mail_since(self.mailbox, self.pts).unwrap_or_default();
        let updates = entries
            .into_iter()
            .filter_map(|entry| push::mail(world, self.viewer, self.mailbox, entry, &mut cast))
            .collect();
        push::updates(world, updates, &cast)
    }
}
