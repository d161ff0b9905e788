//! `bots.getBotCommands`.

use crate::mtproto::encode;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: functions::bots::GetBotCommands) -> Answer {
    let bot = context.bot()?;
    let locked = context.lock();
    let key = super::commands_key(locked.world(), bot, &call.scope, call.lang_code)?;
    let lists = locked.world().bot(bot).map(|own| &own.commands);
    let commands = lists.and_then(|lists| lists.get(&key));
    context.give(&encode::bot_commands(commands.map_or(&[][..], Vec::as_slice)))
}
