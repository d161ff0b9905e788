//! `bots.setBotInfo`.

use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::calls::SetBotInfo;

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: functions::bots::SetBotInfo) -> Answer {
    let bot = context.bot()?;
    let mut locked = context.lock();
    super::itself(locked.world(), bot, call.bot.as_ref())?;
    let info = SetBotInfo {
        bot,
        language: super::language(call.lang_code)?,
        name: call.name,
        about: call.about,
        description: call.description,
    };
    locked.call(context.cause, info)?;
    context.give(&true)
}
