//! `messages.getHistory`: messages as they lie in a chat.

use crate::mtproto::decode;
use crate::mtproto::encode::{self, Cast};
use crate::mtproto::rpc::messages::found::{MAX, listed};
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::{Message, Peer, UserId};
use std::sync::Arc;

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: &functions::messages::GetHistory) -> Answer {
    let me = context.me()?;
    let locked = context.lock();
    let world = locked.world();
    let peer = decode::peer(world, me, &call.peer)?;
    if !matches!(peer, Peer::User(_)) {
        world.may_read(me, peer)?;
    }
    let all: Vec<_> = world
        .history(me, peer)
        .filter(|message| world.may_hear(me, message))
        .collect();
    let page = page(me, &all, call);
    let mut cast = Cast::new(world, me);
    cast.peer(peer);
    let messages: Vec<_> = page
        .iter()
        .filter_map(|message| encode::message(world, me, message, &mut cast))
        .collect();
    context.give(&listed(world, peer, messages, all.len(), &cast))
}

/// What `offset_id`, `offset_date`, `add_offset`, `limit`, `max_id` and `min_id` leave of a chat, newest first.
fn page<'a>(
    me: UserId,
    all: &'a [&'a Arc<Message>],
    call: &functions::messages::GetHistory,
) -> Vec<&'a Arc<Message>> {
    let id = |message: &Message| message.id_for(me).map_or(0, |id| id.0);
    let before = all.iter().position(|message| {
        (call.offset_id <= 0 || id(message) < call.offset_id)
            && (call.offset_date <= 0 || encode::date(message.date) < call.offset_date)
    });
    let before = i64::try_from(before.unwrap_or(all.len())).unwrap_or(i64::MAX);
    let first = before.saturating_add(call.add_offset.into());
    let limit = i64::from(call.limit).clamp(0, MAX as i64);
    let end = usize::try_from(first.saturating_add(limit))
        .unwrap_or(0)
        .min(all.len());
    let first = usize::try_from(first).unwrap_or(0).min(end);
    let mut page: Vec<_> = all[first..end].to_vec();
    page.retain(|message| {
        (call.max_id <= 0 || id(message) < call.max_id) && (call.min_id <= 0 || id(message) > call.min_id)
    });
    page
}
