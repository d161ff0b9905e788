//! `getMyCommands`.

use super::Context;
use crate::bot_api::{ApiError, Reply, decode, encode};
use ringback_botapi::GetMyCommands as Asked;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let asked: Asked = context.asked()?;
    let key = decode::command_key(asked.scope.as_ref(), asked.language_code);
    let commands = context.world().bot(context.bot).and_then(|bot| bot.commands.get(&key)).map_or(&[][..], Vec::as_slice);
    Reply::json(&encode::bot_commands(commands))
}
