//! `messages.getChats`.

use crate::mtproto::encode::Cast;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::{ctors, functions, types};
use ringback_world::{ChatId, Error, GroupId, Peer};

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: &functions::messages::GetChats) -> Answer {
    let me = context.me()?;
    let locked = context.lock();
    let world = locked.world();
    let mut cast = Cast::new(world, me);
    for id in &call.id {
        let id = GroupId(*id);
        world.chat(ChatId::Group(id)).ok_or(Error::PeerIdInvalid)?;
        cast.peer(Peer::Group(id));
    }
    context.give(&chats(&cast))
}

pub(in crate::mtproto::rpc) fn chats(cast: &Cast<'_>) -> types::messages::Chats {
    ctors::messages::Chats { chats: cast.chats() }.into()
}
