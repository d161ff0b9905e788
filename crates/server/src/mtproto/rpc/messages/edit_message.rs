//! `messages.editMessage`.

use super::edited::{brought, change};
use super::media::used;
use super::sent::{markup, own_updates};
use crate::mtproto::decode;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::calls::{Edit, Target};
use ringback_world::{Error, MailChange, MessageId, ReplyMarkup};
use std::sync::Arc;

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: functions::messages::EditMessage) -> Answer {
    let me = context.me()?;
    let brought = brought(context, me, "messages.editMessage", call.media.as_ref())?;
    let mut locked = context.lock();
    let world = locked.world();
    let peer = decode::peer(world, me, &call.peer)?;
    let id = MessageId(call.id);
    let target = Target::Message(peer, id);
    let old = world.message_at(me, peer, id).ok_or(Error::MessageIdInvalid)?;
    let old = Arc::clone(old);
    let keyboard = match markup(world, me, call.reply_markup) {
        Some(ReplyMarkup::Inline(keyboard)) => Some(keyboard),
        _ => None,
    };
    let words = call.message.map(|text| (text, call.entities));
    let change = change(
        &mut locked,
        me,
        target,
        &old.content,
        brought.as_ref(),
        words,
        call.invert_media,
    )?;
    let edit = Edit {
        by: me,
        target,
        change,
        keyboard,
    };
    let message = locked.call(context.cause, edit)?;
    if let Some(media) = &call.media {
        used(context, me, media);
    }
    context.give(&own_updates(
        locked.world(),
        me,
        &[(message, None)],
        MailChange::Edited,
    ))
}
