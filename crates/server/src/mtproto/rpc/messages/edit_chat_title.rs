//! `messages.editChatTitle`: of a basic group.

use crate::mtproto::rpc::happened::Before;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::calls::RenameChat;
use ringback_world::{ChatId, GroupId, Peer};

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: &functions::messages::EditChatTitle,
) -> Answer {
    let me = context.me()?;
    let mut locked = context.lock();
    let group = GroupId(call.chat_id);
    let before = Before::new(locked.world(), me, Peer::Group(group));
    let rename = RenameChat {
        by: me,
        chat: ChatId::Group(group),
        title: call.title.clone(),
    };
    locked.call(context.cause, rename)?;
    before.give(context, &locked, me)
}
