//! Inline mode: someone types a bot's name, the bot offers, one result is sent, and lives on as an inline message.

mod edit_inline_bot_message;
mod get_inline_bot_results;
mod send_inline_bot_result;
mod set_inline_bot_results;

pub(super) use edit_inline_bot_message::edit_inline_bot_message;
pub(super) use get_inline_bot_results::get_inline_bot_results;
pub(super) use send_inline_bot_result::send_inline_bot_result;
pub(super) use set_inline_bot_results::set_inline_bot_results;
