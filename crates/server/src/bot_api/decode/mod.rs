//! From the Bot API's requests to the world's own types.
//!
//! What the official server reads from JSON field by field is read here the same way, so that what it says about a
//! mistake is said here too.

mod fields;
mod inline;
mod keyboard;
mod reply;
mod settings;
mod text;

pub use inline::inline_results;
pub use keyboard::{markup_value, reply_markup};
pub use reply::reply_to;
pub use settings::{allowed_updates, bot_commands, command_key, message_ids, query_id};
pub use text::{caption, entities, text, words};

use ringback_world::{FileId, InlineMessageId};

use super::encode::{self, FileIdKind};

/// A file, by the `file_id` that it was given out under.
pub fn file_id(text: &str) -> Option<(FileIdKind, FileId)> {
    encode::read_file_id(text)
}

/// A message sent through inline mode, by its `inline_message_id`.
pub fn inline_message_id(text: &str) -> Option<InlineMessageId> {
    encode::read_inline_message_id(text)
}
