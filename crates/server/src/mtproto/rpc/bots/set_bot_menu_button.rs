//! `bots.setBotMenuButton`.

use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::{functions, types};
use ringback_world::MenuButton;
use ringback_world::calls::SetMenuButton;

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: functions::bots::SetBotMenuButton) -> Answer {
    let bot = context.bot()?;
    let mut locked = context.lock();
    let user = super::button_of(locked.world(), bot, &call.user_id)?;
    let button = match call.button {
        types::BotMenuButton::Default => MenuButton::Default,
        types::BotMenuButton::Commands => MenuButton::Commands,
        types::BotMenuButton::BotMenuButton(own) => MenuButton::WebApp {
            text: own.text,
            url: own.url,
        },
    };
    locked.call(context.cause, SetMenuButton { bot, user, button })?;
    context.give(&true)
}
