//! `sendDocument`.

use super::Context;
use crate::bot_api::decode::{self, SentAs};
use crate::bot_api::{ApiError, Reply};
use ringback_botapi::SendDocument as Asked;
use ringback_world::calls::Send;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let markup = context.params.reply_markup()?;
    let asked: Asked = context.asked()?;
    let peer = context.peer(&asked.chat_id)?;
    context.world().may_write(context.bot, peer)?;
    let caption = decode::caption(context.params)?;
    let reply_to = context.reply_to()?;
    let file = context.file("document", &asked.document, SentAs::Document)?;
    let content = context.content(file, caption, false, false)?;
    let message = context.call(Send {
        from: context.bot,
        peer,
        content,
        markup,
        reply_to,
        silent: asked.disable_notification.unwrap_or(false),
        protected: asked.protect_content.unwrap_or(false),
    })?;
    context.message(&message)
}
