//! `messages.getGameHighScores`.

use super::super::{Answer, Context};
use crate::mtproto::decode;
use ringback_tl::functions;
use ringback_world::MessageId;
use ringback_world::calls::Target;

pub(in crate::mtproto::rpc) fn get_game_high_scores(
    context: &Context<'_>,
    call: &functions::messages::GetGameHighScores,
) -> Answer {
    let bot = context.bot()?;
    let locked = context.lock();
    let peer = decode::peer(locked.world(), bot, &call.peer)?;
    let target = Target::Message(peer, MessageId(call.id));
    super::high_scores(context, locked.world(), bot, target, &call.user_id)
}
