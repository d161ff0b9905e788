//! The world as one user sees it, in TL. The types have the newest layer's shape; `ringback_tl` writes them in that of
//! each client.

mod bot;
mod game;
mod inline;
mod markup;
mod media;
mod members;
mod message;
mod people;
mod text;

pub(super) use bot::{bot_about, bot_commands, bot_info, bot_info_in_groups, menu_button};
pub(super) use game::{game_id, high_scores};
pub(super) use inline::{bot_results, inline_message_id, peer_type};
pub(super) use markup::markup;
pub(super) use media::{FileName, media, of_file};
pub(super) use members::{bots_of, creator_of, group_members, invite, member, other_invite, pinned_message};
pub(super) use message::{message, message_or_empty};
pub(super) use people::{Cast, access_hash, notify_settings, peer, user};
pub(super) use text::entities;

use ringback_world::Time;

/// A date as TL has it.
pub(super) fn date(at: Time) -> i32 {
    i32::try_from(at.unix()).unwrap_or(i32::MAX)
}

/// A count as TL has it.
pub(super) fn count(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
