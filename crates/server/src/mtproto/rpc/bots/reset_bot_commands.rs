//! `bots.resetBotCommands`.

use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::calls::DeleteCommands;

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: functions::bots::ResetBotCommands) -> Answer {
    let bot = context.bot()?;
    let mut locked = context.lock();
    let key = super::commands_key(locked.world(), bot, &call.scope, call.lang_code)?;
    locked.call(context.cause, DeleteCommands { bot, key })?;
    context.give(&true)
}
