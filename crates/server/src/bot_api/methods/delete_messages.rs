//! `deleteMessages`: those that are not there, or not the bot's to delete, are passed over.

use super::Context;
use crate::bot_api::{ApiError, Reply};
use ringback_botapi::DeleteMessages as Asked;
use ringback_world::MessageId;
use ringback_world::calls::Delete;

const MOST: usize = 100;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let asked: Asked = context.asked()?;
    if asked.message_ids.is_empty() {
        return Err(ApiError::new(400, "Bad Request: message identifiers are not specified"));
    }
    if asked.message_ids.len() > MOST {
        return Err(ApiError::new(400, "Bad Request: too many message identifiers specified"));
    }
    let messages = asked.message_ids.iter().filter_map(|id| i32::try_from(*id).ok()).map(MessageId).collect();
    let peer = context.peer(&asked.chat_id)?;
    context.call(Delete { by: context.bot, peer, messages, lenient: true })?;
    Ok(Reply::done())
}
