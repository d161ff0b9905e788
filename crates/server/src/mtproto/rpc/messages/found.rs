//! Messages as they are listed.

use crate::mtproto::encode::{self, Cast};
use ringback_tl::{ctors, types};
use ringback_world::{Mailbox, Message, MessageId, Peer, QueryId, UserId, World};
use std::sync::Arc;

/// The most messages at once.
pub(in crate::mtproto::rpc) const MAX: usize = 100;

pub(in crate::mtproto::rpc) fn listed(
    world: &World,
    peer: Peer,
    messages: Vec<types::Message>,
    total: usize,
    cast: &Cast<'_>,
) -> types::messages::Messages {
    let (chats, users) = (cast.chats(), cast.users());
    match peer {
        Peer::Channel(id) => ctors::messages::ChannelMessages {
            pts: world.pts(Mailbox::Channel(id)),
            count: encode::count(total),
            messages,
            chats,
            users,
            ..Default::default()
        }
        .into(),
        _ if messages.len() == total => ctors::messages::Messages {
            messages,
            chats,
            users,
            ..Default::default()
        }
        .into(),
        _ => ctors::messages::MessagesSlice {
            count: encode::count(total),
            messages,
            chats,
            users,
            ..Default::default()
        }
        .into(),
    }
}

/// The message that is meant in a mailbox, and the number it was asked by.
pub(in crate::mtproto::rpc) fn meant<'a>(
    world: &'a World,
    me: UserId,
    mailbox: Mailbox,
    input: &types::InputMessage,
) -> (MessageId, Option<&'a Arc<Message>>) {
    match input {
        types::InputMessage::ID(own) => {
            let id = MessageId(own.id);
            (id, world.message_in(mailbox, id))
        }
        types::InputMessage::ReplyTo(own) => {
            let reply = world.message_in(mailbox, MessageId(own.id));
            let to = reply.and_then(|reply| reply.reply_to.as_ref());
            let to = to.and_then(|to| world.message(to.to));
            let id = to.and_then(|to| to.id_in(mailbox));
            (id.unwrap_or(MessageId(own.id)), to)
        }
        types::InputMessage::CallbackQuery(own) => {
            let query = world.callback_query(QueryId(own.query_id));
            let query = query.filter(|query| query.bot == me);
            let message = query.and_then(|query| world.message(query.message));
            (MessageId(own.id), message)
        }
        types::InputMessage::Pinned => (MessageId(0), None),
    }
}

/// Up to where, if a limit was given.
pub(in crate::mtproto::rpc) fn until(max_id: i32) -> Option<MessageId> {
    (max_id > 0).then_some(MessageId(max_id))
}
