//! Users and chats.

use ringback_botapi as api;
use ringback_botapi::{AcceptedGiftTypes, ChatFullInfo, ChatType};
use ringback_world::{ChatKind, Conversation, Member, Peer, Status, Time, User, UserId, World};

/// A user, by id; of one that the world does not know only that much.
pub(crate) fn user(world: &World, id: UserId) -> api::User {
    match world.user(id) {
        Some(user) => known(user),
        None => api::User::new(id.0, false, ""),
    }
}

fn known(user: &User) -> api::User {
    let mut own = api::User::new(user.id.0, user.is_bot, user.first_name.as_str());
    own.last_name.clone_from(&user.last_name);
    own.username.clone_from(&user.username);
    own.language_code.clone_from(&user.language_code);
    own
}

/// A bot about itself: `getMe`.
pub(crate) fn me(world: &World, bot: UserId) -> api::User {
    let mut me = user(world, bot);
    me.can_join_groups = Some(true);
    me.can_read_all_group_messages = Some(world.bot(bot).is_some_and(|bot| bot.reads_all_messages));
    me.supports_guest_queries = Some(false);
    me.supports_inline_queries = Some(true);
    me.can_connect_to_business = Some(false);
    me.has_main_web_app = Some(false);
    me.has_topics_enabled = Some(false);
    me.allows_users_to_create_topics = Some(false);
    me.can_manage_bots = Some(false);
    me.supports_join_request_queries = Some(false);
    me
}

/// A chat as `viewer` sees it: a private one is the other person.
pub(crate) fn chat(world: &World, viewer: UserId, conversation: Conversation) -> api::Chat {
    let peer = conversation.peer(viewer);
    let mut own = api::Chat::new(peer.chat_id(), ChatType::Private);
    if let Peer::User(other) = peer {
        if let Some(other) = world.user(other) {
            own.username.clone_from(&other.username);
            own.first_name = Some(other.first_name.clone());
            own.last_name.clone_from(&other.last_name);
        }
        return own;
    }
    own.type_ = match (world.chat_of(conversation), peer) {
        (Some(chat), _) => {
            own.title = Some(chat.title.clone());
            own.username.clone_from(&chat.username);
            chat_type(chat.kind)
        }
        (None, Peer::Group(_)) => ChatType::Group,
        (None, _) => ChatType::Supergroup,
    };
    own
}

fn chat_type(kind: ChatKind) -> ChatType {
    match kind {
        ChatKind::Group => ChatType::Group,
        ChatKind::Supergroup => ChatType::Supergroup,
        ChatKind::Channel => ChatType::Channel,
    }
}

/// A chat in full: `getChat`.
pub(crate) fn chat_full_info(world: &World, viewer: UserId, conversation: Conversation) -> ChatFullInfo {
    let short = chat(world, viewer, conversation);
    let is_group = matches!(short.type_, ChatType::Group | ChatType::Supergroup);
    let mut full = ChatFullInfo::new(short.id, short.type_, 0, 11, AcceptedGiftTypes::new());
    full.active_usernames = short.username.clone().map(|name| vec![name]);
    full.title = short.title;
    full.username = short.username;
    full.first_name = short.first_name;
    full.last_name = short.last_name;
    full.pinned_message = world
        .pinned(conversation)
        .find(|pinned| pinned.id_for(viewer).is_some())
        .map(|pinned| Box::new(super::message(world, viewer, pinned)));
    if let Some(chat) = world.chat_of(conversation) {
        let described = Some(world.chat_description(chat.id)).filter(|text| !text.is_empty());
        full.description = described.map(str::to_owned);
        let is_admin = chat.status(viewer).is_admin();
        full.invite_link = is_admin.then(|| super::invite_link(world, chat.id));
    }
    if is_group {
        // What members may do in a group here: everything that makes no difference to others' rights.
        full.permissions = Some(Box::new(permissions()));
    }
    full
}

fn permissions() -> api::ChatPermissions {
    api::ChatPermissions::new()
        .can_send_messages(true)
        .can_send_audios(true)
        .can_send_documents(true)
        .can_send_photos(true)
        .can_send_videos(true)
        .can_send_video_notes(true)
        .can_send_voice_notes(true)
        .can_send_polls(true)
        .can_send_other_messages(true)
        .can_add_web_page_previews(true)
        .can_change_info(false)
        .can_invite_users(true)
        .can_pin_messages(false)
}

/// What someone is in a chat.
pub(crate) fn chat_member(
    world: &World,
    conversation: Conversation,
    id: UserId,
    member: Member,
) -> api::ChatMember {
    let user = user(world, id);
    let place = world.chat_of(conversation);
    let title = place
        .and_then(|chat| world.admin_title(chat.id, id))
        .map(str::to_owned);
    match member.status {
        Status::Creator => {
            let mut owner = api::ChatMemberOwner::new(user, false);
            owner.custom_title = title;
            owner.into()
        }
        Status::Administrator => {
            let mut admin = api::ChatMemberAdministrator::new(user)
                .can_manage_chat(true)
                .can_delete_messages(true)
                .can_manage_video_chats(true)
                .can_restrict_members(true)
                .can_promote_members(true)
                .can_change_info(true)
                .can_invite_users(true);
            admin.custom_title = title;
            if place.is_some_and(|chat| chat.kind == ChatKind::Channel) {
                admin.can_post_messages = Some(true);
                admin.can_edit_messages = Some(true);
            } else {
                admin.can_pin_messages = Some(true);
            }
            admin.into()
        }
        Status::Member => api::ChatMemberMember::new(user).into(),
        Status::Left | Status::Never => api::ChatMemberLeft::new(user).into(),
        Status::Kicked => api::ChatMemberBanned::new(user, until(member)).into(),
        Status::Restricted => api::ChatMemberRestricted::new(user, until(member))
            .is_member(true)
            .into(),
    }
}

/// When a ban or a restriction ends; 0 for never.
fn until(member: Member) -> i64 {
    member.until.map_or(0, date)
}

/// A moment as the Bot API writes it.
pub(super) fn date(time: Time) -> i64 {
    time.unix()
}
