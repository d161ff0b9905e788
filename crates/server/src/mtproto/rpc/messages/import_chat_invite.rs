//! `messages.importChatInvite`: someone comes by a link.

use crate::mtproto::rpc::happened::Before;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::{ctors, functions, types};
use ringback_world::calls::ChangeMember;
use ringback_world::{Error, Status};

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: &functions::messages::ImportChatInvite,
) -> Answer {
    let me = context.me()?;
    let mut locked = context.lock();
    let chat = locked.world().chat_by_invite(&call.hash);
    let chat = chat.ok_or(Error::InviteHashInvalid)?.id;
    let before = Before::new(locked.world(), me, chat.into());
    let change = ChangeMember {
        by: me,
        chat,
        user: me,
        status: Status::Member,
        invite: Some(call.hash.clone()),
    };
    locked.call(context.cause, change)?;
    let updates = before.updates(locked.world(), me);
    let joined = ctors::messages::ChatInviteJoinResultOk { updates };
    context.give(&types::messages::ChatInviteJoinResult::Ok(Box::new(joined)))
}
