//! `messages.getHistory`: messages as they lie in a chat.

use crate::mtproto::decode;
use crate::mtproto::rpc::messages::found::{Searched, answer};
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::Peer;

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: &functions::messages::GetHistory) -> Answer {
    let me = context.me()?;
    let locked = context.lock();
    let world = locked.world();
    let peer = decode::peer(world, me, &call.peer)?;
    if !matches!(peer, Peer::User(_)) {
        world.may_look(me, peer)?;
    }
    let all: Vec<_> = world
        .history(me, peer)
        .filter(|message| world.may_hear(me, message))
        .collect();
    let searched = Searched {
        offset_id: call.offset_id,
        offset_date: call.offset_date,
        add_offset: call.add_offset,
        limit: call.limit,
        max_id: call.max_id,
        min_id: call.min_id,
    };
    answer(context, world, peer, &all, &searched)
}
