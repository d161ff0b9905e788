//! `sendDocument`.

use super::Context;
use super::files::Sending;
use crate::bot_api::decode::SentAs;
use crate::bot_api::{ApiError, Reply};
use ringback_botapi::SendDocument as Asked;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let asked: Asked = context.asked()?;
    context.send_file(Sending {
        chat: &asked.chat_id,
        parameter: "document",
        file: &asked.document,
        sent_as: SentAs::Document,
        caption_above: None,
        spoiler: None,
        silent: asked.disable_notification,
        protected: asked.protect_content,
    })
}
