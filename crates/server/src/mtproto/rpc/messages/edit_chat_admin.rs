//! `messages.editChatAdmin`: a rank in a basic group.

use crate::mtproto::decode;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::calls::ChangeMember;
use ringback_world::{ChatId, Error, GroupId, Status};

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: &functions::messages::EditChatAdmin,
) -> Answer {
    let me = context.me()?;
    let mut locked = context.lock();
    let chat = ChatId::Group(GroupId(call.chat_id));
    let user = decode::user(locked.world(), me, &call.user_id)?;
    let old = locked.world().chat(chat).map(|chat| chat.status(user));
    let status = if call.is_admin {
        Status::Administrator
    } else {
        Status::Member
    };
    match old {
        None => return Err(Error::PeerIdInvalid.into()),
        Some(old) if !old.is_in() => return Err(Error::UserNotParticipant.into()),
        Some(old) if old == status => {}
        Some(_) => {
            let change = ChangeMember {
                by: me,
                chat,
                user,
                status,
                invite: None,
            };
            locked.call(context.cause, change)?;
        }
    }
    context.give(&true)
}
