//! `messages.getCommonChats`: where both are.

use super::get_chats::chats;
use crate::mtproto::decode;
use crate::mtproto::encode::Cast;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::{Conversation, Peer, UserId, World};

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: &functions::messages::GetCommonChats,
) -> Answer {
    let me = context.me()?;
    let locked = context.lock();
    let world = locked.world();
    let other = decode::user(world, me, &call.user_id)?;
    let mut cast = Cast::new(world, me);
    let limit = usize::try_from(call.limit).unwrap_or(0).min(100);
    let older = |peer: &Peer| match peer {
        Peer::Group(id) => call.max_id == 0 || id.0 < call.max_id,
        Peer::Channel(id) => call.max_id == 0 || id.0 < call.max_id,
        Peer::User(_) => false,
    };
    common_chats(world, me, other)
        .filter(older)
        .take(limit)
        .for_each(|peer| cast.peer(peer));
    context.give(&chats(&cast))
}

/// The groups and channels that both are in.
pub(in crate::mtproto::rpc) fn common_chats(
    world: &World,
    me: UserId,
    other: UserId,
) -> impl Iterator<Item = Peer> {
    let both = move |peer: &Peer| {
        let chat = world.chat_of(Conversation::of(me, *peer));
        chat.is_some_and(|chat| [me, other].iter().all(|user| chat.status(*user).is_in()))
    };
    world.dialogs(me).filter(both)
}
