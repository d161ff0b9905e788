//! `channels.editTitle`.

use crate::mtproto::decode;
use crate::mtproto::rpc::happened::Before;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::calls::RenameChat;
use ringback_world::{ChatId, Peer};

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: &functions::channels::EditTitle) -> Answer {
    let me = context.me()?;
    let mut locked = context.lock();
    let id = decode::channel(locked.world(), me, &call.channel)?;
    let before = Before::new(locked.world(), me, Peer::Channel(id));
    let rename = RenameChat {
        by: me,
        chat: ChatId::Channel(id),
        title: call.title.clone(),
    };
    locked.call(context.cause, rename)?;
    before.give(context, &locked, me)
}
