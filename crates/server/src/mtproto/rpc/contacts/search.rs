//! `contacts.search`: users and chats by their names.

use crate::mtproto::encode::{self, Cast};
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::{functions, types};
use ringback_world::{ChatId, Peer};
use std::collections::BTreeSet;

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: &functions::contacts::Search) -> Answer {
    let me = context.me()?;
    let locked = context.lock();
    let world = locked.world();
    let limit = usize::try_from(call.limit).unwrap_or(0).min(100);
    let users = world.users().filter(|user| user.is_called(&call.q));
    let users = users.map(|user| Peer::User(user.id));
    let chats = world.chats().filter(|chat| chat.is_called(&call.q));
    let chats = chats.map(|chat| Peer::from(chat.id));
    let mine: BTreeSet<Peer> = world
        .dialogs(me)
        .filter(|peer| matches!(peer, Peer::User(_)) || world.may_read(me, *peer).is_ok())
        .collect();
    let found: Vec<Peer> = if call.q.trim().is_empty() {
        Vec::new()
    } else {
        users
            .chain(chats)
            .filter(|peer| *peer != Peer::User(me))
            .collect()
    };
    let (own, others): (Vec<Peer>, Vec<Peer>) = found.into_iter().partition(|peer| mine.contains(peer));
    // Of what one is not in, only what is public.
    let public = |peer: &Peer| match peer {
        Peer::User(id) => world.user(*id).is_some_and(|user| user.username.is_some()),
        Peer::Group(_) => false,
        Peer::Channel(id) => {
            let chat = world.chat(ChatId::Channel(*id));
            chat.is_some_and(|chat| chat.username.is_some())
        }
    };
    let mut cast = Cast::new(world, me);
    let mut told = |peers: Vec<Peer>| -> Vec<types::Peer> {
        let peers = peers.into_iter().take(limit);
        peers
            .map(|peer| {
                cast.peer(peer);
                encode::peer(peer)
            })
            .collect()
    };
    let my_results = told(own);
    let results = told(others.into_iter().filter(public).collect());
    context.give(&types::contacts::Found {
        my_results,
        results,
        chats: cast.chats(),
        users: cast.users(),
    })
}
