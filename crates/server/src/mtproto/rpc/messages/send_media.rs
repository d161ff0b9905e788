//! `messages.sendMedia`: a picture, a file, a game, or what else people share.

use super::media::{bring, used};
use super::sent::{markup, no_later, reply_to, sent_before, sent_now};
use crate::mtproto::decode;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::calls::Send;

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: functions::messages::SendMedia) -> Answer {
    let me = context.me()?;
    no_later(context, "messages.sendMedia", call.schedule_date)?;
    if let Some(answer) = sent_before(context, context.lock().world(), me, call.random_id) {
        return answer;
    }
    let brought = bring(context, me, "messages.sendMedia", &call.media)?;
    let mut locked = context.lock();
    let peer = decode::peer(locked.world(), me, &call.peer)?;
    locked.world().may_write(me, peer)?;
    let caption = decode::text(call.message, call.entities);
    let new = Send {
        from: me,
        peer,
        content: brought.content(&mut locked, me, caption, call.invert_media)?,
        markup: markup(locked.world(), me, call.reply_markup),
        reply_to: reply_to(locked.world(), me, call.reply_to)?,
        silent: call.silent,
        protected: call.noforwards,
    };
    let message = locked.call(context.cause, new)?;
    used(context, me, &call.media);
    sent_now(context, locked.world(), me, call.random_id, message)
}
