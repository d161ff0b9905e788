//! `sendMediaGroup`: several pictures, films or files as one.

use super::Context;
use crate::bot_api::decode::{self, InputMedia};
use crate::bot_api::{ApiError, Reply, encode};
use ringback_botapi::GetChat as Asked;
use ringback_world::calls::SendAlbum;
use ringback_world::{Content, Error};

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let media = decode::input_media_group(context.params)?;
    // Where to is asked as in other methods. `media` is read above, and an album has no keyboard.
    let asked: Asked = context.asked()?;
    let peer = context.peer(&asked.chat_id)?;
    context.world().may_write(context.bot, peer)?;
    let reply_to = context.reply_to()?;
    let mut items = Vec::with_capacity(media.len());
    for (at, media) in media.into_iter().enumerate() {
        items.push(item(context, media).map_err(|error| of_item(at + 1, error))?);
    }
    let sent = context.call(SendAlbum {
        from: context.bot,
        peer,
        items,
        reply_to,
        silent: context.params.flag("disable_notification"),
        protected: context.params.flag("protect_content"),
    })?;
    let (world, bot) = (context.world(), context.bot);
    let messages: Vec<_> = sent
        .iter()
        .map(|message| encode::message(world, bot, message))
        .collect();
    Reply::json(&messages)
}

fn item(context: &mut Context<'_>, media: InputMedia) -> Result<Content, ApiError> {
    let file = context.file("media", &media.file, media.sent_as)?;
    context.content(file, media.caption, media.caption_above, media.spoiler)
}

/// What Telegram's servers refuse of an album's file is told with the file's place; what TDLib itself refuses before
/// (TBA `on_message_send_failed`) is not.
fn of_item(at: usize, error: ApiError) -> ApiError {
    let by_servers = [
        "Bad Request: IMAGE_PROCESS_FAILED".to_owned(),
        Error::FileIdInvalid.bot_api().description,
    ];
    let failed_to_get = error.description.starts_with("Bad Request: failed to get");
    if !failed_to_get && !by_servers.contains(&error.description) {
        return error;
    }
    let what = decode::inner(error);
    ApiError::bad_request(format_args!(
        "failed to send message #{at} with the error message \"{what}\""
    ))
}
