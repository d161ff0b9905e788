//! `users.getFullUser`.

use crate::mtproto::decode;
use crate::mtproto::encode::{self};
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::{functions, types};

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: &functions::users::GetFullUser) -> Answer {
    let me = context.me()?;
    let locked = context.lock();
    let world = locked.world();
    let id = decode::user(world, me, &call.id)?;
    let blocked = world.user(me).is_some_and(|own| own.blocked.contains(&id));
    let full_user = types::UserFull {
        blocked,
        can_pin_message: true,
        id: id.0,
        notify_settings: encode::notify_settings(),
        bot_info: world.bot(id).map(|bot| types::BotInfo {
            user_id: Some(id.0),
            commands: bot.commands.values().next().map(|commands| {
                let commands = commands.iter();
                commands
                    .map(|command| types::BotCommand {
                        command: command.command.clone(),
                        description: command.description.clone(),
                        ..Default::default()
                    })
                    .collect()
            }),
            ..Default::default()
        }),
        ..Default::default()
    };
    context.give(&types::users::UserFull {
        full_user,
        chats: Vec::new(),
        users: vec![encode::user(world, me, id)],
    })
}
