//! `channels.checkUsername`: whether a name is free.

use crate::mtproto::decode;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::{functions, types};
use ringback_world::{ChatId, Error};

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: &functions::channels::CheckUsername,
) -> Answer {
    let me = context.me()?;
    let locked = context.lock();
    let world = locked.world();
    // Before there is a channel, clients ask too.
    if !matches!(call.channel, types::InputChannel::Empty) {
        let id = decode::channel(world, me, &call.channel)?;
        world.may_manage(me, ChatId::Channel(id))?;
    }
    match world.may_take_username(&call.username) {
        Ok(()) => context.give(&true),
        Err(Error::UsernameOccupied) => context.give(&false),
        Err(error) => Err(error.into()),
    }
}
