//! Calls of `users`.

pub(super) mod get_full_user;
pub(super) mod get_users;
