//! `channels.getChannels`.

use crate::mtproto::decode;
use crate::mtproto::encode::Cast;
use crate::mtproto::rpc::messages::get_chats::chats;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::Peer;

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: &functions::channels::GetChannels) -> Answer {
    let me = context.me()?;
    let locked = context.lock();
    let world = locked.world();
    let mut cast = Cast::new(world, me);
    for input in &call.id {
        cast.peer(Peer::Channel(decode::channel(world, me, input)?));
    }
    context.give(&chats(&cast))
}
