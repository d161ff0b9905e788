//! `channels.leaveChannel`.

use crate::mtproto::decode;
use crate::mtproto::rpc::happened::Before;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::calls::ChangeMember;
use ringback_world::{ChatId, Peer, Status};

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: &functions::channels::LeaveChannel,
) -> Answer {
    let me = context.me()?;
    let mut locked = context.lock();
    let id = decode::channel(locked.world(), me, &call.channel)?;
    let change = ChangeMember {
        by: me,
        chat: ChatId::Channel(id),
        user: me,
        status: Status::Left,
        invite: None,
    };
    locked.call(context.cause, change)?;
    // Of what was said then, who left sees nothing.
    Before::new(locked.world(), me, Peer::Channel(id)).give(context, &locked, me)
}
