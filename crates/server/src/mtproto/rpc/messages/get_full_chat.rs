//! `messages.getFullChat`: a basic group and who is in it.

use crate::mtproto::encode::{self, Cast};
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::{ctors, functions, types};
use ringback_world::{ChatId, Error, GroupId, Peer};

pub(in crate::mtproto::rpc) fn run(context: &Context<'_>, call: &functions::messages::GetFullChat) -> Answer {
    let me = context.me()?;
    let locked = context.lock();
    let world = locked.world();
    let group = GroupId(call.chat_id);
    let (id, peer) = (ChatId::Group(group), Peer::Group(group));
    let chat = world.chat(id).ok_or(Error::PeerIdInvalid)?;
    let mut cast = Cast::new(world, me);
    cast.peer(peer);
    let participants: types::ChatParticipants = if world.may_read(me, peer).is_ok() {
        chat.present().for_each(|user| cast.user(user));
        ctors::ChatParticipants {
            chat_id: group.0,
            participants: encode::group_members(chat),
            version: 1,
        }
        .into()
    } else {
        ctors::ChatParticipantsForbidden {
            chat_id: group.0,
            self_participant: None,
        }
        .into()
    };
    let full = ctors::ChatFull {
        id: group.0,
        about: world.chat_description(id).to_owned(),
        participants,
        notify_settings: encode::notify_settings(),
        exported_invite: encode::invite(world, me, chat),
        bot_info: Some(encode::bots_of(world, chat)),
        pinned_msg_id: encode::pinned_message(world, me, peer),
        ..Default::default()
    };
    context.give(&types::messages::ChatFull {
        full_chat: types::ChatFull::ChatFull(Box::new(full)),
        chats: cast.chats(),
        users: cast.users(),
    })
}
