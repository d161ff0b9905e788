//! `messages.forwardMessages`.

use super::sent::own_updates;
use crate::mtproto::decode;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::calls::Forwarding;
use ringback_world::{MailChange, MessageId};

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: &functions::messages::ForwardMessages,
) -> Answer {
    let me = context.me()?;
    let mut locked = context.lock();
    let from = decode::peer(locked.world(), me, &call.from_peer)?;
    let to = decode::peer(locked.world(), me, &call.to_peer)?;
    if call.id.len() > 100 || call.id.len() != call.random_id.len() {
        return Err(crate::mtproto::rpc::Refusal::new(400, "RANDOM_ID_INVALID"));
    }
    let mut sent = Vec::new();
    for (id, random_id) in call.id.iter().zip(&call.random_id) {
        let forwarding = Forwarding {
            by: me,
            from,
            message: MessageId(*id),
            to,
            silent: call.silent,
            protected: call.noforwards,
        };
        match locked.call(context.cause, forwarding) {
            Ok(message) => sent.push((message, Some(*random_id))),
            // What went through before stays: the client is told of that.
            Err(error) if sent.is_empty() => return Err(error.into()),
            Err(_) => break,
        }
    }
    context.give(&own_updates(locked.world(), me, &sent, MailChange::New))
}
