//! `bots.getBotMenuButton`.

use crate::mtproto::encode;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: &functions::bots::GetBotMenuButton,
) -> Answer {
    let bot = context.bot()?;
    let locked = context.lock();
    let user = super::button_of(locked.world(), bot, &call.user_id)?;
    context.give(&encode::menu_button(locked.world().menu_button(bot, user)))
}
