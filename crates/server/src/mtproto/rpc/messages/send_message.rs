//! `messages.sendMessage`.

use super::sent::{markup, no_later, reply_to, sent_before, sent_now};
use crate::mtproto::decode;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::Content;
use ringback_world::calls::Send;

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: functions::messages::SendMessage) -> Answer {
    let me = context.me()?;
    no_later(context, "messages.sendMessage", call.schedule_date)?;
    let mut locked = context.lock();
    let world = locked.world();
    let peer = decode::peer(world, me, &call.peer)?;
    if let Some(answer) = sent_before(context, world, me, call.random_id) {
        return answer;
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
    sent_now(context, locked.world(), me, call.random_id, message)
}
