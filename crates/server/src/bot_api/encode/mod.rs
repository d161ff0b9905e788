//! From the world's own types to the Bot API's objects.
//!
//! A message has another number, and a private chat another name, for each who looks: so most of these ask for a
//! `viewer`.

mod ids;
mod keyboard;
mod media;
mod message;
mod people;
mod profile;
mod settings;
mod update;

pub(crate) use ids::{
    file_id, file_unique_id, from_base64, inline_message_id, read_file_id, read_inline_message_id, to_base64,
};
pub(crate) use keyboard::{inline_markup, reply_markup};
pub(crate) use message::{maybe_inaccessible, message};
pub(crate) use people::{chat, chat_full_info, chat_member, me, user};
pub(crate) use profile::{admin_rights, chat_invite_link, invite_link, menu_button};
pub(crate) use settings::{bot_commands, high_scores, webhook_info};
pub(crate) use update::update;

#[cfg(test)]
mod tests;
