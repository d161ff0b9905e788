//! `messages.deleteChatUser`: someone leaves a basic group, or is put out.

use crate::mtproto::decode;
use crate::mtproto::rpc::happened::Before;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::calls::ChangeMember;
use ringback_world::{ChatId, GroupId, Peer, Status};

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: &functions::messages::DeleteChatUser,
) -> Answer {
    let me = context.me()?;
    let mut locked = context.lock();
    let group = GroupId(call.chat_id);
    let before = Before::new(locked.world(), me, Peer::Group(group));
    let user = decode::user(locked.world(), me, &call.user_id)?;
    let change = ChangeMember {
        by: me,
        chat: ChatId::Group(group),
        user,
        status: if user == me { Status::Left } else { Status::Kicked },
        invite: None,
    };
    locked.call(context.cause, change)?;
    before.give(context, &locked, me)
}
