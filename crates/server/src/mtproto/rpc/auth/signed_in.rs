//! What every login ends with.

use crate::mtproto::encode;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::{ctors, types};
use ringback_world::UserId;

pub(in crate::mtproto::rpc) fn signed_in(context: &Context<'_>, user: UserId) -> Answer {
    context.mtproto().sign_in(context.session.key_id, Some(user));
    let own = encode::user(context.lock().world(), user, user);
    let authorization = ctors::auth::Authorization {
        user: own,
        ..Default::default()
    };
    context.give(&types::auth::Authorization::from(authorization))
}
