//! `editMessageCaption`.

use super::Context;
use crate::bot_api::{ApiError, Reply, decode};
use ringback_botapi::EditMessageCaption as Asked;
use ringback_world::calls::{Change, Edit};

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let keyboard = context.keyboard()?;
    let asked: Asked = context.asked()?;
    let target = context.target(asked.chat_id.as_ref(), asked.message_id, asked.inline_message_id.as_deref())?;
    let caption = decode::caption(context.params)?;
    let message = context.call(Edit { by: context.bot, target, change: Change::Caption(caption), keyboard })?;
    context.edited(target, &message)
}
