//! `messages.getPeerDialogs`: some of the list of chats.

use super::dialogs::{list, top};
use crate::mtproto::rpc::{Answer, Context};
use crate::mtproto::{decode, encode::Cast};
use ringback_tl::{functions, types};

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: &functions::messages::GetPeerDialogs,
) -> Answer {
    let me = context.me()?;
    let locked = context.lock();
    let world = locked.world();
    let mut page = Vec::new();
    for input in &call.peers {
        if let types::InputDialogPeer::InputDialogPeer(input) = input {
            let peer = decode::peer(world, me, &input.peer)?;
            page.push((peer, top(world, me, peer)));
        }
    }
    let mut cast = Cast::new(world, me);
    let (dialogs, messages) = list(world, me, &page, &mut cast);
    context.give(&types::messages::PeerDialogs {
        dialogs,
        messages,
        chats: cast.chats(),
        users: cast.users(),
        state: crate::mtproto::rpc::updates::missed::state(world, me),
    })
}
