//! `setChatTitle`. A longer title than may be is cut, and the same again changes nothing (TD `set_dialog_title`).

use super::Context;
use crate::bot_api::{ApiError, Reply};
use ringback_world::Error;
use ringback_world::calls::RenameChat;

/// In characters (TD).
const MAX_TITLE: usize = 128;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let title: String = context.words("title")?.trim().chars().take(MAX_TITLE).collect();
    let chat = context.place(Error::CantRenamePrivate)?;
    if title.is_empty() {
        return Err(ApiError::bad_request("title must be non-empty"));
    }
    match context.try_call(RenameChat {
        by: context.bot,
        chat,
        title,
    }) {
        Ok(()) | Err(Error::ChatNotModified) => Ok(Reply::done()),
        Err(error) => Err(error.into()),
    }
}
