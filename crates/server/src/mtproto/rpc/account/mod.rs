//! Calls of `account`.

pub(super) mod get_password;
pub(super) mod update_password_settings;
