//! `channels.joinChannel`: someone comes to a public supergroup or channel.

use crate::mtproto::decode;
use crate::mtproto::rpc::happened::Before;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::{ctors, functions, types};
use ringback_world::calls::ChangeMember;
use ringback_world::{ChatId, Peer, Status};

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: &functions::channels::JoinChannel) -> Answer {
    let me = context.me()?;
    let mut locked = context.lock();
    let id = decode::channel(locked.world(), me, &call.channel)?;
    let before = Before::new(locked.world(), me, Peer::Channel(id));
    let change = ChangeMember {
        by: me,
        chat: ChatId::Channel(id),
        user: me,
        status: Status::Member,
        invite: None,
    };
    locked.call(context.cause, change)?;
    let updates = before.updates(locked.world(), me);
    let joined = ctors::messages::ChatInviteJoinResultOk { updates };
    context.give(&types::messages::ChatInviteJoinResult::Ok(Box::new(joined)))
}
