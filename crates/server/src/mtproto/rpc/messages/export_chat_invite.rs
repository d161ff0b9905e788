//! `messages.exportChatInvite`: the link that invites to a chat. Each has one, which never expires.

use crate::mtproto::rpc::{Answer, Context};
use crate::mtproto::{decode, encode};
use ringback_tl::functions;
use ringback_world::{ChatId, Error, Peer};

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: &functions::messages::ExportChatInvite,
) -> Answer {
    let me = context.me()?;
    let locked = context.lock();
    let world = locked.world();
    let id = match decode::peer(world, me, &call.peer)? {
        Peer::User(_) => return Err(Error::PeerIdInvalid.into()),
        Peer::Group(id) => ChatId::Group(id),
        Peer::Channel(id) => ChatId::Channel(id),
    };
    world.may_manage(me, id)?;
    let chat = world.chat(id).ok_or(Error::PeerIdInvalid)?;
    let invite = encode::invite(world, me, chat).ok_or(Error::NeedAdmin)?;
    context.give(&invite)
}
