//! `channels.inviteToChannel`: some are put into a supergroup or channel.

use crate::mtproto::decode;
use crate::mtproto::rpc::happened::Before;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::{functions, types};
use ringback_world::calls::ChangeMember;
use ringback_world::{ChatId, Error, Peer, Status};

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: &functions::channels::InviteToChannel,
) -> Answer {
    let me = context.me()?;
    let mut locked = context.lock();
    let id = decode::channel(locked.world(), me, &call.channel)?;
    let before = Before::new(locked.world(), me, Peer::Channel(id));
    let mut users = Vec::new();
    for input in &call.users {
        users.push(decode::user(locked.world(), me, input)?);
    }
    for user in users {
        let change = ChangeMember {
            by: me,
            chat: ChatId::Channel(id),
            user,
            status: Status::Member,
            invite: None,
        };
        match locked.call(context.cause, change) {
            // Who is in already stays.
            Ok(()) | Err(Error::UserAlreadyParticipant) => {}
            Err(error) => return Err(error.into()),
        }
    }
    context.give(&types::messages::InvitedUsers {
        updates: before.updates(locked.world(), me),
        missing_invitees: Vec::new(),
    })
}
