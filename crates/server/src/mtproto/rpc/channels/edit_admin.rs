//! `channels.editAdmin`: a rank. An administrator may do everything here; no rights at all make a member again.

use crate::mtproto::decode;
use crate::mtproto::rpc::happened::Before;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::{functions, types};
use ringback_world::calls::{ChangeMember, SetAdminTitle};
use ringback_world::{ChatId, ChatKind, Error, Peer, Status};

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: &functions::channels::EditAdmin) -> Answer {
    let me = context.me()?;
    let mut locked = context.lock();
    let id = decode::channel(locked.world(), me, &call.channel)?;
    let before = Before::new(locked.world(), me, Peer::Channel(id));
    let user = decode::user(locked.world(), me, &call.user_id)?;
    let promote = call.admin_rights != types::ChatAdminRights::default();
    let status = if promote {
        Status::Administrator
    } else {
        Status::Member
    };
    let old = locked
        .world()
        .chat(ChatId::Channel(id))
        .map(|chat| chat.status(user));
    if !promote && !old.is_some_and(Status::is_in) {
        return Err(Error::UserNotParticipant.into());
    }
    if old != Some(status) {
        let change = ChangeMember {
            by: me,
            chat: ChatId::Channel(id),
            user,
            status,
            invite: None,
        };
        locked.call(context.cause, change)?;
    }
    let world = locked.world();
    let rank = call.rank.clone().unwrap_or_default();
    let old = world.admin_title(ChatId::Channel(id), user).unwrap_or_default();
    let chat = world.chat(ChatId::Channel(id));
    // In channels nobody sees titles.
    if promote && rank != old && chat.is_some_and(|chat| chat.kind == ChatKind::Supergroup) {
        let peer = Peer::Channel(id);
        let by = me;
        locked.call(
            context.cause,
            SetAdminTitle {
                by,
                peer,
                user,
                title: rank,
            },
        )?;
    }
    before.give(context, &locked, me)
}
