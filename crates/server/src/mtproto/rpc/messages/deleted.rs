//! What both calls that delete have in common.

use crate::hub::Locked;
use crate::mtproto::encode::{self};
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::types;
use ringback_world::calls::Delete;
use ringback_world::{Error, Mailbox, MessageId, Peer, UserId};

pub(in crate::mtproto::rpc) fn delete(
    context: &Context<'_>,
    locked: &mut Locked<'_>,
    by: UserId,
    peer: Peer,
    messages: Vec<MessageId>,
) -> Result<usize, Error> {
    let call = Delete {
        by,
        peer,
        messages,
        lenient: true,
    };
    locked.call(context.cause, call)
}

pub(in crate::mtproto::rpc) fn affected(
    context: &Context<'_>,
    locked: &Locked<'_>,
    mailbox: Mailbox,
    deleted: usize,
) -> Answer {
    context.give(&types::messages::AffectedMessages {
        pts: locked.world().pts(mailbox),
        pts_count: encode::count(deleted),
    })
}
