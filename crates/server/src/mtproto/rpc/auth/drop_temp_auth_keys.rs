//! `auth.dropTempAuthKeys`: the account's other temporary keys are forgotten.

use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;

/// The key that asks stays: its answer would not arrive.
pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: &functions::auth::DropTempAuthKeys,
) -> Answer {
    context
        .mtproto()
        .drop_temporary(context.session.key_id, &call.except_auth_keys);
    context.give(&true)
}
