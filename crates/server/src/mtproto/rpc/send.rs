//! Messages sent, edited, deleted and forwarded.

use super::{Answer, Context};
use crate::hub::Locked;
use crate::mtproto::encode::{self, Cast};
use crate::mtproto::{decode, push};
use ringback_tl::{ctors, functions, types};
use ringback_world::calls::{Change, ChatAction, Delete, Edit, Forwarding, ReplyTo, Send, Target};
use ringback_world::{
    Content, Error, MailChange, MailEntry, Mailbox, Message, MessageId, Peer, ReplyMarkup, UserId, World,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The mailbox in which `me` finds a message.
fn mailbox(me: UserId, message: &Message) -> Mailbox {
    Mailbox::of(me, message.conversation.peer(me))
}

/// The updates that tell a sender of their own messages: the number each got, then the message.
pub(super) fn own_updates(
    world: &World,
    me: UserId,
    sent: &[(Arc<Message>, Option<i64>)],
    change: fn(ringback_world::MessageKey) -> MailChange,
) -> types::Updates {
    let mut cast = Cast::new(world, me);
    let mut updates = Vec::new();
    for (message, random_id) in sent {
        if let Some((id, random_id)) = message.id_for(me).zip(*random_id) {
            updates.push(ctors::UpdateMessageID { id: id.0, random_id }.into());
        }
    }
    // The newest of them has what the mailbox counts now, each before it one less.
    for (at, (message, _)) in sent.iter().enumerate() {
        let mailbox = mailbox(me, message);
        let after = encode::count(sent.len() - 1 - at);
        let entry = MailEntry {
            pts: world.pts(mailbox) - after,
            count: 1,
            change: change(message.key),
        };
        updates.extend(push::mail(world, me, mailbox, &entry, &mut cast));
    }
    push::updates(world, updates, &cast)
}

pub(super) fn reply_to(
    world: &World,
    me: UserId,
    reply: Option<types::InputReplyTo>,
) -> Result<Option<ReplyTo>, Error> {
    let Some(types::InputReplyTo::Message(reply)) = reply else {
        return Ok(None);
    };
    let peer = match &reply.reply_to_peer_id {
        Some(peer) => Some(decode::peer(world, me, peer)?),
        None => None,
    };
    Ok(Some(ReplyTo {
        message: MessageId(reply.reply_to_msg_id),
        peer,
        optional: false,
        quote: reply
            .quote_text
            .map(|text| decode::text(text, reply.quote_entities)),
    }))
}

/// Keyboards are for bots to send; those of people are passed over, as Telegram does.
fn markup(world: &World, me: UserId, markup: Option<types::ReplyMarkup>) -> Option<ReplyMarkup> {
    markup.filter(|_| world.bot(me).is_some()).map(decode::markup)
}

pub(super) fn send_message(context: &Context<'_>, call: functions::messages::SendMessage) -> Answer {
    let me = context.me()?;
    let mut locked = context.lock();
    let world = locked.world();
    let peer = decode::peer(world, me, &call.peer)?;
    if let Some(before) = context.mtproto().sent_before(me, call.random_id)
        && let Some(message) = world.message(before)
    {
        // The client did not hear that it was sent, and sends it again.
        let sent = [(Arc::clone(message), Some(call.random_id))];
        return context.give(&own_updates(world, me, &sent, MailChange::New));
    }
    let new = Send {
        from: me,
        peer,
        content: Content::Text(decode::text(call.message, call.entities)),
        markup: markup(world, me, call.reply_markup),
        reply_to: reply_to(world, me, call.reply_to)?,
        silent: call.silent,
        protected: call.noforwards,
    };
    let message = locked.call(context.cause, new)?;
    context.mtproto().note_sent(me, call.random_id, message.key);
    let sent = [(message, Some(call.random_id))];
    context.give(&own_updates(locked.world(), me, &sent, MailChange::New))
}

pub(super) fn edit_message(context: &Context<'_>, call: functions::messages::EditMessage) -> Answer {
    let me = context.me()?;
    let mut locked = context.lock();
    let world = locked.world();
    let peer = decode::peer(world, me, &call.peer)?;
    let id = MessageId(call.id);
    let old = world.message_at(me, peer, id).ok_or(Error::MessageIdInvalid)?;
    let change = match call.message {
        None => Change::Keyboard,
        Some(text) => {
            let text = decode::text(text, call.entities);
            match &old.content {
                Content::Photo { .. } | Content::Document { .. } => Change::Caption(text),
                _ => Change::Text(text),
            }
        }
    };
    let keyboard = match markup(world, me, call.reply_markup) {
        Some(ReplyMarkup::Inline(keyboard)) => Some(keyboard),
        _ => None,
    };
    let edit = Edit {
        by: me,
        target: Target::Message(peer, id),
        change,
        keyboard,
    };
    let message = locked.call(context.cause, edit)?;
    context.give(&own_updates(
        locked.world(),
        me,
        &[(message, None)],
        MailChange::Edited,
    ))
}

/// Messages are deleted for everyone: this world knows no other way.
pub(super) fn delete_messages(context: &Context<'_>, call: &functions::messages::DeleteMessages) -> Answer {
    let me = context.me()?;
    let mut locked = context.lock();
    let mut chats: BTreeMap<Peer, Vec<MessageId>> = BTreeMap::new();
    for id in call.id.iter().copied().map(MessageId) {
        if let Some(message) = locked.world().message_in(Mailbox::User(me), id) {
            chats.entry(message.conversation.peer(me)).or_default().push(id);
        }
    }
    let mut deleted = 0;
    for (peer, messages) in chats {
        deleted += delete(context, &mut locked, me, peer, messages)?;
    }
    affected(context, &locked, Mailbox::User(me), deleted)
}

pub(super) fn delete_channel_messages(
    context: &Context<'_>,
    call: &functions::channels::DeleteMessages,
) -> Answer {
    let me = context.me()?;
    let mut locked = context.lock();
    let channel = decode::channel(locked.world(), me, &call.channel)?;
    let messages = call.id.iter().copied().map(MessageId).collect();
    let deleted = delete(context, &mut locked, me, Peer::Channel(channel), messages)?;
    affected(context, &locked, Mailbox::Channel(channel), deleted)
}

fn delete(
    context: &Context<'_>,
    locked: &mut Locked<'_>,
    by: UserId,
    peer: Peer,
    messages: Vec<MessageId>,
) -> Result<usize, Error> {
    let call = Delete {
        by,
        peer,
        messages,
        lenient: true,
    };
    locked.call(context.cause, call)
}

fn affected(context: &Context<'_>, locked: &Locked<'_>, mailbox: Mailbox, deleted: usize) -> Answer {
    context.give(&types::messages::AffectedMessages {
        pts: locked.world().pts(mailbox),
        pts_count: encode::count(deleted),
    })
}

pub(super) fn forward_messages(context: &Context<'_>, call: &functions::messages::ForwardMessages) -> Answer {
    let me = context.me()?;
    let mut locked = context.lock();
    let from = decode::peer(locked.world(), me, &call.from_peer)?;
    let to = decode::peer(locked.world(), me, &call.to_peer)?;
    if call.id.len() > 100 || call.id.len() != call.random_id.len() {
        return Err(super::Refusal::new(400, "RANDOM_ID_INVALID"));
    }
    let mut sent = Vec::new();
    for (id, random_id) in call.id.iter().zip(&call.random_id) {
        let forwarding = Forwarding {
            by: me,
            from,
            message: MessageId(*id),
            to,
            silent: call.silent,
            protected: call.noforwards,
        };
        match locked.call(context.cause, forwarding) {
            Ok(message) => sent.push((message, Some(*random_id))),
            // What went through before stays: the client is told of that.
            Err(error) if sent.is_empty() => return Err(error.into()),
            Err(_) => break,
        }
    }
    context.give(&own_updates(locked.world(), me, &sent, MailChange::New))
}

pub(super) fn set_typing(context: &Context<'_>, call: &functions::messages::SetTyping) -> Answer {
    let me = context.me()?;
    let mut locked = context.lock();
    let peer = decode::peer(locked.world(), me, &call.peer)?;
    if matches!(call.action, types::SendMessageAction::SendMessageTypingAction) {
        let action = ChatAction {
            from: me,
            peer,
            action: "typing".into(),
        };
        locked.call(context.cause, action)?;
    }
    context.give(&true)
}
