//! `messages.search`: in one chat.

use super::found::{Searched, Wanted, answer};
use crate::mtproto::decode;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::{Peer, Sender};

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: &functions::messages::Search) -> Answer {
    let me = context.me()?;
    let locked = context.lock();
    let world = locked.world();
    let peer = decode::peer(world, me, &call.peer)?;
    if !matches!(peer, Peer::User(_)) {
        world.may_look(me, peer)?;
    }
    let from = match &call.from_id {
        Some(from) => Some(decode::peer(world, me, from)?),
        None => None,
    };
    let wanted = Wanted {
        words: &call.q,
        filter: &call.filter,
        min_date: call.min_date,
        max_date: call.max_date,
    };
    let all: Vec<_> = world
        .history(me, peer)
        .filter(|message| wanted.includes(world, me, message))
        .filter(|message| match (from, message.sender) {
            (None, _) => true,
            (Some(from), Sender::User(id)) => from == Peer::User(id),
            (Some(from), Sender::Chat { .. }) => from == peer,
        })
        .collect();
    let searched = Searched {
        offset_id: call.offset_id,
        offset_date: 0,
        add_offset: call.add_offset,
        limit: call.limit,
        max_id: call.max_id,
        min_id: call.min_id,
    };
    answer(context, world, peer, &all, &searched)
}
