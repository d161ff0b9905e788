//! `messages.getGameHighScores`.

use crate::mtproto::decode;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::MessageId;
use ringback_world::calls::Target;

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: &functions::messages::GetGameHighScores,
) -> Answer {
    let bot = context.bot()?;
    let locked = context.lock();
    let peer = decode::peer(locked.world(), bot, &call.peer)?;
    let target = Target::Message(peer, MessageId(call.id));
    super::high_scores::give(context, locked.world(), bot, target, &call.user_id)
}
