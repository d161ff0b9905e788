//! `unpinChatMessage`: without a number, the latest of what is pinned.

use super::Context;
use crate::bot_api::{ApiError, Reply};
use ringback_world::calls::Pin;
use ringback_world::{Error, MessageId};

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let peer = context.chat()?;
    let conversation = context.world().may_read(context.bot, peer)?;
    let message = match context.message_id() {
        MessageId(0) => {
            let mut pinned = context.world().pinned(conversation);
            let latest = pinned.find_map(|message| message.id_for(context.bot));
            latest.ok_or(Error::UnpinNotFound)?
        }
        named => named,
    };
    context.call(Pin {
        by: context.bot,
        peer,
        message: Some(message),
        pinned: false,
        silent: true,
    })?;
    Ok(Reply::done())
}
