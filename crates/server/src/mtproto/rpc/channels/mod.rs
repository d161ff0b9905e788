//! Calls of `channels`.

pub(super) mod check_username;
pub(super) mod create_channel;
pub(super) mod delete_messages;
pub(super) mod edit_admin;
pub(super) mod edit_banned;
pub(super) mod edit_title;
pub(super) mod get_channels;
pub(super) mod get_full_channel;
pub(super) mod get_messages;
pub(super) mod get_participant;
pub(super) mod get_participants;
pub(super) mod invite_to_channel;
pub(super) mod join_channel;
pub(super) mod leave_channel;
pub(super) mod read_history;
pub(super) mod update_username;
