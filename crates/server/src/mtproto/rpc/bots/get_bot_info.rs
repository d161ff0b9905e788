//! `bots.getBotInfo`.

use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::{functions, types};

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: functions::bots::GetBotInfo) -> Answer {
    let bot = context.bot()?;
    let locked = context.lock();
    super::itself(locked.world(), bot, call.bot.as_ref())?;
    let info = locked.world().bot_info(bot, &super::language(call.lang_code)?);
    context.give(&types::bots::BotInfo {
        name: info.name,
        about: info.about,
        description: info.description,
    })
}
