//! `channels.editBanned`: someone is put out, silenced, or may come and speak again.
//!
//! Of a member's rights there is `send_messages` here; a call that takes others and leaves that one is refused.

use crate::mtproto::decode;
use crate::mtproto::rpc::happened::Before;
use crate::mtproto::rpc::{Answer, Context, Refusal, remark};
use ringback_tl::{functions, types};
use ringback_world::calls::{Measure, Moderate};
use ringback_world::{ChatId, Error, Peer, Status};

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: &functions::channels::EditBanned) -> Answer {
    let me = context.me()?;
    let rights = &call.banned_rights;
    let nothing = types::ChatBannedRights {
        until_date: rights.until_date,
        ..Default::default()
    };
    if !rights.view_messages && !rights.send_messages && *rights != nothing {
        let text = "channels.editBanned with less than send_messages is not supported: nothing was done";
        remark(context.app, context.user, text.to_owned());
        return Err(Refusal::new(400, "METHOD_NOT_SUPPORTED: channels.editBanned"));
    }
    let mut locked = context.lock();
    let id = decode::channel(locked.world(), me, &call.channel)?;
    let before = Before::new(locked.world(), me, Peer::Channel(id));
    let Peer::User(user) = decode::peer(locked.world(), me, &call.participant)? else {
        return Err(Error::ParticipantIdInvalid.into());
    };
    let chat = locked.world().chat(ChatId::Channel(id));
    let is_mute = chat.is_some_and(|chat| chat.status(user) == Status::Restricted);
    let measure = match (rights.view_messages, rights.send_messages) {
        (true, _) => Measure::Ban,
        (false, true) => Measure::Mute,
        (false, false) if is_mute => Measure::Unmute,
        (false, false) => Measure::Unban,
    };
    let moderate = Moderate {
        by: me,
        peer: Peer::Channel(id),
        user,
        measure,
        until: Some(rights.until_date.into()),
    };
    locked.call(context.cause, moderate)?;
    before.give(context, &locked, me)
}
