//! Calls of `auth`.

pub(super) mod bind_temp_auth_key;
pub(super) mod check_password;
pub(super) mod code;
pub(super) mod drop_temp_auth_keys;
pub(super) mod import_bot_authorization;
pub(super) mod log_out;
pub(super) mod resend_code;
pub(super) mod send_code;
pub(super) mod sign_in;
pub(super) mod sign_up;
pub(super) mod signed_in;
