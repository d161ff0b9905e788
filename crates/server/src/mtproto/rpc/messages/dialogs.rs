//! The list of chats: what its three calls share.

use crate::mtproto::{encode, encode::Cast};
use ringback_tl::{ctors, types};
use ringback_world::{Mailbox, Message, Peer, UserId, World};
use std::cmp::Reverse;
use std::sync::Arc;

/// The chats of a user with their newest messages, those with the newest first.
pub(in crate::mtproto::rpc) fn sorted(world: &World, me: UserId) -> Vec<(Peer, Option<&Arc<Message>>)> {
    let readable = world.dialogs(me).filter(|peer| world.may_read(me, *peer).is_ok());
    let all = readable.map(|peer| (peer, top(world, me, peer)));
    // With Telegram every chat has a message, if only that it began, and several libraries fail at one without.
    let mut all: Vec<_> = all.filter(|(_, top)| top.is_some()).collect();
    all.sort_by_key(|(peer, top)| (Reverse(top.map(|message| message.key)), *peer));
    all
}

pub(in crate::mtproto::rpc) fn top(world: &World, me: UserId, peer: Peer) -> Option<&Arc<Message>> {
    world
        .history(me, peer)
        .find(|message| world.may_hear(me, message))
}

pub(in crate::mtproto::rpc) fn list(
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
