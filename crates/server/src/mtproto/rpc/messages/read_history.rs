//! `messages.readHistory`: how far a private chat or group has been read.

use crate::mtproto::decode;
use crate::mtproto::rpc::messages::found::until;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::{functions, types};
use ringback_world::calls::ReadHistory;
use ringback_world::{Error, Mailbox, Peer};

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: &functions::messages::ReadHistory) -> Answer {
    let me = context.me()?;
    let mut locked = context.lock();
    let peer = decode::peer(locked.world(), me, &call.peer)?;
    if matches!(peer, Peer::Channel(_)) {
        return Err(Error::PeerIdInvalid.into());
    }
    let pts_count = locked.call(
        None,
        ReadHistory {
            by: me,
            peer,
            until: until(call.max_id),
        },
    )?;
    let pts = locked.world().pts(Mailbox::User(me));
    context.give(&types::messages::AffectedMessages { pts, pts_count })
}
