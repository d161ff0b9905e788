//! `sendVideo`.

use super::Context;
use super::files::Sending;
use crate::bot_api::decode::SentAs;
use crate::bot_api::{ApiError, Reply};
use ringback_botapi::SendVideo as Asked;
use ringback_world::MediaKind;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let asked: Asked = context.asked()?;
    context.send_file(Sending {
        chat: &asked.chat_id,
        parameter: "video",
        file: &asked.video,
        sent_as: SentAs::of_params(context.params, MediaKind::Video),
        caption_above: asked.show_caption_above_media,
        spoiler: asked.has_spoiler,
        silent: asked.disable_notification,
        protected: asked.protect_content,
    })
}
