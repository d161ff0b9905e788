//! `messages.getInlineGameHighScores`.

use crate::mtproto::decode;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::calls::Target;

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: &functions::messages::GetInlineGameHighScores,
) -> Answer {
    let bot = context.bot()?;
    let locked = context.lock();
    let target = Target::Inline(decode::inline_message_id(&call.id));
    super::high_scores::give(context, locked.world(), bot, target, &call.user_id)
}
