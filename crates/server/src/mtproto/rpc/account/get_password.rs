//! `account.getPassword`: whether there is a password, and a challenge for it.

use crate::mtproto::rpc::{Answer, Context};
use ringback_world::Error;

/// Also before the login is whole: that is when it is needed most.
pub(in crate::mtproto::rpc) fn run(context: &Context<'_>) -> Answer {
    let user = context.mtproto().half_or_whole(context.session.key_id);
    let user = user.ok_or(Error::NotSignedIn)?;
    context.give(&context.mtproto().ask_password(user))
}
