//! `messages.getDialogs`: the list of chats, page by page.

use super::dialogs::{list, sorted};
use crate::mtproto::rpc::{Answer, Context};
use crate::mtproto::{decode, encode, encode::Cast};
use ringback_tl::{ctors, functions, types};
use ringback_world::{Message, MessageId, MessageKey, Peer, UserId, World};
use std::sync::Arc;

/// The most chats at once.
const MAX: usize = 100;

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: &functions::messages::GetDialogs) -> Answer {
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
