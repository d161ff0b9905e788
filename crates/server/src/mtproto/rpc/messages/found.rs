//! Messages as they are listed.

use crate::mtproto::encode::{self, Cast};
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::{ctors, types};
use ringback_world::{
    Content, Conversation, EntityKind, Mailbox, MediaKind, Message, MessageId, Peer, QueryId, UserId, World,
};
use std::sync::Arc;

/// The most messages at once.
pub(in crate::mtproto::rpc) const MAX: usize = 100;

/// What messages are looked for.
pub(in crate::mtproto::rpc) struct Wanted<'a> {
    /// Words that stand in them.
    pub words: &'a str,
    pub filter: &'a types::MessagesFilter,
    /// They are later than this, if it is positive.
    pub min_date: i32,
    /// They are earlier than this, if it is positive.
    pub max_date: i32,
}

impl Wanted<'_> {
    /// Whether this is one, and `me` may hear of it.
    pub(in crate::mtproto::rpc) fn includes(&self, world: &World, me: UserId, message: &Message) -> bool {
        let date = encode::date(message.date);
        world.may_hear(me, message)
            && by_filter(world, message, self.filter)
            && message.content.contains(self.words)
            && (self.min_date <= 0 || date > self.min_date)
            && (self.max_date <= 0 || date < self.max_date)
    }
}

/// Which part of what was found is wanted.
pub(in crate::mtproto::rpc) struct Searched {
    pub offset_id: i32,
    pub offset_date: i32,
    pub add_offset: i32,
    pub limit: i32,
    pub max_id: i32,
    pub min_id: i32,
}

/// What `offset_id`, `offset_date`, `add_offset`, `limit`, `max_id` and `min_id` leave of what was found, newest first.
fn page<'a>(me: UserId, all: &'a [&'a Arc<Message>], searched: &Searched) -> Vec<&'a Arc<Message>> {
    let id = |message: &Message| message.id_for(me).map_or(0, |id| id.0);
    let before = all.iter().position(|message| {
        (searched.offset_id <= 0 || id(message) < searched.offset_id)
            && (searched.offset_date <= 0 || encode::date(message.date) < searched.offset_date)
    });
    let before = i64::try_from(before.unwrap_or(all.len())).unwrap_or(i64::MAX);
    let first = before.saturating_add(searched.add_offset.into());
    let limit = i64::from(searched.limit).clamp(0, MAX as i64);
    let end = usize::try_from(first.saturating_add(limit))
        .unwrap_or(0)
        .min(all.len());
    let first = usize::try_from(first).unwrap_or(0).min(end);
    let mut page: Vec<_> = all[first..end].to_vec();
    page.retain(|message| {
        (searched.max_id <= 0 || id(message) < searched.max_id)
            && (searched.min_id <= 0 || id(message) > searched.min_id)
    });
    page
}

/// Whether a message is of the kind that is looked for; of kinds that this world does not have there is none.
fn by_filter(world: &World, message: &Message, filter: &types::MessagesFilter) -> bool {
    use types::MessagesFilter as F;
    let marked = |kinds: &[EntityKind]| {
        let words = message.content.words();
        words.is_some_and(|words| words.entities.iter().any(|entity| kinds.contains(&entity.kind)))
    };
    let is_photo = matches!(message.content, Content::Photo { .. });
    let is = |kinds: &[MediaKind]| match message.content {
        Content::Media { kind, .. } => kinds.contains(&kind),
        _ => false,
    };
    match filter {
        F::InputMessagesFilterEmpty => true,
        F::InputMessagesFilterPhotos => is_photo,
        F::InputMessagesFilterPhotoVideo => is_photo || is(&[MediaKind::Video]),
        F::InputMessagesFilterVideo => is(&[MediaKind::Video]),
        F::InputMessagesFilterGif => is(&[MediaKind::Animation]),
        F::InputMessagesFilterMusic => is(&[MediaKind::Audio]),
        F::InputMessagesFilterVoice => is(&[MediaKind::Voice]),
        F::InputMessagesFilterRoundVideo => is(&[MediaKind::VideoNote]),
        F::InputMessagesFilterRoundVoice => is(&[MediaKind::VideoNote, MediaKind::Voice]),
        F::InputMessagesFilterDocument => matches!(message.content, Content::Document { .. }),
        F::InputMessagesFilterUrl => marked(&[EntityKind::Url]),
        F::InputMessagesFilterPinned => world.is_pinned(message),
        _ => false,
    }
}

/// A page of what was found in a chat.
pub(in crate::mtproto::rpc) fn answer(
    context: &Context<'_>,
    world: &World,
    peer: Peer,
    found: &[&Arc<Message>],
    searched: &Searched,
) -> Answer {
    let me = context.me()?;
    let mut cast = Cast::new(world, me);
    cast.peer(peer);
    let messages: Vec<_> = page(me, found, searched)
        .into_iter()
        .filter_map(|message| encode::message(world, me, message, &mut cast))
        .collect();
    context.give(&listed(world, peer, messages, found.len(), &cast))
}

/// Messages of one mailbox, of `total` that there are.
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
        types::InputMessage::Pinned => {
            // Only of supergroups and channels can it be asked like this.
            let pinned = match mailbox {
                Mailbox::Channel(id) => world.pinned(Conversation::Channel(id)).next(),
                Mailbox::User(_) => None,
            };
            let id = pinned.and_then(|pinned| pinned.id_in(mailbox));
            (id.unwrap_or(MessageId(0)), pinned)
        }
    }
}

/// Up to where, if a limit was given.
pub(in crate::mtproto::rpc) fn until(max_id: i32) -> Option<MessageId> {
    (max_id > 0).then_some(MessageId(max_id))
}
