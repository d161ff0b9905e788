//! `messages.createChat`: a basic group.

use crate::mtproto::decode;
use crate::mtproto::rpc::happened::Before;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::{functions, types};
use ringback_world::calls::CreateChat;
use ringback_world::{ChatId, ChatKind, Error, Peer};

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: &functions::messages::CreateChat) -> Answer {
    let me = context.me()?;
    let mut locked = context.lock();
    let world = locked.world();
    if world.bot(me).is_some() {
        return Err(Error::BotMethodInvalid.into());
    }
    let mut members = vec![me];
    for input in &call.users {
        members.push(decode::user(world, me, input)?);
    }
    // The mailbox is the same whatever the group is.
    let before = Before::new(world, me, Peer::User(me));
    let new = CreateChat {
        kind: ChatKind::Group,
        title: call.title.clone(),
        username: None,
        members,
    };
    let ChatId::Group(_) = locked.call(context.cause, new)? else {
        return Err(Error::PeerIdInvalid.into());
    };
    context.give(&types::messages::InvitedUsers {
        updates: before.updates(locked.world(), me),
        missing_invitees: Vec::new(),
    })
}
