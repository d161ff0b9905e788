//! Users and chats, by number and by name.

use super::{Answer, Context};
use crate::mtproto::decode;
use crate::mtproto::encode::{self, Cast};
use ringback_tl::{ctors, functions, types};
use ringback_world::{ChatId, Error, GroupId, Peer, World};

pub(super) fn get_users(context: &Context<'_>, call: &functions::users::GetUsers) -> Answer {
    let me = context.me()?;
    let locked = context.lock();
    let world = locked.world();
    let mut users = Vec::new();
    for input in &call.id {
        users.push(encode::user(world, me, decode::user(world, me, input)?));
    }
    context.give(&users)
}

pub(super) fn get_full_user(context: &Context<'_>, call: &functions::users::GetFullUser) -> Answer {
    let me = context.me()?;
    let locked = context.lock();
    let world = locked.world();
    let id = decode::user(world, me, &call.id)?;
    let blocked = world.user(me).is_some_and(|own| own.blocked.contains(&id));
    let full_user = types::UserFull {
        blocked,
        can_pin_message: true,
        id: id.0,
        notify_settings: encode::notify_settings(),
        about: encode::bot_about(world, me, id),
        bot_info: encode::bot_info(world, me, id),
        ..Default::default()
    };
    context.give(&types::users::UserFull {
        full_user,
        chats: Vec::new(),
        users: vec![encode::user(world, me, id)],
    })
}

pub(super) fn resolve_username(context: &Context<'_>, call: &functions::contacts::ResolveUsername) -> Answer {
    let me = context.me()?;
    let locked = context.lock();
    let peer = locked.world().resolve(&call.username);
    resolved(
        context,
        locked.world(),
        me,
        peer.ok_or(Error::UsernameNotOccupied)?,
    )
}

pub(super) fn resolve_phone(context: &Context<'_>, call: &functions::contacts::ResolvePhone) -> Answer {
    let me = context.me()?;
    let locked = context.lock();
    let user = locked.world().user_by_phone(&call.phone);
    let user = user.ok_or(Error::PhoneNotOccupied)?;
    resolved(context, locked.world(), me, Peer::User(user))
}

fn resolved(context: &Context<'_>, world: &World, me: ringback_world::UserId, peer: Peer) -> Answer {
    let mut cast = Cast::new(world, me);
    cast.peer(peer);
    context.give(&types::contacts::ResolvedPeer {
        peer: encode::peer(peer),
        chats: cast.chats(),
        users: cast.users(),
    })
}

pub(super) fn get_channels(context: &Context<'_>, call: &functions::channels::GetChannels) -> Answer {
    let me = context.me()?;
    let locked = context.lock();
    let world = locked.world();
    let mut cast = Cast::new(world, me);
    for input in &call.id {
        cast.peer(Peer::Channel(decode::channel(world, me, input)?));
    }
    context.give(&chats(&cast))
}

pub(super) fn get_chats(context: &Context<'_>, call: &functions::messages::GetChats) -> Answer {
    let me = context.me()?;
    let locked = context.lock();
    let world = locked.world();
    let mut cast = Cast::new(world, me);
    for id in &call.id {
        let id = GroupId(*id);
        world.chat(ChatId::Group(id)).ok_or(Error::PeerIdInvalid)?;
        cast.peer(Peer::Group(id));
    }
    context.give(&chats(&cast))
}

fn chats(cast: &Cast<'_>) -> types::messages::Chats {
    ctors::messages::Chats { chats: cast.chats() }.into()
}
