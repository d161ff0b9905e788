//! `messages.search`: in one chat.

use super::found::{Searched, by_filter, listed, page};
use crate::mtproto::decode;
use crate::mtproto::encode::{self, Cast};
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
    let all: Vec<_> = world
        .history(me, peer)
        .filter(|message| world.may_hear(me, message) && by_filter(world, message, &call.filter))
        .filter(|message| message.content.contains(&call.q))
        .filter(|message| match (from, message.sender) {
            (None, _) => true,
            (Some(from), Sender::User(id)) => from == Peer::User(id),
            (Some(from), Sender::Chat { .. }) => from == peer,
        })
        .filter(|message| {
            let date = encode::date(message.date);
            (call.min_date <= 0 || date > call.min_date) && (call.max_date <= 0 || date < call.max_date)
        })
        .collect();
    let page = page(
        me,
        &all,
        &Searched {
            offset_id: call.offset_id,
            offset_date: 0,
            add_offset: call.add_offset,
            limit: call.limit,
            max_id: call.max_id,
            min_id: call.min_id,
        },
    );
    let mut cast = Cast::new(world, me);
    cast.peer(peer);
    let messages: Vec<_> = page
        .iter()
        .filter_map(|message| encode::message(world, me, message, &mut cast))
        .collect();
    context.give(&listed(world, peer, messages, all.len(), &cast))
}
