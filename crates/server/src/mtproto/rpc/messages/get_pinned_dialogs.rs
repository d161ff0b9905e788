//! `messages.getPinnedDialogs`.

use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::types;

/// Nothing is ever pinned.
pub(in crate::mtproto::rpc) fn run(context: &Context<'_>) -> Answer {
    let me = context.me()?;
    let state = crate::mtproto::rpc::updates::missed::state(context.lock().world(), me);
    context.give(&types::messages::PeerDialogs {
        state,
        ..Default::default()
    })
}
