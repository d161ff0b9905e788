//! `editMessageMedia`: another picture or file in the place of the one there, or of a text.

use super::Context;
use crate::bot_api::{ApiError, Reply, decode};
use ringback_botapi::{EditMessageReplyMarkup as Asked, InputFile};
use ringback_world::calls::{Change, Edit};

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let keyboard = context.keyboard()?;
    let media = decode::input_media(context.params)?;
    // Which message is asked as in the other methods; `media` is read above.
    let asked: Asked = context.asked()?;
    let target = context.target(asked.chat_id.as_ref(), asked.message_id, asked.inline_message_id.as_deref())?;
    let uploaded = matches!(media.file, InputFile::Attach(_));
    context.world().may_edit_media(context.bot, target, uploaded)?;
    let file = context.file("media", &media.file, media.sent_as)?;
    let content = context.content(file, media.caption, media.caption_above, media.spoiler)?;
    let change = Change::Media { content, uploaded };
    let message = context.call(Edit { by: context.bot, target, change, keyboard })?;
    context.edited(target, &message)
}
