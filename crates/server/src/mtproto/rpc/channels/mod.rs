//! Calls of `channels`.

pub(super) mod delete_messages;
pub(super) mod get_channels;
pub(super) mod get_messages;
pub(super) mod read_history;
