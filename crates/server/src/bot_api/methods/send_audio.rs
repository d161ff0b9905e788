//! `sendAudio`: music.

use super::Context;
use super::files::Sending;
use crate::bot_api::decode::SentAs;
use crate::bot_api::{ApiError, Reply};
use ringback_botapi::SendAudio as Asked;
use ringback_world::MediaKind;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let asked: Asked = context.asked()?;
    context.send_file(Sending {
        chat: &asked.chat_id,
        parameter: "audio",
        file: &asked.audio,
        sent_as: SentAs::of_params(context.params, MediaKind::Audio),
        caption_above: None,
        spoiler: None,
        silent: asked.disable_notification,
        protected: asked.protect_content,
    })
}
