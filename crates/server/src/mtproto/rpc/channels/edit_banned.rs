//! `channels.editBanned`: someone is put out, or may come again.
//!
//! Members who may do less than others do not exist in this world: such a call is refused.

use crate::mtproto::decode;
use crate::mtproto::rpc::happened::Before;
use crate::mtproto::rpc::{Answer, Context, Refusal, remark};
use ringback_tl::{functions, types};
use ringback_world::calls::ChangeMember;
use ringback_world::{ChatId, Error, Peer, Status};

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: &functions::channels::EditBanned) -> Answer {
    let me = context.me()?;
    let rights = &call.banned_rights;
    let nothing = types::ChatBannedRights {
        until_date: rights.until_date,
        ..Default::default()
    };
    if !rights.view_messages && *rights != nothing {
        let text = "channels.editBanned with less than view_messages is not supported: nothing was done";
        remark(context.app, context.user, text.to_owned());
        return Err(Refusal::new(400, "METHOD_NOT_SUPPORTED: channels.editBanned"));
    }
    let mut locked = context.lock();
    let id = decode::channel(locked.world(), me, &call.channel)?;
    let before = Before::new(locked.world(), me, Peer::Channel(id));
    let Peer::User(user) = decode::peer(locked.world(), me, &call.participant)? else {
        return Err(Error::ParticipantIdInvalid.into());
    };
    let old = locked
        .world()
        .chat(ChatId::Channel(id))
        .map(|chat| chat.status(user));
    let status = match (rights.view_messages, old) {
        (true, Some(Status::Kicked)) | (false, None) => None,
        (true, _) => Some(Status::Kicked),
        (false, Some(Status::Kicked)) => Some(Status::Left),
        (false, Some(_)) => None,
    };
    if let Some(status) = status {
        let change = ChangeMember {
            by: me,
            chat: ChatId::Channel(id),
            user,
            status,
            invite: None,
        };
        locked.call(context.cause, change)?;
    } else {
        locked.world().may_manage(me, ChatId::Channel(id))?;
    }
    before.give(context, &locked, me)
}
