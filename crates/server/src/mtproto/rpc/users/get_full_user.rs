//! `users.getFullUser`.

use crate::mtproto::decode;
use crate::mtproto::encode;
use crate::mtproto::rpc::messages::get_common_chats::common_chats;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::{functions, types};
use ringback_world::Peer;

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
        about: encode::bot_about(world, me, id),
        bot_info: encode::bot_info(world, me, id),
        pinned_msg_id: encode::pinned_message(world, me, Peer::User(id)),
        common_chats_count: encode::count(common_chats(world, me, id).count()),
        ..Default::default()
    };
    context.give(&types::users::UserFull {
        full_user,
        chats: Vec::new(),
        users: vec![encode::user(world, me, id)],
    })
}
