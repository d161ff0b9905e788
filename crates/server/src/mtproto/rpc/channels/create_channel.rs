//! `channels.createChannel`: a supergroup or a channel.

use crate::mtproto::rpc::happened::Before;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::Peer;
use ringback_world::calls::FoundChannel;

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: &functions::channels::CreateChannel,
) -> Answer {
    let me = context.me()?;
    let mut locked = context.lock();
    let new = FoundChannel {
        by: me,
        broadcast: !call.megagroup,
        title: call.title.clone(),
    };
    let id = locked.call(context.cause, new)?;
    Before::none(Peer::Channel(id), me).give(context, &locked, me)
}
