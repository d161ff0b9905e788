//! `channels.updateUsername`: a name, another, or none.

use crate::mtproto::decode;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::ChatId;
use ringback_world::calls::NameChat;

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: &functions::channels::UpdateUsername,
) -> Answer {
    let me = context.me()?;
    let mut locked = context.lock();
    let id = decode::channel(locked.world(), me, &call.channel)?;
    let name = NameChat {
        by: me,
        chat: ChatId::Channel(id),
        username: Some(call.username.clone()).filter(|name| !name.is_empty()),
    };
    locked.call(context.cause, name)?;
    context.give(&true)
}
