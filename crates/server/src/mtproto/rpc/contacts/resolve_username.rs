//! `contacts.resolveUsername`.

use super::resolved::resolved;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::Error;

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: &functions::contacts::ResolveUsername,
) -> Answer {
    let me = context.me()?;
    let locked = context.lock();
    let peer = locked.world().resolve(&call.username);
    resolved(
        context,
        locked.world(),
        me,
        peer.ok_or(Error::UsernameNotOccupied)?,
    )
}
