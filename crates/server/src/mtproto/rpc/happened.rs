//! What a call made happen, as the one whose doing it is learns it: from the answer.

use super::{Answer, Context};
use crate::hub::Locked;
use crate::mtproto::encode::Cast;
use crate::mtproto::{push, random_array};
use ringback_tl::{ctors, types};
use ringback_world::{MailChange, Mailbox, MessageKey, Peer, UserId, World};

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
        let mut updates = Vec::new();
        for entry in &entries {
            if let MailChange::New(key) = entry.change {
                updates.extend(numbered(world, me, key));
            }
        }
        let mail = entries.into_iter();
        updates.extend(mail.filter_map(|entry| push::mail(world, me, self.mailbox, entry, &mut cast)));
        if let Peer::Channel(id) = self.peer {
            updates.push(ctors::UpdateChannel { channel_id: id.0 }.into());
        }
        push::updates(world, updates, &cast)
    }

    pub(super) fn give(&self, context: &Context<'_>, locked: &Locked<'_>, me: UserId) -> Answer {
        context.give(&self.updates(locked.world(), me))
    }
}

/// The number of a service message that a call made, as is told of every message that is one's own. The client gave no
/// random number with the call, so the server draws one.
///
/// TDLib takes no answer to `messages.createChat` and `channels.createChannel` without exactly one of these:
/// `td/telegram/MessagesManager.cpp`, `on_create_new_dialog`.
fn numbered(world: &World, me: UserId, key: MessageKey) -> Option<types::Update> {
    let message = world
        .message(key)
        .filter(|message| message.author() == Some(me))?;
    let id = message.id_for(me)?.0;
    let random_id = i64::from_le_bytes(random_array());
    Some(ctors::UpdateMessageID { id, random_id }.into())
}
