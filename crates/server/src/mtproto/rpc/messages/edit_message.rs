//! `messages.editMessage`.

use super::sent::{markup, own_updates};
use crate::mtproto::decode;
use crate::mtproto::rpc::{Answer, Context, Refusal, remark};
use ringback_tl::{functions, types};
use ringback_world::calls::{Change, Edit, Target};
use ringback_world::{Content, Error, MailChange, MessageId, ReplyMarkup};

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: functions::messages::EditMessage) -> Answer {
    let me = context.me()?;
    // This world changes words and keyboards, not what a message carries.
    if let Some(media) = &call.media
        && !matches!(media, types::InputMedia::WebPage(_))
    {
        let text = "messages.editMessage with media is not supported: nothing was done";
        remark(context.app, context.user, text.to_owned());
        return Err(Refusal::new(400, "MEDIA_INVALID"));
    }
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
