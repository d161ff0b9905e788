//! `messages.sendInlineBotResult`: one of the results is sent.

use super::sent::{no_later, reply_to, sent_before, sent_now};
use crate::mtproto::decode;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::InlineQueryId;
use ringback_world::calls::SendInlineResult;

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
    if let Some(answer) = sent_before(context, world, me, call.random_id) {
        return answer;
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
    sent_now(context, locked.world(), me, call.random_id, message)
}
