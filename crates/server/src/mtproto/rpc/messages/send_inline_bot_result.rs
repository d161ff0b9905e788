//! `messages.sendInlineBotResult`: one of the results is sent.

use super::sent::{no_later, own_updates, reply_to};
use crate::mtproto::decode;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::calls::SendInlineResult;
use ringback_world::{InlineQueryId, MailChange};
use std::sync::Arc;

/// That a message went through a bot (`hide_via`) only bots of Telegram's own can hide.
pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: functions::messages::SendInlineBotResult,
) -> Answer {
    let me = context.me()?;
    no_later(context, "messages.sendInlineBotResult", call.schedule_date)?;
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
    let chosen = SendInlineResult {
        from: me,
        peer,
        query: InlineQueryId(call.query_id),
        result: call.id,
        reply_to: reply_to(world, me, call.reply_to)?,
        silent: call.silent,
    };
    let message = locked.call(None, chosen)?;
    context.mtproto().note_sent(me, call.random_id, message.key);
    let sent = [(message, Some(call.random_id))];
    context.give(&own_updates(locked.world(), me, &sent, MailChange::New))
}
