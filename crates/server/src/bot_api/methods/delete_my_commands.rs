//! `deleteMyCommands`.

use super::Context;
use crate::bot_api::{ApiError, Reply, decode};
use ringback_world::calls::DeleteCommands;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let key = decode::command_key(context.params)?;
    context.call(DeleteCommands { bot: context.bot, key })?;
    Ok(Reply::done())
}
