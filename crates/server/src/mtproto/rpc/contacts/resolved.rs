//! A peer that was found.

use crate::mtproto::encode::{self, Cast};
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::types;
use ringback_world::{Peer, World};

pub(in crate::mtproto::rpc) fn resolved(
    context: &Context<'_>,
    world: &World,
    me: ringback_world::UserId,
    peer: Peer,
) -> Answer {
    let mut cast = Cast::new(world, me);
    cast.peer(peer);
    context.give(&types::contacts::ResolvedPeer {
        peer: encode::peer(peer),
        chats: cast.chats(),
        users: cast.users(),
    })
}
