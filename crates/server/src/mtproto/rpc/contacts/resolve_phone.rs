//! `contacts.resolvePhone`.

use super::resolved::resolved;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::{Error, Peer};

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: &functions::contacts::ResolvePhone,
) -> Answer {
    let me = context.me()?;
    let locked = context.lock();
    let user = locked.world().user_by_phone(&call.phone);
    let user = user.ok_or(Error::PhoneNotOccupied)?;
    resolved(context, locked.world(), me, Peer::User(user))
}
