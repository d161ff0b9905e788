//! `channels.getParticipant`: what someone is in a supergroup or channel.

use crate::mtproto::decode;
use crate::mtproto::encode::{self, Cast};
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::{functions, types};
use ringback_world::{ChatId, Error, Peer};

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: &functions::channels::GetParticipant,
) -> Answer {
    let me = context.me()?;
    let locked = context.lock();
    let world = locked.world();
    let id = decode::channel(world, me, &call.channel)?;
    world.may_read(me, Peer::Channel(id))?;
    let chat = world.chat(ChatId::Channel(id)).ok_or(Error::ChannelInvalid)?;
    let Peer::User(user) = decode::peer(world, me, &call.participant)? else {
        return Err(Error::ParticipantIdInvalid.into());
    };
    let participant = encode::member(world, chat, me, user).ok_or(Error::UserNotParticipant)?;
    let mut cast = Cast::new(world, me);
    cast.user(user);
    cast.peer(Peer::Channel(id));
    // Who put them in is named in each.
    encode::creator_of(chat)
        .into_iter()
        .for_each(|user| cast.user(user));
    context.give(&types::channels::ChannelParticipant {
        participant,
        chats: cast.chats(),
        users: cast.users(),
    })
}
