//! `channels.getMessages`: by number.

use crate::mtproto::decode;
use crate::mtproto::encode::{self, Cast};
use crate::mtproto::rpc::messages::found::{MAX, listed, meant};
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::{Mailbox, Peer};

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: &functions::channels::GetMessages) -> Answer {
    let me = context.me()?;
    let locked = context.lock();
    let world = locked.world();
    let channel = decode::channel(world, me, &call.channel)?;
    let peer = Peer::Channel(channel);
    world.may_look(me, peer)?;
    let mut cast = Cast::new(world, me);
    cast.peer(peer);
    let mut messages = Vec::new();
    for input in call.id.iter().take(MAX) {
        let (id, found) = meant(world, me, Mailbox::Channel(channel), input);
        let found = found
            .filter(|found| found.conversation.peer(me) == peer)
            .map(|found| &**found);
        messages.push(encode::message_or_empty(world, me, id, found, &mut cast));
    }
    let total = messages.len();
    context.give(&listed(world, peer, messages, total, &cast))
}
