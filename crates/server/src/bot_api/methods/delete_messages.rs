//! `deleteMessages`: those that are not there, or not the bot's to delete, are passed over.

use super::Context;
use crate::bot_api::{ApiError, Reply, decode};
use ringback_botapi::DeleteMessages as Asked;
use ringback_world::calls::Delete;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let messages = decode::message_ids(context.params)?;
    let asked: Asked = context.asked()?;
    let peer = context.peer(&asked.chat_id)?;
    context.call(Delete { by: context.bot, peer, messages, lenient: true })?;
    Ok(Reply::done())
}
