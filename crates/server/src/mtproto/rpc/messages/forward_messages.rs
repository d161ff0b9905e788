//! `messages.forwardMessages`: with the name of whoever wrote it, or (`drop_author`) as one's own.

use super::sent::{no_later, own_updates};
use crate::mtproto::decode;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::calls::{Copy, Forwarding};
use ringback_world::{FormattedText, MailChange, MessageId};
use std::sync::Arc;

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: &functions::messages::ForwardMessages,
) -> Answer {
    let me = context.me()?;
    no_later(context, "messages.forwardMessages", call.schedule_date)?;
    let mut locked = context.lock();
    let from = decode::peer(locked.world(), me, &call.from_peer)?;
    let to = decode::peer(locked.world(), me, &call.to_peer)?;
    if call.id.len() > 100 || call.id.len() != call.random_id.len() {
        return Err(crate::mtproto::rpc::Refusal::new(400, "RANDOM_ID_INVALID"));
    }
    let mut sent = Vec::new();
    for (id, random_id) in call.id.iter().zip(&call.random_id) {
        if let Some(before) = context.mtproto().sent_before(me, *random_id)
            && let Some(message) = locked.world().message(before)
        {
            // The client did not hear that it was sent, and sends it again.
            sent.push((Arc::clone(message), Some(*random_id)));
            continue;
        }
        let message = MessageId(*id);
        let done = if call.drop_author {
            let copy = Copy {
                by: me,
                from,
                message,
                to,
                caption: call.drop_media_captions.then(FormattedText::default),
                markup: None,
                reply_to: None,
                silent: call.silent,
                protected: call.noforwards,
            };
            locked.call(context.cause, copy)
        } else {
            let forwarding = Forwarding {
                by: me,
                from,
                message,
                to,
                silent: call.silent,
                protected: call.noforwards,
            };
            locked.call(context.cause, forwarding)
        };
        match done {
            Ok(message) => {
                context.mtproto().note_sent(me, *random_id, message.key);
                sent.push((message, Some(*random_id)));
            }
            // What went through before stays: the client is told of that.
            Err(error) if sent.is_empty() => return Err(error.into()),
            Err(_) => break,
        }
    }
    context.give(&own_updates(locked.world(), me, &sent, MailChange::New))
}
