//! Calls of `messages`.

pub(super) mod delete_messages;
pub(super) mod deleted;
pub(super) mod dialogs;
pub(super) mod edit_message;
pub(super) mod forward_messages;
pub(super) mod found;
pub(super) mod get_bot_callback_answer;
pub(super) mod get_chats;
pub(super) mod get_dialogs;
pub(super) mod get_history;
pub(super) mod get_messages;
pub(super) mod get_peer_dialogs;
pub(super) mod get_pinned_dialogs;
pub(super) mod read_history;
pub(super) mod send_message;
pub(super) mod sent;
pub(super) mod set_bot_callback_answer;
pub(super) mod set_typing;
