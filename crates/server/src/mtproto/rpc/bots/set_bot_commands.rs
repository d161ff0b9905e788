//! `bots.setBotCommands`.

use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::BotCommand;
use ringback_world::calls::SetCommands;

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: functions::bots::SetBotCommands) -> Answer {
    let bot = context.bot()?;
    let mut locked = context.lock();
    let key = super::commands_key(locked.world(), bot, &call.scope, call.lang_code)?;
    let commands = call.commands.into_iter().map(|own| BotCommand {
        command: own.command,
        description: own.description,
    });
    let commands = commands.collect();
    locked.call(context.cause, SetCommands { bot, key, commands })?;
    context.give(&true)
}
