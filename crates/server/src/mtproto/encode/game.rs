//! Games, and what is scored in them.

use super::Cast;
use ringback_tl::types;
use ringback_world::{MessageKey, UserId, World};

/// What a game of a bot is called by, wherever it is not by its name.
pub(in crate::mtproto) fn game_id(world: &World, bot: UserId, short_name: &str) -> i64 {
    let seed = world.seed();
    seed.id(
        "game",
        &[bot.0.cast_unsigned(), seed.digest(short_name.as_bytes())],
    )
}

/// The high scores of the game in a message, as far as they are told of `player`.
pub(in crate::mtproto) fn high_scores(
    world: &World,
    viewer: UserId,
    key: MessageKey,
    player: UserId,
) -> types::messages::HighScores {
    let mut cast = Cast::new(world, viewer);
    let mut scores = Vec::new();
    for (place, user, score) in world.high_scores_around(key, player) {
        cast.user(user);
        scores.push(types::HighScore {
            pos: super::count(place),
            user_id: user.0,
            score: i32::try_from(score).unwrap_or(i32::MAX),
        });
    }
    types::messages::HighScores {
        scores,
        users: cast.users(),
    }
}
