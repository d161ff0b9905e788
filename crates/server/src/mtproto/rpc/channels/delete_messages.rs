//! `channels.deleteMessages`.

use crate::mtproto::decode;
use crate::mtproto::rpc::messages::deleted::{affected, delete};
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::{Mailbox, MessageId, Peer};

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: &functions::channels::DeleteMessages,
) -> Answer {
    let me = context.me()?;
    let mut locked = context.lock();
    let channel = decode::channel(locked.world(), me, &call.channel)?;
    let messages = call.id.iter().copied().map(MessageId).collect();
    let deleted = delete(context, &mut locked, me, Peer::Channel(channel), messages)?;
    affected(context, &locked, Mailbox::Channel(channel), deleted)
}
