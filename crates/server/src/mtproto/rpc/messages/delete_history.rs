//! `messages.deleteHistory`: all of a private chat or basic group, for oneself or for both.

use crate::mtproto::decode;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::{functions, types};
use ringback_world::calls::{Delete, Forget};
use ringback_world::{Error, Mailbox, MessageId, Peer};

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: &functions::messages::DeleteHistory,
) -> Answer {
    let me = context.me()?;
    let mut locked = context.lock();
    let world = locked.world();
    let peer = decode::peer(world, me, &call.peer)?;
    if matches!(peer, Peer::Channel(_)) {
        return Err(Error::PeerIdInvalid.into());
    }
    let mailbox = Mailbox::of(me, peer);
    let before = world.pts(mailbox);
    let wanted = |id: MessageId| call.max_id <= 0 || id.0 <= call.max_id;
    let messages: Vec<MessageId> = world
        .history(me, peer)
        .filter_map(|message| message.id_for(me))
        .filter(|id| wanted(*id))
        .collect();
    if !messages.is_empty() {
        if call.revoke && matches!(peer, Peer::User(_)) {
            let delete = Delete {
                by: me,
                peer,
                messages,
                lenient: true,
            };
            locked.call(context.cause, delete)?;
        } else {
            let forget = Forget {
                by: me,
                peer,
                messages,
            };
            locked.call(context.cause, forget)?;
        }
    }
    let pts = locked.world().pts(mailbox);
    context.give(&types::messages::AffectedHistory {
        pts,
        pts_count: pts - before,
        offset: 0,
    })
}
