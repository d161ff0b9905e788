//! `users.getUsers`.

use crate::mtproto::decode;
use crate::mtproto::encode::{self};
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: &functions::users::GetUsers) -> Answer {
    let me = context.me()?;
    let locked = context.lock();
    let world = locked.world();
    let mut users = Vec::new();
    for input in &call.id {
        users.push(encode::user(world, me, decode::user(world, me, input)?));
    }
    context.give(&users)
}
