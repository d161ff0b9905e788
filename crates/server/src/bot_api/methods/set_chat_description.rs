//! `setChatDescription`. A longer one than may be is cut (TD `set_chat_description`).

use super::Context;
use crate::bot_api::{ApiError, Reply};
use ringback_world::Error;
use ringback_world::calls::SetDescription;

/// In characters (TD).
const MAX_DESCRIPTION: usize = 255;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let text = context
        .words("description")?
        .trim()
        .chars()
        .take(MAX_DESCRIPTION)
        .collect();
    let chat = context.place(Error::CantDescribePrivate)?;
    context.call(SetDescription {
        by: context.bot,
        chat,
        text,
    })?;
    Ok(Reply::done())
}
