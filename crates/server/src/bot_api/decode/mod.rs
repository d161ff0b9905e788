//! From the Bot API's requests to the world's own types.
//!
//! What the official server reads from JSON field by field is read here the same way, so that what it says about a
//! mistake is said here too.

mod fields;
mod inline;
mod keyboard;
mod media;
mod profile;
mod reply;
mod settings;
mod text;

pub(crate) use inline::inline_results;
pub(crate) use keyboard::reply_markup;
pub(crate) use media::{InputMedia, SentAs, input_media, input_media_group};
pub(crate) use profile::{default_rights, granted_rights, link_hash, link_terms, menu_button, point};
pub(crate) use reply::reply_to;
pub(crate) use settings::{allowed_updates, bot_commands, command_key, language, message_ids, query_id};
pub(crate) use text::{caption, inner, text};
