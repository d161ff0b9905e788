//! `auth.resendCode`: the same code once more.

use super::code::sent_code;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: &functions::auth::ResendCode) -> Answer {
    sent_code(context, &call.phone_number)
}
