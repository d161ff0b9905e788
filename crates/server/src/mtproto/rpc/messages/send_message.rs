//! `messages.sendMessage`.

use super::sent::{markup, no_later, own_updates, reply_to};
use crate::mtproto::decode;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::calls::Send;
use ringback_world::{Content, MailChange};
use std::sync::Arc;

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: functions::messages::SendMessage) -> Answer {
    let me = context.me()?;
    no_later(context, "messages.sendMessage", call.schedule_date)?;
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
