//! `editMessageText`.

use super::Context;
use crate::bot_api::{ApiError, Reply, decode};
use ringback_botapi::EditMessageText as Asked;
use ringback_world::calls::{Change, Edit};

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let keyboard = context.keyboard()?;
    let asked: Asked = context.asked()?;
    let target = context.target(asked.chat_id.as_ref(), asked.message_id, asked.inline_message_id.as_deref())?;
    let text = asked.text.unwrap_or_default();
    let text = decode::text(&text, asked.parse_mode.as_ref(), asked.entities.as_deref())?;
    let message = context.call(Edit { by: context.bot, target, change: Change::Text(text), keyboard })?;
    context.edited(target, &message)
}
