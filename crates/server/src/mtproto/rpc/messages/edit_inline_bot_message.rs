//! `messages.editInlineBotMessage`: a bot changes a message that was sent through it.

use super::edited::{brought, change};
use crate::mtproto::decode;
use crate::mtproto::rpc::{Answer, Context, Refusal};
use ringback_tl::functions;
use ringback_world::Error;
use ringback_world::calls::{Edit, Target};
use std::sync::Arc;

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: functions::messages::EditInlineBotMessage,
) -> Answer {
    let bot = context.bot()?;
    if call.rich_message.is_some() {
        let text = "MEDIA_INVALID: rich messages are not supported here";
        return Err(Refusal::new(400, text));
    }
    let id = decode::inline_message_id(&call.id);
    let target = Target::Inline(id);
    let brought = brought(context, bot, "messages.editInlineBotMessage", call.media.as_ref())?;
    let mut locked = context.lock();
    let old = locked.world().inline_message(id).ok_or(Error::MessageIdInvalid)?;
    let old = Arc::clone(old);
    let words = call.message.map(|text| (text, call.entities));
    let change = change(
        &mut locked,
        bot,
        target,
        &old.content,
        brought.as_ref(),
        words,
        call.invert_media,
    )?;
    let edit = Edit {
        by: bot,
        target,
        change,
        keyboard: decode::inline_keyboard(call.reply_markup),
    };
    locked.call(context.cause, edit)?;
    context.give(&true)
}
