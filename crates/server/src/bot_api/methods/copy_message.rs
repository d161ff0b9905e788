//! `copyMessage`: the same again, as the bot's own.

use super::Context;
use crate::bot_api::{ApiError, Reply, decode};
use ringback_botapi::{CopyMessage as Asked, MessageId as Copied};
use ringback_world::MessageId;
use ringback_world::calls::Copy;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let markup = context.params.reply_markup()?;
    let asked: Asked = context.asked()?;
    // An empty caption takes the original's away; none leaves it.
    let caption = asked.caption.is_some().then(|| decode::caption(context.params)).transpose()?;
    let reply_to = context.reply_to()?;
    let message = context.call(Copy {
        by: context.bot,
        from: context.peer(&asked.from_chat_id)?,
        message: MessageId(i32::try_from(asked.message_id).unwrap_or(0)),
        to: context.peer(&asked.chat_id)?,
        caption,
        markup,
        reply_to,
        silent: asked.disable_notification.unwrap_or(false),
        protected: asked.protect_content.unwrap_or(false),
    })?;
    let id = message.id_for(context.bot).map_or(0, |id| i64::from(id.0));
    Reply::json(&Copied::new(id))
}
