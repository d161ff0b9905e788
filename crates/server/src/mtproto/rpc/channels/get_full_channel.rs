//! `channels.getFullChannel`.

use crate::mtproto::decode;
use crate::mtproto::encode::{self, Cast};
use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::{ctors, functions, types};
use ringback_world::{ChatId, ChatKind, Error, Mailbox, Peer, Status};

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: &functions::channels::GetFullChannel,
) -> Answer {
    let me = context.me()?;
    let locked = context.lock();
    let world = locked.world();
    let id = decode::channel(world, me, &call.channel)?;
    let peer = Peer::Channel(id);
    let chat = world.chat(ChatId::Channel(id)).ok_or(Error::ChannelInvalid)?;
    let status = chat.status(me);
    // Public ones show themselves to everybody.
    if chat.username.is_none() || status == Status::Kicked {
        world.may_read(me, peer)?;
    }
    let all = chat.members.values();
    let (admins, kicked) = all.fold((0, 0), |(admins, kicked), member| {
        let admin = usize::from(member.status.is_admin());
        (
            admins + admin,
            kicked + usize::from(member.status == Status::Kicked),
        )
    });
    let shown = |count: usize| status.is_admin().then(|| encode::count(count));
    let full = ctors::ChannelFull {
        can_view_participants: chat.kind == ChatKind::Supergroup || status.is_admin(),
        can_set_username: status == Status::Creator,
        can_delete_channel: status == Status::Creator,
        id: id.0,
        about: world.chat_description(chat.id).to_owned(),
        participants_count: Some(encode::count(chat.present().count())),
        admins_count: shown(admins),
        kicked_count: shown(kicked),
        banned_count: shown(0),
        read_inbox_max_id: world.read_inbox(me, peer).0,
        unread_count: if status.is_in() {
            encode::count(world.unread(me, peer))
        } else {
            0
        },
        notify_settings: encode::notify_settings(),
        exported_invite: encode::invite(world, me, chat),
        bot_info: encode::bots_of(world, chat),
        pinned_msg_id: encode::pinned_message(world, me, peer),
        pts: world.pts(Mailbox::Channel(id)),
        ..Default::default()
    };
    let mut cast = Cast::new(world, me);
    cast.peer(peer);
    full.bot_info
        .iter()
        .filter_map(|info| info.user_id)
        .for_each(|bot| cast.user(ringback_world::UserId(bot)));
    context.give(&types::messages::ChatFull {
        full_chat: types::ChatFull::ChannelFull(Box::new(full)),
        chats: cast.chats(),
        users: cast.users(),
    })
}
