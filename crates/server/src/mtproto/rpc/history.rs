//! Messages as they lie in a chat, and how far it has been read.

use super::{Answer, Context};
use crate::mtproto::decode;
use crate::mtproto::encode::{self, Cast};
use ringback_tl::{ctors, functions, types};
use ringback_world::calls::ReadHistory;
use ringback_world::{Error, Mailbox, Message, MessageId, Peer, QueryId, UserId, World};
use std::sync::Arc;

/// The most messages at once.
const MAX: usize = 100;

pub(super) fn get_history(context: &Context<'_>, call: &functions::messages::GetHistory) -> Answer {
    let me = context.me()?;
    let locked = context.lock();
    let world = locked.world();
    let peer = decode::peer(world, me, &call.peer)?;
    if !matches!(peer, Peer::User(_)) {
        world.may_read(me, peer)?;
    }
    let all: Vec<_> = world
        .history(me, peer)
        .filter(|message| world.may_hear(me, message))
        .collect();
    let page = page(me, &all, call);
    let mut cast = Cast::new(world, me);
    cast.peer(peer);
    let messages: Vec<_> = page
        .iter()
        .filter_map(|message| encode::message(world, me, message, &mut cast))
        .collect();
    context.give(&listed(world, peer, messages, all.len(), &cast))
}

/// What `offset_id`, `offset_date`, `add_offset`, `limit`, `max_id` and `min_id` leave of a chat, newest first.
fn page<'a>(
    me: UserId,
    all: &'a [&'a Arc<Message>],
    call: &functions::messages::GetHistory,
) -> Vec<&'a Arc<Message>> {
    let id = |message: &Message| message.id_for(me).map_or(0, |id| id.0);
    let before = all.iter().position(|message| {
        (call.offset_id <= 0 || id(message) < call.offset_id)
            && (call.offset_date <= 0 || encode::date(message.date) < call.offset_date)
    });
    let before = i64::try_from(before.unwrap_or(all.len())).unwrap_or(i64::MAX);
    let first = before.saturating_add(call.add_offset.into());
    let limit = i64::from(call.limit).clamp(0, MAX as i64);
    let end = usize::try_from(first.saturating_add(limit))
        .unwrap_or(0)
        .min(all.len());
    let first = usize::try_from(first).unwrap_or(0).min(end);
    let mut page: Vec<_> = all[first..end].to_vec();
    page.retain(|message| {
        (call.max_id <= 0 || id(message) < call.max_id) && (call.min_id <= 0 || id(message) > call.min_id)
    });
    page
}

fn listed(
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
fn meant<'a>(
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

pub(super) fn get_messages(context: &Context<'_>, call: &functions::messages::GetMessages) -> Answer {
    let me = context.me()?;
    let locked = context.lock();
    let world = locked.world();
    let mut cast = Cast::new(world, me);
    let mut messages = Vec::new();
    for input in call.id.iter().take(MAX) {
        let (id, found) = meant(world, me, Mailbox::User(me), input);
        let found = found.map(|found| &**found);
        messages.push(encode::message_or_empty(world, me, id, found, &mut cast));
    }
    let total = messages.len();
    context.give(&listed(world, Peer::User(me), messages, total, &cast))
}

pub(super) fn get_channel_messages(context: &Context<'_>, call: &functions::channels::GetMessages) -> Answer {
    let me = context.me()?;
    let locked = context.lock();
    let world = locked.world();
    let channel = decode::channel(world, me, &call.channel)?;
    let peer = Peer::Channel(channel);
    world.may_read(me, peer)?;
    let mut cast = Cast::new(world, me);
    cast.peer(peer);
    let mut messages = Vec::new();
    for input in call.id.iter().take(MAX) {
        let (id, found) = meant(world, me, Mailbox::Channel(channel), input);
        let found = found
            .filter(|found| found.conversation.peer(me) == peer)
            .map(|found| &**found);
        messages.push(encode::message_or_empty(world, me, id, found, &mut cast));
    }
    let total = messages.len();
    context.give(&listed(world, peer, messages, total, &cast))
}

/// Up to where, if a limit was given.
fn until(max_id: i32) -> Option<MessageId> {
    (max_id > 0).then_some(MessageId(max_id))
}

pub(super) fn read(context: &Context<'_>, call: &functions::messages::ReadHistory) -> Answer {
    let me = context.me()?;
    let mut locked = context.lock();
    let peer = decode::peer(locked.world(), me, &call.peer)?;
    if matches!(peer, Peer::Channel(_)) {
        return Err(Error::PeerIdInvalid.into());
    }
    let pts_count = locked.call(
        None,
        ReadHistory {
            by: me,
            peer,
            until: until(call.max_id),
        },
    )?;
    let pts = locked.world().pts(Mailbox::User(me));
    context.give(&types::messages::AffectedMessages { pts, pts_count })
}

pub(super) fn read_channel(context: &Context<'_>, call: &functions::channels::ReadHistory) -> Answer {
    let me = context.me()?;
    let mut locked = context.lock();
    let channel = decode::channel(locked.world(), me, &call.channel)?;
    locked.call(
        None,
        ReadHistory {
            by: me,
            peer: Peer::Channel(channel),
            until: until(call.max_id),
        },
    )?;
    context.give(&true)
}
