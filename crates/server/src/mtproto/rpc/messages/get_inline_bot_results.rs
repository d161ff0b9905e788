//! `messages.getInlineBotResults`: what a bot offers for what was typed.

use crate::mtproto::rpc::{Context, Refusal, Reply};
use crate::mtproto::{decode, encode};
use ringback_tl::{functions, types};
use ringback_world::calls::AskInline;
use ringback_world::{Error, InlineEnd, InlineQueryId};
use std::sync::Arc;
use tokio::sync::oneshot;

/// Waits for the bot, as long as the world lets an asker wait. Where on Earth the asker is, no bot is told here.
pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: functions::messages::GetInlineBotResults,
) -> Reply {
    let (id, ended) = match ask(context, call) {
        Ok(asked) => asked,
        Err(refusal) => return Err(refusal).into(),
    };
    let (app, layer) = (Arc::clone(context.app), context.layer);
    Reply::Later(Box::pin(async move {
        // An end without a word: the world was replaced, and with it the query.
        let _ = ended.await;
        let locked = app.hub.lock();
        let world = locked.world();
        let query = world.inline_query(id).ok_or(Error::BotResponseTimeout)?;
        match &query.end {
            Some(InlineEnd::Answered(answer)) => Ok(ringback_tl::encode(
                &encode::bot_results(world, query, answer),
                layer,
            )?),
            Some(InlineEnd::TimedOut) | None => Err(Error::BotResponseTimeout.into()),
        }
    }))
}

fn ask(
    context: &Context<'_>,
    call: functions::messages::GetInlineBotResults,
) -> Result<(InlineQueryId, oneshot::Receiver<()>), Refusal> {
    let from = context.me()?;
    let mut locked = context.lock();
    let bot = decode::user(locked.world(), from, &call.bot)?;
    let peer = match &call.peer {
        types::InputPeer::Empty => None,
        peer => Some(decode::peer(locked.world(), from, peer)?),
    };
    if locked.world().bot(bot).is_none() {
        return Err(Refusal::new(400, "BOT_INVALID"));
    }
    let id = locked.call(
        None,
        AskInline {
            from,
            bot,
            text: call.query,
            offset: call.offset,
            peer,
        },
    )?;
    let ended = locked.wait_inline(id);
    Ok((id, ended))
}
