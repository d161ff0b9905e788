//! `deleteMyCommands`.

use super::Context;
use crate::bot_api::{ApiError, Reply, decode};
use ringback_botapi::DeleteMyCommands as Asked;
use ringback_world::calls::DeleteCommands;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let asked: Asked = context.asked()?;
    let key = decode::command_key(asked.scope.as_ref(), asked.language_code);
    context.call(DeleteCommands { bot: context.bot, key })?;
    Ok(Reply::done())
}
