//! `getMyCommands`.

use super::Context;
use crate::bot_api::{ApiError, Reply, decode, encode};

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let key = decode::command_key(context.params)?;
    let commands = context.world().bot(context.bot).and_then(|bot| bot.commands.get(&key)).map_or(&[][..], Vec::as_slice);
    Reply::json(&encode::bot_commands(commands))
}
