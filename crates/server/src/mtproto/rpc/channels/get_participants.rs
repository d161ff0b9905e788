//! `channels.getParticipants`: who is in a supergroup or channel.

use crate::mtproto::decode;
use crate::mtproto::encode::{self, Cast};
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::{ctors, functions, types};
use ringback_world::{Chat, ChatId, ChatKind, Error, Peer, Status, UserId, World};
use types::ChannelParticipantsFilter as Filter;

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: &functions::channels::GetParticipants,
) -> Answer {
    let me = context.me()?;
    let locked = context.lock();
    let world = locked.world();
    let id = decode::channel(world, me, &call.channel)?;
    world.may_read(me, Peer::Channel(id))?;
    let chat = world.chat(ChatId::Channel(id)).ok_or(Error::ChannelInvalid)?;
    if chat.kind == ChatKind::Channel && !chat.status(me).is_admin() {
        return Err(Error::NeedAdmin.into());
    }
    let all: Vec<UserId> = chat
        .members
        .keys()
        .copied()
        .filter(|user| wanted(world, chat, *user, &call.filter))
        .collect();
    let first = usize::try_from(call.offset).unwrap_or(0);
    let limit = usize::try_from(call.limit).unwrap_or(0).min(200);
    let mut cast = Cast::new(world, me);
    cast.peer(Peer::Channel(id));
    // Who put them in is named in each.
    encode::creator_of(chat)
        .into_iter()
        .for_each(|user| cast.user(user));
    let mut participants = Vec::new();
    for user in all.iter().copied().skip(first).take(limit) {
        participants.extend(encode::member(world, chat, me, user));
        cast.user(user);
    }
    let found = ctors::channels::ChannelParticipants {
        count: encode::count(all.len()),
        participants,
        chats: cast.chats(),
        users: cast.users(),
    };
    context.give(&types::channels::ChannelParticipants::from(found))
}

fn wanted(world: &World, chat: &Chat, user: UserId, filter: &Filter) -> bool {
    let status = chat.status(user);
    let named = |words: &str| world.user(user).is_some_and(|user| user.is_called(words));
    match filter {
        Filter::ChannelParticipantsRecent => status.is_in(),
        Filter::ChannelParticipantsAdmins => status.is_admin(),
        Filter::ChannelParticipantsBots => status.is_in() && world.bot(user).is_some(),
        Filter::ChannelParticipantsSearch(own) => status.is_in() && named(&own.q),
        Filter::ChannelParticipantsMentions(own) => status.is_in() && own.q.as_deref().is_none_or(named),
        Filter::ChannelParticipantsKicked(own) => status == Status::Kicked && named(&own.q),
        Filter::ChannelParticipantsBanned(own) => status == Status::Restricted && named(&own.q),
        // Nobody keeps contacts here.
        Filter::ChannelParticipantsContacts(_) => false,
    }
}
