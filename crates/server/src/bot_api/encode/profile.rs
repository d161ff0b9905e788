//! What chats and bots are said to be, and what people share.

use ringback_botapi as api;
use ringback_world::{
    AdminRight, AdminRights, ChatId, ChatKind, Contact, GeoPoint, MenuButton, Status, UserId, Venue, World,
};

use super::people::user;

/// The link that invites to a chat.
pub(crate) fn invite_link(world: &World, chat: ChatId) -> String {
    format!("https://t.me/+{}", world.invite_hash(chat))
}

/// A link that invites to a chat, by what it ends with, and what is known of it; `revoked` if it leads nowhere any more.
pub(crate) fn chat_invite_link(
    world: &World,
    chat: ChatId,
    hash: &str,
    revoked: bool,
) -> api::ChatInviteLink {
    let link = format!("https://t.me/+{hash}");
    let Some(invite) = world.invite(hash) else {
        let members = world.chat(chat).into_iter().flat_map(|chat| &chat.members);
        let mut owners = members.filter(|(_, member)| member.status == Status::Creator);
        let owner = owners.next().map_or(UserId(0), |(id, _)| *id);
        return api::ChatInviteLink::new(link, user(world, owner), false, true, revoked);
    };
    let mut own = api::ChatInviteLink::new(
        link,
        user(world, invite.creator),
        false,
        false,
        revoked || invite.revoked,
    );
    own.name = filled(&invite.terms.name);
    own.expire_date = invite.terms.expires;
    own.member_limit = invite.terms.limit.map(i64::from);
    own
}

/// The button beside the line in which one writes to a bot.
pub(crate) fn menu_button(button: MenuButton) -> api::MenuButton {
    match button {
        MenuButton::Default => api::MenuButtonDefault::new().into(),
        MenuButton::Commands => api::MenuButtonCommands::new().into(),
        MenuButton::WebApp { text, url } => {
            api::MenuButtonWebApp::new(text, api::WebAppInfo::new(url)).into()
        }
    }
}

/// Rights of an administrator, as far as a chat of this sort knows them.
pub(crate) fn admin_rights(rights: &AdminRights, kind: ChatKind) -> api::ChatAdministratorRights {
    let has = |right| rights.contains(&right);
    let known = |right: AdminRight| right.is_of(kind).then(|| has(right));
    let mut own = api::ChatAdministratorRights::new()
        .is_anonymous(has(AdminRight::Anonymous))
        .can_manage_chat(has(AdminRight::ManageChat))
        .can_delete_messages(has(AdminRight::DeleteMessages))
        .can_manage_video_chats(has(AdminRight::ManageVideoChats))
        .can_restrict_members(has(AdminRight::RestrictMembers))
        .can_promote_members(has(AdminRight::PromoteMembers))
        .can_change_info(has(AdminRight::ChangeInfo))
        .can_invite_users(has(AdminRight::InviteUsers))
        .can_post_stories(has(AdminRight::PostStories))
        .can_edit_stories(has(AdminRight::EditStories))
        .can_delete_stories(has(AdminRight::DeleteStories))
        .can_send_welcome_messages(has(AdminRight::SendWelcomeMessages));
    own.can_post_messages = known(AdminRight::PostMessages);
    own.can_edit_messages = known(AdminRight::EditMessages);
    own.can_pin_messages = known(AdminRight::PinMessages);
    own.can_manage_topics = known(AdminRight::ManageTopics);
    own.can_manage_direct_messages = known(AdminRight::ManageDirectMessages);
    own.can_manage_tags = known(AdminRight::ManageTags);
    own
}

fn filled(text: &str) -> Option<String> {
    Some(text).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// Somebody's number and name.
pub(super) fn contact(contact: &Contact) -> api::Contact {
    let mut own = api::Contact::new(contact.phone.as_str(), contact.first_name.as_str());
    own.last_name = filled(&contact.last_name);
    own.user_id = contact.user.map(|user| user.0);
    own.vcard = filled(&contact.vcard);
    own
}

/// A point on the earth.
pub(super) fn location(point: GeoPoint) -> api::Location {
    let mut own = api::Location::new(point.latitude.0, point.longitude.0);
    own.horizontal_accuracy = point.accuracy.map(f64::from);
    own
}

/// A place with a name.
pub(super) fn venue(venue: &Venue) -> api::Venue {
    let mut own = api::Venue::new(
        location(venue.point),
        venue.title.as_str(),
        venue.address.as_str(),
    );
    let (id, kind) = (filled(&venue.id), filled(&venue.kind));
    match venue.provider.as_str() {
        "foursquare" => (own.foursquare_id, own.foursquare_type) = (id, kind),
        "gplaces" => (own.google_place_id, own.google_place_type) = (id, kind),
        _ => {}
    }
    own
}
