//! `messages.editChatAbout`: what a group or channel says of itself.

use crate::mtproto::decode;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::calls::SetDescription;
use ringback_world::{ChatId, Error, Peer};

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: &functions::messages::EditChatAbout,
) -> Answer {
    let me = context.me()?;
    let mut locked = context.lock();
    let chat = match decode::peer(locked.world(), me, &call.peer)? {
        Peer::User(_) => return Err(Error::PeerIdInvalid.into()),
        Peer::Group(id) => ChatId::Group(id),
        Peer::Channel(id) => ChatId::Channel(id),
    };
    let text = call.about.clone();
    locked.call(context.cause, SetDescription { by: me, chat, text })?;
    context.give(&true)
}
