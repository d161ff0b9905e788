//! `forwardMessage`.

use super::Context;
use crate::bot_api::{ApiError, Reply};
use ringback_botapi::ForwardMessage as Asked;
use ringback_world::MessageId;
use ringback_world::calls::Forwarding;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let asked: Asked = context.asked()?;
    let message = context.call(Forwarding {
        by: context.bot,
        from: context.peer(&asked.from_chat_id)?,
        message: MessageId(i32::try_from(asked.message_id).unwrap_or(0)),
        to: context.peer(&asked.chat_id)?,
        silent: asked.disable_notification.unwrap_or(false),
        protected: asked.protect_content.unwrap_or(false),
    })?;
    context.message(&message)
}
