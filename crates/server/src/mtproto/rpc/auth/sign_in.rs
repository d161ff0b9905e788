//! `auth.signIn`: with a code.

use super::code::check_code;
use super::signed_in::signed_in;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::{ctors, functions, types};
use ringback_world::Error;

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: &functions::auth::SignIn) -> Answer {
    let user = {
        let locked = context.lock();
        let world = locked.world();
        let phone = &call.phone_number;
        check_code(world, phone, &call.phone_code_hash, call.phone_code.as_deref())?;
        world.user_by_phone(phone)
    };
    let Some(user) = user else {
        let sign_up = ctors::auth::AuthorizationSignUpRequired::default();
        return context.give(&types::auth::Authorization::from(sign_up));
    };
    if context.mtproto().has_password(user) {
        context.mtproto().await_password(context.session.key_id, user);
        return Err(Error::SessionPasswordNeeded.into());
    }
    signed_in(context, user)
}
