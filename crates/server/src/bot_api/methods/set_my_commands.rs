//! `setMyCommands`.

use super::Context;
use crate::bot_api::{ApiError, Reply, decode};
use ringback_world::calls::SetCommands;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let key = decode::command_key(context.params)?;
    let commands = decode::bot_commands(context.params)?;
    context.call(SetCommands { bot: context.bot, key, commands })?;
    Ok(Reply::done())
}
