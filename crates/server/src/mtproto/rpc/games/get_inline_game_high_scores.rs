//! `messages.getInlineGameHighScores`.

use super::super::{Answer, Context};
use crate::mtproto::decode;
use ringback_tl::functions;
use ringback_world::calls::Target;

pub(in crate::mtproto::rpc) fn get_inline_game_high_scores(
    context: &Context<'_>,
    call: &functions::messages::GetInlineGameHighScores,
) -> Answer {
    let bot = context.bot()?;
    let locked = context.lock();
    let target = Target::Inline(decode::inline_message_id(&call.id));
    super::high_scores(context, locked.world(), bot, target, &call.user_id)
}
