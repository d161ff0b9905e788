//! `messages.checkChatInvite`: where a link leads.

use crate::mtproto::encode::{self, Cast};
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::{ctors, functions, types};
use ringback_world::{ChatId, ChatKind, Error};

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: &functions::messages::CheckChatInvite,
) -> Answer {
    let me = context.me()?;
    let locked = context.lock();
    let world = locked.world();
    let chat = world.chat_by_invite(&call.hash).ok_or(Error::InviteHashInvalid)?;
    let invite: types::ChatInvite = if chat.status(me).is_in() {
        let mut cast = Cast::new(world, me);
        cast.chat(chat.id);
        let chat = cast.chats().pop().ok_or(Error::InviteHashInvalid)?;
        ctors::ChatInviteAlready { chat }.into()
    } else {
        let invite = ctors::ChatInvite {
            channel: matches!(chat.id, ChatId::Channel(_)),
            broadcast: chat.kind == ChatKind::Channel,
            public: chat.username.is_some(),
            megagroup: chat.kind == ChatKind::Supergroup,
            title: chat.title.clone(),
            participants_count: encode::count(chat.present().count()),
            ..Default::default()
        };
        types::ChatInvite::ChatInvite(Box::new(invite))
    };
    context.give(&invite)
}
