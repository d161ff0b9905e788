//! `deleteMessage`: for everyone.

use super::Context;
use crate::bot_api::{ApiError, Reply};
use ringback_botapi::DeleteMessage as Asked;
use ringback_world::MessageId;
use ringback_world::calls::Delete;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let asked: Asked = context.asked()?;
    let messages = vec![MessageId(i32::try_from(asked.message_id).unwrap_or(0))];
    let peer = context.peer(&asked.chat_id)?;
    context.call(Delete { by: context.bot, peer, messages, lenient: false })?;
    Ok(Reply::done())
}
