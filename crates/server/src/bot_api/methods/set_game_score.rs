//! `setGameScore`.

use super::Context;
use crate::bot_api::{ApiError, Reply};
use ringback_botapi::SetGameScore as Asked;
use ringback_world::UserId;
use ringback_world::calls::SetGameScore;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let asked: Asked = context.asked()?;
    let chat = asked.chat_id.map(Into::into);
    let target = context.target(chat.as_ref(), asked.message_id, asked.inline_message_id.as_deref())?;
    let message = context.call(SetGameScore {
        bot: context.bot,
        user: UserId(asked.user_id),
        score: asked.score,
        force: asked.force.unwrap_or(false),
        disable_edit: asked.disable_edit_message.unwrap_or(false),
        target,
    })?;
    context.edited(target, &message)
}
