//! `auth.checkPassword`: the second half of a login.

use super::signed_in::signed_in;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::Error;

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: &functions::auth::CheckPassword) -> Answer {
    let user = context.mtproto().half_or_whole(context.session.key_id);
    let user = user.ok_or(Error::NotSignedIn)?;
    context.mtproto().check_password(user, &call.password)?;
    signed_in(context, user)
}
