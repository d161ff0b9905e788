//! From the world's own types to the Bot API's objects.
//!
//! A message has another number, and a private chat another name, for each who looks: so most of these ask for a
//! `viewer`.

mod ids;
mod keyboard;
mod message;
mod people;
mod settings;
mod update;

pub use ids::{
    FileIdKind, file_id, file_unique_id, from_base64, inline_message_id, read_file_id,
    read_inline_message_id, to_base64,
};
pub use keyboard::{inline_keyboard, inline_markup, reply_markup};
pub use message::{entities, inaccessible, maybe_inaccessible, message, photo_sizes};
pub use people::{chat, chat_full_info, chat_member, me, user};
pub use settings::{bot_commands, high_scores, webhook_info};
pub use update::{callback_query, update};

#[cfg(test)]
mod tests;
