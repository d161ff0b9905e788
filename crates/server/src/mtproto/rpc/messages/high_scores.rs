//! High scores, as both calls for them give them.

use crate::mtproto::rpc::{Answer, Context};
use crate::mtproto::{decode, encode};
use ringback_tl::types;
use ringback_world::calls::Target;
use ringback_world::{UserId, World};

/// The scores of the game in a message, around a player.
pub(super) fn give(
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
