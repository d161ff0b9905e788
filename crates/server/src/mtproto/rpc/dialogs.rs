//! The list of chats.

use super::{Answer, Context};
use crate::mtproto::{decode, encode, encode::Cast};
use ringback_tl::{ctors, functions, types};
use ringback_world::{Mailbox, Message, MessageId, MessageKey, Peer, UserId, World};
use std::cmp::Reverse;
use std::sync::Arc;

/// The most chats at once.
const MAX: usize = 100;

/// The chats of a user with their newest messages, those with the newest first.
fn sorted(world: &World, me: UserId) -> Vec<(Peer, Option<&Arc<Message>>)> {
    let readable = world.dialogs(me).filter(|peer| world.may_read(me, *peer).is_ok());
    let mut all: Vec<_> = readable.map(|peer| (peer, top(world, me, peer))).collect();
    all.sort_by_key(|(peer, top)| (Reverse(top.map(|message| message.key)), *peer));
    all
}

fn top(world: &World, me: UserId, peer: Peer) -> Option<&Arc<Message>> {
    world
        .history(me, peer)
        .find(|message| world.may_hear(me, message))
}

pub(super) fn get_dialogs(context: &Context<'_>, call: &functions::messages::GetDialogs) -> Answer {
    let me = context.me()?;
    let locked = context.lock();
    let world = locked.world();
    // Nothing is ever archived.
    let all = match call.folder_id {
        None | Some(0) => sorted(world, me),
        Some(_) => Vec::new(),
    };
    let total = all.len();
    let first = start(world, me, call, &all);
    let limit = usize::try_from(call.limit).unwrap_or(0);
    let limit = if limit == 0 { MAX } else { limit.min(MAX) };
    let page: Vec<_> = all.into_iter().skip(first).take(limit).collect();
    let whole = first == 0 && page.len() == total;
    let mut cast = Cast::new(world, me);
    let (dialogs, messages) = list(world, me, &page, &mut cast);
    let (chats, users) = (cast.chats(), cast.users());
    let answer: types::messages::Dialogs = if whole {
        ctors::messages::Dialogs {
            dialogs,
            messages,
            chats,
            users,
        }
        .into()
    } else {
        ctors::messages::DialogsSlice {
            count: encode::count(total),
            dialogs,
            messages,
            chats,
            users,
        }
        .into()
    };
    context.give(&answer)
}

/// Where the page begins: after the chat that a client had last, by its newest message then, which may not be its
/// newest any more.
fn start(
    world: &World,
    me: UserId,
    call: &functions::messages::GetDialogs,
    all: &[(Peer, Option<&Arc<Message>>)],
) -> usize {
    let peer = decode::peer(world, me, &call.offset_peer).ok();
    let from_key = |key: MessageKey| {
        all.iter()
            .position(|(_, top)| top.is_none_or(|top| top.key < key))
            .unwrap_or(all.len())
    };
    if let Some(peer) = peer {
        if let Some(message) = world.message_at(me, peer, MessageId(call.offset_id)) {
            return from_key(message.key);
        }
        if let Some(at) = all.iter().position(|(other, _)| *other == peer) {
            return at + 1;
        }
    }
    if call.offset_date > 0 {
        let older = |top: &Arc<Message>| encode::date(top.date) < call.offset_date;
        return all
            .iter()
            .position(|(_, top)| top.is_none_or(older))
            .unwrap_or(all.len());
    }
    0
}

fn list(
    world: &World,
    me: UserId,
    page: &[(Peer, Option<&Arc<Message>>)],
    cast: &mut Cast<'_>,
) -> (Vec<types::Dialog>, Vec<types::Message>) {
    let mut messages = Vec::new();
    let mut dialogs = Vec::new();
    for (peer, top) in page {
        cast.peer(*peer);
        let message = top.and_then(|top| encode::message(world, me, top, cast));
        let dialog = ctors::Dialog {
            peer: encode::peer(*peer),
            top_message: top.and_then(|top| top.id_for(me)).map_or(0, |id| id.0),
            read_inbox_max_id: world.read_inbox(me, *peer).0,
            read_outbox_max_id: world.read_outbox(me, *peer).0,
            unread_count: encode::count(world.unread(me, *peer)),
            notify_settings: encode::notify_settings(),
            pts: match peer {
                Peer::Channel(id) => Some(world.pts(Mailbox::Channel(*id))),
                _ => None,
            },
            ..Default::default()
        };
        dialogs.push(types::Dialog::Dialog(Box::new(dialog)));
        messages.extend(message);
    }
    (dialogs, messages)
}

/// Nothing is ever pinned.
pub(super) fn get_pinned(context: &Context<'_>) -> Answer {
    let me = context.me()?;
    let state = super::updates::state(context.lock().world(), me);
    context.give(&types::messages::PeerDialogs {
        state,
        ..Default::default()
    })
}

pub(super) fn get_peer_dialogs(context: &Context<'_>, call: &functions::messages::GetPeerDialogs) -> Answer {
    let me = context.me()?;
    let locked = context.lock();
    let world = locked.world();
    let mut page = Vec::new();
    for input in &call.peers {
        if let types::InputDialogPeer::InputDialogPeer(input) = input {
            let peer = decode::peer(world, me, &input.peer)?;
            page.push((peer, top(world, me, peer)));
        }
    }
    let mut cast = Cast::new(world, me);
    let (dialogs, messages) = list(world, me, &page, &mut cast);
    context.give(&types::messages::PeerDialogs {
        dialogs,
        messages,
        chats: cast.chats(),
        users: cast.users(),
        state: super::updates::state(world, me),
    })
}
