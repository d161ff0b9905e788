//! `messages.deleteMessages`: in private chats and groups.

use crate::mtproto::rpc::messages::deleted::{affected, delete};
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::{Mailbox, MessageId, Peer};
use std::collections::BTreeMap;

/// Messages are deleted for everyone: this world knows no other way.
pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: &functions::messages::DeleteMessages,
) -> Answer {
    let me = context.me()?;
    let mut locked = context.lock();
    let mut chats: BTreeMap<Peer, Vec<MessageId>> = BTreeMap::new();
    for id in call.id.iter().copied().map(MessageId) {
        if let Some(message) = locked.world().message_in(Mailbox::User(me), id) {
            chats.entry(message.conversation.peer(me)).or_default().push(id);
        }
    }
    let mut deleted = 0;
    for (peer, messages) in chats {
        deleted += delete(context, &mut locked, me, peer, messages)?;
    }
    affected(context, &locked, Mailbox::User(me), deleted)
}
