//! `messages.setInlineGameScore`.

use crate::mtproto::decode;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::calls::{SetGameScore, Target};

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: &functions::messages::SetInlineGameScore,
) -> Answer {
    let bot = context.bot()?;
    let mut locked = context.lock();
    let score = SetGameScore {
        bot,
        user: decode::user(locked.world(), bot, &call.user_id)?,
        score: call.score.into(),
        force: call.force,
        disable_edit: !call.edit_message,
        target: Target::Inline(decode::inline_message_id(&call.id)),
    };
    locked.call(context.cause, score)?;
    context.give(&true)
}
