//! `getGameHighScores`: the user's own, and those around it.

use super::Context;
use crate::bot_api::{ApiError, Reply, encode};
use ringback_botapi::GetGameHighScores as Asked;
use ringback_world::{Error, UserId};

/// How many above and below the user are told.
const AROUND: usize = 2;
/// How many of the best are told.
const BEST: usize = 3;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let asked: Asked = context.asked()?;
    let chat = asked.chat_id.map(Into::into);
    let target = context.target(chat.as_ref(), asked.message_id, asked.inline_message_id.as_deref())?;
    let world = context.world();
    let user = UserId(asked.user_id);
    world.user(user).ok_or(Error::UserNotFound)?;
    let message = world.find_game(context.bot, target)?;
    let scores = world.high_scores(message.key);
    let own = scores.iter().position(|(id, _)| *id == user);
    let told: Vec<_> = scores
        .iter()
        .enumerate()
        .filter(|(at, _)| own.is_some_and(|own| *at < BEST || at.abs_diff(own) <= AROUND))
        .map(|(at, (id, score))| encode::high_score(world, at + 1, *id, *score))
        .collect();
    Reply::json(&told)
}
