//! `sendMessage`.

use super::Context;
use crate::bot_api::{ApiError, Reply, decode};
use ringback_botapi::SendMessage as Asked;
use ringback_world::Content;
use ringback_world::calls::Send;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let markup = context.params.reply_markup()?;
    let asked: Asked = context.asked()?;
    let peer = context.peer(&asked.chat_id)?;
    let text = decode::text(context.params)?;
    let reply_to = context.reply_to()?;
    let message = context.call(Send {
        from: context.bot,
        peer,
        content: Content::Text(text),
        markup,
        reply_to,
        silent: asked.disable_notification.unwrap_or(false),
        protected: asked.protect_content.unwrap_or(false),
    })?;
    context.message(&message)
}
