//! `auth.signUp`: a new account for a number.

use super::code::code_hash;
use super::signed_in::signed_in;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::Error;
use ringback_world::calls::CreateUser;

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: functions::auth::SignUp) -> Answer {
    let user = {
        let mut locked = context.lock();
        if call.phone_code_hash != code_hash(locked.world(), &call.phone_number) {
            return Err(Error::PhoneCodeExpired.into());
        }
        let new = CreateUser {
            first_name: call.first_name,
            last_name: Some(call.last_name).filter(|name| !name.is_empty()),
            phone: Some(call.phone_number),
            ..Default::default()
        };
        locked.call(None, new)?
    };
    signed_in(context, user)
}
