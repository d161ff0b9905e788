//! `sendChatAction`: the bot is typing, or the like.

use super::Context;
use crate::bot_api::{ApiError, Reply};
use ringback_botapi::SendChatAction as Asked;
use ringback_world::calls::ChatAction;

const ACTIONS: &[&str] = &[
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
];

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let asked: Asked = context.asked()?;
    let action = asked.action.to_string().trim().to_ascii_lowercase();
    // Names of older versions of the Bot API, which the server still takes (TBA `get_chat_action`).
    let action = match action.as_str() {
        "record_audio" => "record_voice".to_owned(),
        "upload_audio" => "upload_voice".to_owned(),
        "pick_up_location" => "find_location".to_owned(),
        _ => action,
    };
    if !ACTIONS.contains(&action.as_str()) {
        return Err(ApiError::new(400, "Bad Request: wrong parameter action in request"));
    }
    let peer = context.peer(&asked.chat_id)?;
    context.call(ChatAction { from: context.bot, peer, action })?;
    Ok(Reply::done())
}
