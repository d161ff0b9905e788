//! `messages.sendMedia`: a picture, a file, a game, or what else people share.

use super::media::{bring, used};
use super::sent::{markup, no_later, own_updates, reply_to};
use crate::mtproto::decode;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::MailChange;
use ringback_world::calls::Send;
use std::sync::Arc;

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: functions::messages::SendMedia) -> Answer {
    let me = context.me()?;
    no_later(context, "messages.sendMedia", call.schedule_date)?;
    if let Some(before) = context.mtproto().sent_before(me, call.random_id)
        && let locked = context.lock()
        && let Some(message) = locked.world().message(before)
    {
        // The client did not hear that it was sent, and sends it again.
        let sent = [(Arc::clone(message), Some(call.random_id))];
        return context.give(&own_updates(locked.world(), me, &sent, MailChange::New));
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
    context.mtproto().note_sent(me, call.random_id, message.key);
    used(context, me, &call.media);
    let sent = [(message, Some(call.random_id))];
    context.give(&own_updates(locked.world(), me, &sent, MailChange::New))
}
