//! Calls of `contacts`.

pub(super) mod resolve_phone;
pub(super) mod resolve_username;
pub(super) mod resolved;
pub(super) mod search;
