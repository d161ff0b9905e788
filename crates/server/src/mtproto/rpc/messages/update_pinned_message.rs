//! `messages.updatePinnedMessage`: a message is pinned or unpinned, for everybody.

use crate::mtproto::decode;
use crate::mtproto::rpc::happened::Before;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::MessageId;
use ringback_world::calls::Pin;

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: &functions::messages::UpdatePinnedMessage,
) -> Answer {
    let me = context.me()?;
    let mut locked = context.lock();
    let peer = decode::peer(locked.world(), me, &call.peer)?;
    let before = Before::new(locked.world(), me, peer);
    let pin = Pin {
        by: me,
        peer,
        message: Some(MessageId(call.id)),
        pinned: !call.unpin,
        silent: call.silent,
    };
    locked.call(context.cause, pin)?;
    before.give(context, &locked, me)
}
