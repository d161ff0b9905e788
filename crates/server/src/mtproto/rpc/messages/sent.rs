//! What calls that send have in common.

use crate::mtproto::encode::{self, Cast};
use crate::mtproto::rpc::{Answer, Context, Refusal, remark};
use crate::mtproto::{decode, push};
use ringback_tl::{ctors, types};
use ringback_world::calls::ReplyTo;
use ringback_world::{Error, MailChange, MailEntry, Mailbox, Message, MessageId, ReplyMarkup, UserId, World};
use std::sync::Arc;

/// The mailbox in which `me` finds a message.
pub(in crate::mtproto::rpc) fn mailbox(me: UserId, message: &Message) -> Mailbox {
    Mailbox::of(me, message.conversation.peer(me))
}

/// The updates that tell a sender of their own messages: the number each got, then the message.
pub(in crate::mtproto::rpc) fn own_updates(
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
    for (message, _) in sent {
        let mailbox = mailbox(me, message);
        let change = change(message.key);
        let counted = world.latest_mail(mailbox).find(|entry| entry.change == change);
        // What was sent so long ago that it is not known any more is told without a place among what is counted.
        let entry = counted.cloned().unwrap_or_else(|| MailEntry {
            pts: world.pts(mailbox),
            count: 0,
            change,
        });
        updates.extend(push::mail(world, me, mailbox, &entry, &mut cast));
    }
    push::updates(world, updates, &cast)
}

/// The answer to a call that sends, if its message was sent already: the client did not hear of it, and sends it again.
pub(in crate::mtproto::rpc) fn sent_before(
    context: &Context<'_>,
    world: &World,
    me: UserId,
    random_id: i64,
) -> Option<Answer> {
    let message = world.message(context.mtproto().sent_before(me, random_id)?)?;
    let sent = [(Arc::clone(message), Some(random_id))];
    Some(context.give(&own_updates(world, me, &sent, MailChange::New)))
}

/// The answer to a call that has sent a message, which is remembered by the number that the client chose.
pub(in crate::mtproto::rpc) fn sent_now(
    context: &Context<'_>,
    world: &World,
    me: UserId,
    random_id: i64,
    message: Arc<Message>,
) -> Answer {
    context.mtproto().note_sent(me, random_id, message.key);
    let sent = [(message, Some(random_id))];
    context.give(&own_updates(world, me, &sent, MailChange::New))
}

/// Nothing waits to be sent here: it is refused rather than sent at once. What is due within ten seconds goes at once
/// with Telegram too.
pub(in crate::mtproto::rpc) fn no_later(
    context: &Context<'_>,
    method: &str,
    schedule_date: Option<i32>,
) -> Result<(), Refusal> {
    let now = encode::date(context.lock().world().now());
    if schedule_date.is_none_or(|date| date <= now.saturating_add(10)) {
        return Ok(());
    }
    let text = format!("{method} with schedule_date is not supported: nothing was done");
    remark(context.app, context.user, text);
    Err(Refusal::new(400, "SCHEDULE_DATE_INVALID"))
}

pub(in crate::mtproto::rpc) fn reply_to(
    world: &World,
    me: UserId,
    reply: Option<types::InputReplyTo>,
) -> Result<Option<ReplyTo>, Error> {
    let Some(types::InputReplyTo::Message(reply)) = reply else {
        return Ok(None);
    };
    // Some libraries always send the field, with nothing in it.
    if reply.reply_to_msg_id == 0 {
        return Ok(None);
    }
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
pub(in crate::mtproto::rpc) fn markup(
    world: &World,
    me: UserId,
    markup: Option<types::ReplyMarkup>,
) -> Option<ReplyMarkup> {
    markup.filter(|_| world.bot(me).is_some()).map(decode::markup)
}
