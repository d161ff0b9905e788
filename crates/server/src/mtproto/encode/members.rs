//! Who is in a chat, and what it is known by.

use super::{date, peer};
use ringback_tl::{ctors, types};
use ringback_world::{Chat, ChatId, ChatKind, Conversation, Member, Peer, Status, UserId, World};

/// Who made the chat, if they are in it.
pub(in crate::mtproto) fn creator_of(chat: &Chat) -> Option<UserId> {
    let mut all = chat.members.iter();
    let creator = all.find(|(_, member)| member.status == Status::Creator);
    creator.map(|(id, _)| *id)
}

/// Whoever put the others in: the world does not remember who it was.
fn creator(chat: &Chat) -> i64 {
    creator_of(chat).map_or(0, |id| id.0)
}

/// The members of a basic group.
pub(in crate::mtproto) fn group_members(chat: &Chat) -> Vec<types::ChatParticipant> {
    let inviter_id = creator(chat);
    let present = chat.members.iter().filter(|(_, member)| member.status.is_in());
    present
        .map(|(user, member)| match member.status {
            Status::Creator => ctors::ChatParticipantCreator {
                user_id: user.0,
                ..Default::default()
            }
            .into(),
            Status::Administrator => ctors::ChatParticipantAdmin {
                user_id: user.0,
                inviter_id,
                date: date(member.since),
                ..Default::default()
            }
            .into(),
            _ => ctors::ChatParticipant {
                user_id: user.0,
                inviter_id,
                date: date(member.since),
                ..Default::default()
            }
            .into(),
        })
        .collect()
}

/// What someone is in a supergroup or channel, as `viewer` sees it; none if they are not in it.
pub(in crate::mtproto) fn member(
    world: &World,
    chat: &Chat,
    viewer: UserId,
    user: UserId,
) -> Option<types::ChannelParticipant> {
    let Member { status, since, until } = *chat.members.get(&user)?;
    let (user_id, since) = (user.0, date(since));
    let rank = world.admin_title(chat.id, user).map(str::to_owned);
    // For ever, if no end is set.
    let until_date = until.map_or(i32::MAX, date);
    Some(match status {
        Status::Creator => ctors::ChannelParticipantCreator {
            user_id,
            admin_rights: admin_rights(),
            rank,
        }
        .into(),
        Status::Administrator => ctors::ChannelParticipantAdmin {
            can_edit: chat.status(viewer) == Status::Creator,
            is_self: user == viewer,
            user_id,
            inviter_id: (user == viewer).then(|| creator(chat)),
            promoted_by: creator(chat),
            date: since,
            admin_rights: admin_rights(),
            rank,
        }
        .into(),
        Status::Member if user == viewer => ctors::ChannelParticipantSelf {
            user_id,
            inviter_id: creator(chat),
            date: since,
            ..Default::default()
        }
        .into(),
        Status::Member => ctors::ChannelParticipant {
            user_id,
            date: since,
            ..Default::default()
        }
        .into(),
        Status::Kicked => ctors::ChannelParticipantBanned {
            left: true,
            peer: peer(Peer::User(user)),
            kicked_by: creator(chat),
            date: since,
            banned_rights: types::ChatBannedRights {
                view_messages: true,
                until_date,
                ..Default::default()
            },
            ..Default::default()
        }
        .into(),
        Status::Restricted => ctors::ChannelParticipantBanned {
            peer: peer(Peer::User(user)),
            kicked_by: creator(chat),
            date: since,
            banned_rights: types::ChatBannedRights {
                send_messages: true,
                until_date,
                ..Default::default()
            },
            ..Default::default()
        }
        .into(),
        Status::Left | Status::Never => return None,
    })
}

/// What every administrator may.
pub(in crate::mtproto) fn admin_rights() -> types::ChatAdminRights {
    types::ChatAdminRights {
        change_info: true,
        post_messages: true,
        edit_messages: true,
        delete_messages: true,
        ban_users: true,
        invite_users: true,
        pin_messages: true,
        add_admins: true,
        ..Default::default()
    }
}

/// The link that invites to a chat, for whoever may give it away.
pub(in crate::mtproto) fn invite(
    world: &World,
    viewer: UserId,
    chat: &Chat,
) -> Option<types::ExportedChatInvite> {
    world.may_manage(viewer, chat.id).ok()?;
    let invite = ctors::ChatInviteExported {
        permanent: true,
        link: format!("https://t.me/+{}", world.invite_hash(chat.id)),
        admin_id: creator(chat),
        date: date(chat.created),
        ..Default::default()
    };
    Some(types::ExportedChatInvite::ChatInviteExported(invite))
}

/// A link that somebody made beside the chat's own, by what it ends with.
pub(in crate::mtproto) fn other_invite(world: &World, hash: &str) -> Option<types::ExportedChatInvite> {
    let own = world.invite(hash)?;
    let terms = &own.terms;
    let invite = ctors::ChatInviteExported {
        revoked: own.revoked,
        link: format!("https://t.me/+{hash}"),
        admin_id: own.creator.0,
        date: date(own.made),
        expire_date: terms
            .expires
            .map(|expires| expires.try_into().unwrap_or(i32::MAX)),
        usage_limit: terms.limit.map(|limit| limit.try_into().unwrap_or(i32::MAX)),
        usage: Some(own.used.try_into().unwrap_or(i32::MAX)),
        title: Some(terms.name.clone()).filter(|name| !name.is_empty()),
        ..Default::default()
    };
    Some(types::ExportedChatInvite::ChatInviteExported(invite))
}

/// The bots of a group, and their commands.
pub(in crate::mtproto) fn bots_of(world: &World, chat: &Chat) -> Vec<types::BotInfo> {
    // Readers of a channel do not see its bots.
    if chat.kind == ChatKind::Channel {
        return Vec::new();
    }
    chat.present()
        .filter_map(|id| world.bot(id))
        .map(super::bot_info_in_groups)
        .collect()
}

/// The latest message that is pinned.
pub(in crate::mtproto) fn pinned_message(world: &World, viewer: UserId, peer: Peer) -> Option<i32> {
    let mut pinned = world.pinned(Conversation::of(viewer, peer));
    pinned.find_map(|message| message.id_for(viewer)).map(|id| id.0)
}

/// A chat as somebody sees it who was put out.
pub(in crate::mtproto) fn forbidden(world: &World, viewer: UserId, chat: &Chat) -> types::Chat {
    let title = chat.title.clone();
    match chat.id {
        ChatId::Group(id) => ctors::ChatForbidden { id: id.0, title }.into(),
        ChatId::Channel(id) => ctors::ChannelForbidden {
            broadcast: chat.kind == ChatKind::Channel,
            megagroup: chat.kind == ChatKind::Supergroup,
            id: id.0,
            access_hash: super::access_hash(world, viewer, Peer::Channel(id)),
            title,
            ..Default::default()
        }
        .into(),
    }
}
