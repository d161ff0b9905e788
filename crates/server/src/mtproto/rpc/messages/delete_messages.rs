//! `messages.deleteMessages`: in private chats and groups.

use crate::mtproto::rpc::messages::deleted::{affected, delete};
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::calls::Forget;
use ringback_world::{Mailbox, MessageId, Peer};
use std::collections::BTreeMap;

/// With `revoke`, and by bots, for everyone as far as one may; otherwise for oneself.
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
    let for_all = call.revoke || locked.world().bot(me).is_some();
    let mut deleted = 0;
    for (peer, messages) in chats {
        deleted += if for_all {
            delete(context, &mut locked, me, peer, messages)?
        } else {
            let forget = Forget {
                by: me,
                peer,
                messages,
            };
            locked.call(context.cause, forget)?
        };
    }
    affected(context, &locked, Mailbox::User(me), deleted)
}
