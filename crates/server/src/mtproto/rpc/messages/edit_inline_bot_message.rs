//! `messages.editInlineBotMessage`: a bot changes a message that was sent through it.

use crate::mtproto::decode;
use crate::mtproto::rpc::{Answer, Context, Refusal};
use ringback_tl::functions;
use ringback_world::Content;
use ringback_world::calls::{Change, Edit, Target};

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: functions::messages::EditInlineBotMessage,
) -> Answer {
    let bot = context.bot()?;
    if call.media.is_some() || call.rich_message.is_some() {
        let text = "MEDIA_INVALID: only texts and keyboards of inline messages can be edited here";
        return Err(Refusal::new(400, text));
    }
    let id = decode::inline_message_id(&call.id);
    let mut locked = context.lock();
    let old = locked.world().inline_message(id);
    let captioned =
        old.is_some_and(|old| matches!(old.content, Content::Photo { .. } | Content::Document { .. }));
    let change = match call.message.map(|words| decode::text(words, call.entities)) {
        None => Change::Keyboard,
        Some(words) if captioned => Change::Caption(words),
        Some(words) => Change::Text(words),
    };
    let edit = Edit {
        by: bot,
        target: Target::Inline(id),
        change,
        keyboard: decode::inline_keyboard(call.reply_markup),
    };
    locked.call(context.cause, edit)?;
    context.give(&true)
}
