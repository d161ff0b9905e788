//! `unpinAllChatMessages`.

use super::Context;
use crate::bot_api::{ApiError, Reply};
use ringback_world::calls::Pin;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let peer = context.chat()?;
    context.call(Pin {
        by: context.bot,
        peer,
        message: None,
        pinned: false,
        silent: true,
    })?;
    Ok(Reply::done())
}
