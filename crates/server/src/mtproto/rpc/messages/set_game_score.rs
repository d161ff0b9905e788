//! `messages.setGameScore`.

use crate::mtproto::decode;
use crate::mtproto::rpc::happened::Before;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::MessageId;
use ringback_world::calls::{SetGameScore, Target};

/// The answer tells of the scores in the message, if they are to be written there, and of what is said about a new
/// best score.
pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: &functions::messages::SetGameScore,
) -> Answer {
    let bot = context.bot()?;
    let mut locked = context.lock();
    let world = locked.world();
    let peer = decode::peer(world, bot, &call.peer)?;
    let since = Before::new(world, bot, peer);
    let score = SetGameScore {
        bot,
        user: decode::user(world, bot, &call.user_id)?,
        score: call.score.into(),
        force: call.force,
        disable_edit: !call.edit_message,
        target: Target::Message(peer, MessageId(call.id)),
    };
    locked.call(context.cause, score)?;
    since.give(context, &locked, bot)
}
