//! `messages.unpinAllMessages`.

use crate::mtproto::decode;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::{functions, types};
use ringback_world::Mailbox;
use ringback_world::calls::Pin;

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: &functions::messages::UnpinAllMessages,
) -> Answer {
    let me = context.me()?;
    let mut locked = context.lock();
    let peer = decode::peer(locked.world(), me, &call.peer)?;
    let mailbox = Mailbox::of(me, peer);
    let before = locked.world().pts(mailbox);
    let unpin = Pin {
        by: me,
        peer,
        message: None,
        pinned: false,
        silent: true,
    };
    locked.call(context.cause, unpin)?;
    let pts = locked.world().pts(mailbox);
    context.give(&types::messages::AffectedHistory {
        pts,
        pts_count: pts - before,
        offset: 0,
    })
}
