//! `pinChatMessage`.

use super::Context;
use crate::bot_api::{ApiError, Reply};
use ringback_world::calls::Pin;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let pin = Pin {
        by: context.bot,
        peer: context.chat()?,
        message: Some(context.message_id()),
        pinned: true,
        silent: context.params.flag("disable_notification"),
    };
    context.call(pin)?;
    Ok(Reply::done())
}
