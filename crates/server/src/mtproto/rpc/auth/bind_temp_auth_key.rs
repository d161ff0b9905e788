//! `auth.bindTempAuthKey`: a temporary key acts for a permanent one.

use crate::mtproto::now;
use crate::mtproto::rpc::{Answer, Context, Refusal};
use ringback_mtproto::service::BindAuthKeyInner;
use ringback_mtproto::session::open_bind_message;
use ringback_tl::functions;
use ringback_world::Error;
use std::time::Duration;

/// The proof lies within a message that only the permanent key can have made.
pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: &functions::auth::BindTempAuthKey) -> Answer {
    let invalid = || Refusal::from(Error::EncryptedMessageInvalid);
    if !context.mtproto().is_temporary(context.session.key_id) {
        return Err(Refusal::new(400, "TEMP_AUTH_KEY_EMPTY"));
    }
    if context.mtproto().is_temporary(call.perm_auth_key_id) {
        return Err(invalid());
    }
    let until = Duration::from_secs(u64::try_from(call.expires_at).unwrap_or(0));
    if until <= now() {
        return Err(Refusal::new(400, "EXPIRES_AT_INVALID"));
    }
    let permanent = context.mtproto().key(call.perm_auth_key_id).ok_or_else(invalid)?;
    let expected = BindAuthKeyInner {
        nonce: call.nonce,
        temp_auth_key_id: context.session.key_id,
        perm_auth_key_id: call.perm_auth_key_id,
        temp_session_id: context.session.id,
        expires_at: call.expires_at,
    };
    open_bind_message(&permanent, &call.encrypted_message, &expected, context.request)
        .map_err(|_| invalid())?;
    let bound = context
        .mtproto()
        .bind(context.session.key_id, call.perm_auth_key_id, until);
    if !bound {
        return Err(Refusal::new(400, "TEMP_AUTH_KEY_ALREADY_BOUND"));
    }
    context.give(&true)
}
