//! `messages.startBot`: someone follows a link that starts a bot.

use super::sent::{sent_before, sent_now};
use crate::mtproto::decode;
use crate::mtproto::rpc::{Answer, Context, Refusal};
use ringback_tl::{functions, types};
use ringback_world::Peer;
use ringback_world::calls::Send;

/// In the chat with the bot, unless another is named. The bot reads `/start` and the link's parameter.
pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: functions::messages::StartBot) -> Answer {
    let me = context.me()?;
    let mut locked = context.lock();
    let world = locked.world();
    let bot = decode::user(world, me, &call.bot)?;
    if world.bot(bot).is_none() {
        return Err(Refusal::new(400, "BOT_INVALID"));
    }
    let valid = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if call.start_param.len() > 64 || !call.start_param.bytes().all(valid) {
        return Err(Refusal::new(400, "START_PARAM_INVALID"));
    }
    let peer = match &call.peer {
        types::InputPeer::Empty => Peer::User(bot),
        peer => decode::peer(world, me, peer)?,
    };
    if let Some(answer) = sent_before(context, world, me, call.random_id) {
        return answer;
    }
    let name = world.user(bot).and_then(|bot| bot.username.as_deref());
    let mut text = match (peer, name) {
        // In a group it must be clear which bot is meant.
        (Peer::Group(_) | Peer::Channel(_), Some(name)) => format!("/start@{name}"),
        _ => "/start".to_owned(),
    };
    if !call.start_param.is_empty() {
        text += " ";
        text += &call.start_param;
    }
    let message = locked.call(None, Send::text(me, peer, text))?;
    sent_now(context, locked.world(), me, call.random_id, message)
}
