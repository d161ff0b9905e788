//! `auth.logOut`.

use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::types;

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>) -> Answer {
    context.me()?;
    context.mtproto().sign_in(context.session.key_id, None);
    context.give(&types::auth::LoggedOut::default())
}
