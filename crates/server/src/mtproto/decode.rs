//! What TL calls peers, texts and keyboards, as the world has them.

mod inline;
mod media;

pub(super) use inline::{inline_keyboard, inline_message_id, inline_result};
pub(super) use media::file_kind;

use super::encode::access_hash;
use ringback_tl::types;
use ringback_world::{
    ButtonAction, ButtonStyle, ChannelId, ChatId, Entity, EntityKind, Error, FormattedText, GroupId,
    InlineButton, InlineKeyboard, InlineTarget, MessageId, Peer, ReplyButton, ReplyKeyboard, ReplyMarkup,
    UserId, World,
};

/// The peer that a client names; its access hash must be that of this viewer. Bots may leave it out, as they may with
/// Telegram.
pub(super) fn peer(world: &World, viewer: UserId, input: &types::InputPeer) -> Result<Peer, Error> {
    let (peer, hash, error) = match input {
        types::InputPeer::Empty => return Err(Error::PeerIdInvalid),
        types::InputPeer::Self_ => return Ok(Peer::User(viewer)),
        types::InputPeer::Chat(chat) => {
            let id = GroupId(chat.chat_id);
            return match world.chat(ChatId::Group(id)) {
                Some(_) => Ok(Peer::Group(id)),
                None => Err(Error::PeerIdInvalid),
            };
        }
        types::InputPeer::User(user) => (
            Peer::User(UserId(user.user_id)),
            user.access_hash,
            Error::PeerIdInvalid,
        ),
        types::InputPeer::Channel(channel) => (
            Peer::Channel(ChannelId(channel.channel_id)),
            channel.access_hash,
            Error::ChannelInvalid,
        ),
        types::InputPeer::UserFromMessage(from) => {
            return seen_in(
                world,
                viewer,
                &from.peer,
                from.msg_id,
                Peer::User(UserId(from.user_id)),
            );
        }
        types::InputPeer::ChannelFromMessage(from) => {
            let channel = Peer::Channel(ChannelId(from.channel_id));
            return seen_in(world, viewer, &from.peer, from.msg_id, channel);
        }
    };
    check(world, viewer, peer, hash).ok_or(error)
}

/// A user or channel that the viewer knows from a message.
fn seen_in(
    world: &World,
    viewer: UserId,
    place: &types::InputPeer,
    message: i32,
    seen: Peer,
) -> Result<Peer, Error> {
    // One level is all that libraries use.
    let place = match place {
        types::InputPeer::UserFromMessage(_) | types::InputPeer::ChannelFromMessage(_) => {
            return Err(Error::PeerIdInvalid);
        }
        place => peer(world, viewer, place)?,
    };
    world
        .message_at(viewer, place, MessageId(message))
        .ok_or(Error::MessageIdInvalid)?;
    exists(world, seen).ok_or(Error::PeerIdInvalid)
}

fn exists(world: &World, peer: Peer) -> Option<Peer> {
    let known = match peer {
        Peer::User(id) => world.user(id).is_some(),
        Peer::Group(id) => world.chat(ChatId::Group(id)).is_some(),
        Peer::Channel(id) => world.chat(ChatId::Channel(id)).is_some(),
    };
    known.then_some(peer)
}

fn check(world: &World, viewer: UserId, peer: Peer, hash: i64) -> Option<Peer> {
    let own = peer == Peer::User(viewer);
    let bot = hash == 0 && world.bot(viewer).is_some();
    (own || bot || hash == access_hash(world, viewer, peer))
        .then_some(peer)
        .and_then(|peer| exists(world, peer))
}

/// The user that a client names.
pub(super) fn user(world: &World, viewer: UserId, input: &types::InputUser) -> Result<UserId, Error> {
    match input {
        types::InputUser::Empty => Err(Error::UserNotFound),
        types::InputUser::Self_ => Ok(viewer),
        types::InputUser::InputUser(user) => {
            let id = UserId(user.user_id);
            check(world, viewer, Peer::User(id), user.access_hash)
                .map(|_| id)
                .ok_or(Error::UserNotFound)
        }
        types::InputUser::FromMessage(from) => {
            let id = UserId(from.user_id);
            seen_in(world, viewer, &from.peer, from.msg_id, Peer::User(id))
                .map(|_| id)
                .map_err(|_| Error::UserNotFound)
        }
    }
}

/// The channel that a client names.
pub(super) fn channel(
    world: &World,
    viewer: UserId,
    input: &types::InputChannel,
) -> Result<ChannelId, Error> {
    match input {
        types::InputChannel::Empty => Err(Error::ChannelInvalid),
        types::InputChannel::InputChannel(channel) => {
            let id = ChannelId(channel.channel_id);
            check(world, viewer, Peer::Channel(id), channel.access_hash)
                .map(|_| id)
                .ok_or(Error::ChannelInvalid)
        }
        types::InputChannel::FromMessage(from) => {
            let id = ChannelId(from.channel_id);
            seen_in(world, viewer, &from.peer, from.msg_id, Peer::Channel(id))
                .map(|_| id)
                .map_err(|_| Error::ChannelInvalid)
        }
    }
}

/// A text and its marks. Marks that this server does not know are left out.
pub(super) fn text(text: String, entities: Option<Vec<types::MessageEntity>>) -> FormattedText {
    let entities = entities.unwrap_or_default();
    let mut entities: Vec<Entity> = entities.into_iter().filter_map(entity).collect();
    entities.sort_by_key(|entity| (entity.offset, std::cmp::Reverse(entity.length)));
    FormattedText { text, entities }
}

fn entity(entity: types::MessageEntity) -> Option<Entity> {
    use types::MessageEntity as Tl;
    let (offset, length, kind) = match entity {
        Tl::Bold(own) => (own.offset, own.length, EntityKind::Bold),
        Tl::Italic(own) => (own.offset, own.length, EntityKind::Italic),
        Tl::Underline(own) => (own.offset, own.length, EntityKind::Underline),
        Tl::Strike(own) => (own.offset, own.length, EntityKind::Strikethrough),
        Tl::Spoiler(own) => (own.offset, own.length, EntityKind::Spoiler),
        Tl::Code(own) => (own.offset, own.length, EntityKind::Code),
        Tl::Pre(own) => {
            let language = Some(own.language).filter(|language| !language.is_empty());
            (own.offset, own.length, EntityKind::Pre(language))
        }
        Tl::TextUrl(own) => (own.offset, own.length, EntityKind::TextLink(own.url)),
        Tl::MentionName(own) => (
            own.offset,
            own.length,
            EntityKind::TextMention(UserId(own.user_id)),
        ),
        // What clients send; the hash is not looked at, since a mention tells nothing of whom it names.
        Tl::InputMessageEntityMentionName(own) => (
            own.offset,
            own.length,
            EntityKind::TextMention(named(&own.user_id)?),
        ),
        Tl::CustomEmoji(own) => (own.offset, own.length, EntityKind::CustomEmoji(own.document_id)),
        Tl::Blockquote(own) => {
            let kind = if own.collapsed {
                EntityKind::ExpandableBlockquote
            } else {
                EntityKind::Blockquote
            };
            (own.offset, own.length, kind)
        }
        // The server finds mentions, links and the like by itself.
        _ => return None,
    };
    Some(Entity {
        offset: u32::try_from(offset).ok()?,
        length: u32::try_from(length).ok().filter(|length| *length > 0)?,
        kind,
    })
}

/// Whom a mention names; nobody mentions oneself.
fn named(input: &types::InputUser) -> Option<UserId> {
    match input {
        types::InputUser::InputUser(user) => Some(UserId(user.user_id)),
        types::InputUser::FromMessage(from) => Some(UserId(from.user_id)),
        types::InputUser::Empty | types::InputUser::Self_ => None,
    }
}

/// The keyboard that a bot sends.
pub(super) fn markup(markup: types::ReplyMarkup) -> ReplyMarkup {
    match markup {
        types::ReplyMarkup::ReplyKeyboardHide(own) => ReplyMarkup::Remove {
            selective: own.selective,
        },
        types::ReplyMarkup::ReplyKeyboardForceReply(own) => ReplyMarkup::ForceReply {
            placeholder: own.placeholder,
            selective: own.selective,
        },
        types::ReplyMarkup::ReplyKeyboardMarkup(own) => {
            let button = |button: types::KeyboardButton| ReplyButton {
                style: style(button.style.as_ref()),
                icon: button.style.as_ref().and_then(|style| style.icon),
                text: button.text,
                request: None,
            };
            let row = |row: types::KeyboardButtonRow| row.buttons.into_iter().map(button).collect();
            ReplyMarkup::Keyboard(ReplyKeyboard {
                rows: own.rows.into_iter().map(row).collect(),
                persistent: own.persistent,
                resize: own.resize,
                one_time: own.single_use,
                placeholder: own.placeholder,
                selective: own.selective,
            })
        }
        types::ReplyMarkup::ReplyInlineMarkup(own) => {
            let button = |button: types::KeyboardInlineButton| InlineButton {
                style: style(button.style.as_ref()),
                icon: button.style.as_ref().and_then(|style| style.icon),
                text: button.text,
                action: action(button.r#type),
            };
            let row = |row: types::KeyboardInlineButtonRow| row.buttons.into_iter().map(button).collect();
            ReplyMarkup::Inline(InlineKeyboard {
                rows: own.rows.into_iter().map(row).collect(),
                force_reply: own.force_reply,
            })
        }
    }
}

fn style(style: Option<&types::KeyboardButtonStyle>) -> Option<ButtonStyle> {
    let style = style?;
    let all = [
        (style.bg_danger, ButtonStyle::Danger),
        (style.bg_success, ButtonStyle::Success),
        (style.bg_primary, ButtonStyle::Primary),
    ];
    all.into_iter().find(|(set, _)| *set).map(|(_, style)| style)
}

fn action(kind: types::InlineButtonType) -> ButtonAction {
    use types::InlineButtonType as Tl;
    match kind {
        Tl::Url(own) => ButtonAction::Url(own.url),
        Tl::UrlAuth(own) => ButtonAction::LoginUrl(own.url),
        Tl::InputInlineButtonTypeUrlAuth(own) => ButtonAction::LoginUrl(own.url),
        Tl::WebView(own) => ButtonAction::WebApp(own.url),
        Tl::Callback(own) => ButtonAction::Callback {
            data: own.data,
            requires_password: own.requires_password,
        },
        Tl::Game => ButtonAction::Game,
        Tl::Buy => ButtonAction::Pay,
        Tl::SwitchInline(own) => ButtonAction::SwitchInline {
            query: own.query,
            target: if own.same_peer {
                InlineTarget::Current
            } else {
                InlineTarget::Any
            },
        },
        Tl::Copy(own) => ButtonAction::CopyText(own.copy_text),
        Tl::UserProfile(own) => ButtonAction::Url(format!("tg://user?id={}", own.user_id)),
        Tl::InputInlineButtonTypeUserProfile(_) | Tl::Disabled => ButtonAction::Disabled,
    }
}
