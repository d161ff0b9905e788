//! `forwardMessages`: those that are not there, or cannot be forwarded, are passed over.

use super::Context;
use crate::bot_api::{ApiError, Reply, decode};
use ringback_botapi::ForwardMessages as Asked;
use ringback_world::calls::ForwardAll;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let messages = decode::message_ids(context.params)?;
    let asked: Asked = context.asked()?;
    let sent = context.call(ForwardAll {
        by: context.bot,
        from: context.peer(&asked.from_chat_id)?,
        messages,
        to: context.peer(&asked.chat_id)?,
        copies: false,
        bare: false,
        silent: asked.disable_notification.unwrap_or(false),
        protected: asked.protect_content.unwrap_or(false),
    })?;
    context.numbers(&sent)
}
