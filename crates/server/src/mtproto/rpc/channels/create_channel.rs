//! `channels.createChannel`: a supergroup or a channel.

use crate::mtproto::rpc::happened::Before;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::calls::CreateChat;
use ringback_world::{ChatId, ChatKind, Error, Peer};

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: &functions::channels::CreateChannel,
) -> Answer {
    let me = context.me()?;
    let mut locked = context.lock();
    if locked.world().bot(me).is_some() {
        return Err(Error::BotMethodInvalid.into());
    }
    let kind = if call.megagroup {
        ChatKind::Supergroup
    } else {
        ChatKind::Channel
    };
    let new = CreateChat {
        kind,
        title: call.title.clone(),
        username: None,
        members: vec![me],
    };
    let ChatId::Channel(id) = locked.call(context.cause, new)? else {
        return Err(Error::ChannelInvalid.into());
    };
    Before::new(locked.world(), me, Peer::Channel(id)).give(context, &locked, me)
}
