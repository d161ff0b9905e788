//! Games: sent, and scored.

mod get_game_high_scores;
mod get_inline_game_high_scores;
mod send_game;
mod set_game_score;
mod set_inline_game_score;

pub(super) use get_game_high_scores::get_game_high_scores;
pub(super) use get_inline_game_high_scores::get_inline_game_high_scores;
pub(super) use send_game::send_game;
pub(super) use set_game_score::set_game_score;
pub(super) use set_inline_game_score::set_inline_game_score;

use super::{Answer, Context};
use crate::mtproto::{decode, encode};
use ringback_tl::types;
use ringback_world::calls::Target;
use ringback_world::{UserId, World};

/// The scores of the game in a message, around a player.
fn high_scores(
    context: &Context<'_>,
    world: &World,
    bot: UserId,
    target: Target,
    player: &types::InputUser,
) -> Answer {
    let player = decode::user(world, bot, player)?;
    let message = world.find_game(bot, target)?;
    context.give(&encode::high_scores(world, bot, message.key, player))
}
