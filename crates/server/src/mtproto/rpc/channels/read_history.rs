//! `channels.readHistory`: how far a supergroup or channel has been read.

use crate::mtproto::decode;
use crate::mtproto::rpc::messages::found::until;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::Peer;
use ringback_world::calls::ReadHistory;

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: &functions::channels::ReadHistory) -> Answer {
    let me = context.me()?;
    let mut locked = context.lock();
    let channel = decode::channel(locked.world(), me, &call.channel)?;
    locked.call(
        None,
        ReadHistory {
            by: me,
            peer: Peer::Channel(channel),
            until: until(call.max_id),
        },
    )?;
    context.give(&true)
}
