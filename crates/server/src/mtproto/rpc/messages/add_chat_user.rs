//! `messages.addChatUser`: someone is put into a basic group.

use crate::mtproto::decode;
use crate::mtproto::rpc::happened::Before;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::{functions, types};
use ringback_world::calls::ChangeMember;
use ringback_world::{ChatId, GroupId, Peer, Status};

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: &functions::messages::AddChatUser) -> Answer {
    let me = context.me()?;
    let mut locked = context.lock();
    let group = GroupId(call.chat_id);
    let before = Before::new(locked.world(), me, Peer::Group(group));
    let change = ChangeMember {
        by: me,
        chat: ChatId::Group(group),
        user: decode::user(locked.world(), me, &call.user_id)?,
        status: Status::Member,
        invite: None,
    };
    locked.call(context.cause, change)?;
    context.give(&types::messages::InvitedUsers {
        updates: before.updates(locked.world(), me),
        missing_invitees: Vec::new(),
    })
}
