//! `getGameHighScores`: the user's own, and those around it.

use super::Context;
use crate::bot_api::{ApiError, Reply, encode};
use ringback_botapi::GetGameHighScores as Asked;
use ringback_world::{Error, UserId};

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let asked: Asked = context.asked()?;
    let chat = asked.chat_id.map(Into::into);
    let target = context.target(chat.as_ref(), asked.message_id, asked.inline_message_id.as_deref())?;
    let world = context.world();
    let user = UserId(asked.user_id);
    world.user(user).ok_or(Error::UserNotFound)?;
    let message = world.find_game(context.bot, target)?;
    Reply::json(&encode::high_scores(world, message.key, user))
}
