//! `setMyCommands`.

use super::Context;
use crate::bot_api::{ApiError, Reply, decode};
use ringback_botapi::SetMyCommands as Asked;
use ringback_world::BotCommand;
use ringback_world::calls::SetCommands;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let asked: Asked = context.asked()?;
    let key = decode::command_key(asked.scope.as_ref(), asked.language_code);
    let commands = asked
        .commands
        .into_iter()
        .map(|entry| BotCommand {
            command: entry.command.strip_prefix('/').map(str::to_owned).unwrap_or(entry.command),
            description: entry.description,
        })
        .collect();
    context.call(SetCommands { bot: context.bot, key, commands })?;
    Ok(Reply::done())
}
