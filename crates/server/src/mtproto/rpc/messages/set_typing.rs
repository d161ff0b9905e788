//! `messages.setTyping`.

use crate::mtproto::decode;
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::{functions, types};
use ringback_world::calls::ChatAction;

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: &functions::messages::SetTyping) -> Answer {
    let me = context.me()?;
    let mut locked = context.lock();
    let peer = decode::peer(locked.world(), me, &call.peer)?;
    if matches!(call.action, types::SendMessageAction::SendMessageTypingAction) {
        let action = ChatAction {
            from: me,
            peer,
            action: "typing".into(),
        };
        locked.call(context.cause, action)?;
    }
    context.give(&true)
}
