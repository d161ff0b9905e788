//! `sendGame`. There is no BotFather here: a game exists from its first sending on.

use super::Context;
use crate::bot_api::{ApiError, Reply};
use ringback_botapi::SendGame as Asked;
use ringback_world::Content;
use ringback_world::calls::Send;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let markup = context.keyboard()?.map(ringback_world::ReplyMarkup::Inline);
    let asked: Asked = context.asked()?;
    let peer = context.peer(&asked.chat_id)?;
    let reply_to = context.reply_to()?;
    let message = context.call(Send {
        from: context.bot,
        peer,
        content: Content::Game { bot: context.bot, short_name: asked.game_short_name, text: String::new() },
        markup,
        reply_to,
        silent: asked.disable_notification.unwrap_or(false),
        protected: asked.protect_content.unwrap_or(false),
    })?;
    context.message(&message)
}
