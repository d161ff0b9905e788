//! `messages.exportChatInvite`: the link that invites to a chat. Each has one, which never expires but may be replaced.

use crate::mtproto::rpc::{Answer, Context};
use crate::mtproto::{decode, encode};
use ringback_tl::functions;
use ringback_world::calls::ReplaceLink;
use ringback_world::{ChatId, Error, Peer};

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: &functions::messages::ExportChatInvite,
) -> Answer {
    let me = context.me()?;
    let mut locked = context.lock();
    let id = match decode::peer(locked.world(), me, &call.peer)? {
        Peer::User(_) => return Err(Error::PeerIdInvalid.into()),
        Peer::Group(id) => ChatId::Group(id),
        Peer::Channel(id) => ChatId::Channel(id),
    };
    locked.world().may_manage(me, id)?;
    if call.legacy_revoke_permanent {
        locked.call(context.cause, ReplaceLink { by: me, chat: id })?;
    }
    let world = locked.world();
    let chat = world.chat(id).ok_or(Error::PeerIdInvalid)?;
    let invite = encode::invite(world, me, chat).ok_or(Error::NeedAdmin)?;
    context.give(&invite)
}
