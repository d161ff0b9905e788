//! `sendPhoto`.

use super::Context;
use super::files::Sending;
use crate::bot_api::decode::SentAs;
use crate::bot_api::{ApiError, Reply};
use ringback_botapi::SendPhoto as Asked;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let asked: Asked = context.asked()?;
    context.send_file(Sending {
        chat: &asked.chat_id,
        parameter: "photo",
        file: &asked.photo,
        sent_as: SentAs::Photo,
        caption_above: asked.show_caption_above_media,
        spoiler: asked.has_spoiler,
        silent: asked.disable_notification,
        protected: asked.protect_content,
    })
}
