//! Messages.

use ringback_botapi as api;
use ringback_botapi::{InaccessibleMessage, MaybeInaccessibleMessage, MessageEntityType, MessageOrigin};
use ringback_world::{
    ChatId, ChatKind, Content, Conversation, Entity, EntityKind, FormattedText, Forward, ForwardFrom,
    Message, Sender, Service, UserId, World,
};

use super::media::{add_media, document, photo_sizes};
use super::people::{chat, date, user};
use super::{inline_markup, profile};

/// A message as `viewer` sees it, with the message that it replies to.
pub(crate) fn message(world: &World, viewer: UserId, message: &Message) -> api::Message {
    let mut own = shallow(world, viewer, message);
    if let Some(reply) = &message.reply_to {
        add_reply(world, viewer, message, reply, &mut own);
    }
    own
}

/// A message that `viewer` can see no more.
pub(crate) fn inaccessible(world: &World, viewer: UserId, message: &Message) -> InaccessibleMessage {
    InaccessibleMessage::new(
        chat(world, viewer, message.conversation),
        number(viewer, message),
        0,
    )
}

/// A message as `viewer` sees it now, or what is left of it.
pub(crate) fn maybe_inaccessible(world: &World, viewer: UserId, own: &Message) -> MaybeInaccessibleMessage {
    if world.is_accessible(viewer, own) {
        message(world, viewer, own).into()
    } else {
        inaccessible(world, viewer, own).into()
    }
}

fn number(viewer: UserId, message: &Message) -> i64 {
    message.id_for(viewer).map_or(0, |id| id.0.into())
}

/// A message without the one that it replies to.
fn shallow(world: &World, viewer: UserId, message: &Message) -> api::Message {
    let place = chat(world, viewer, message.conversation);
    let mut own = api::Message::new(number(viewer, message), date(message.date), place);
    match message.sender {
        Sender::User(id) => own.from = Some(Box::new(user(world, id))),
        Sender::Chat { .. } => own.sender_chat = Some(Box::new(own.chat.clone())),
    }
    own.forward_origin = message
        .forward
        .as_ref()
        .map(|forward| origin(world, viewer, forward));
    own.via_bot = message.via_bot.map(|bot| Box::new(user(world, bot)));
    own.edit_date = message.edited.map(date);
    own.has_protected_content = message.protected;
    own.media_group_id = world.album(message.key).map(|album| album.to_string());
    own.reply_markup = inline_markup(message.markup.as_ref()).map(Box::new);
    add_content(world, viewer, message, &mut own);
    own
}

fn add_reply(
    world: &World,
    viewer: UserId,
    message: &Message,
    reply: &ringback_world::Reply,
    own: &mut api::Message,
) {
    if let Some((words, position)) = &reply.quote {
        let mut quote = api::TextQuote::new(words.text.as_str(), i64::from(*position));
        quote.entities = entities(world, words);
        quote.is_manual = true;
        own.quote = Some(Box::new(quote));
    }
    let Some(to) = world.message(reply.to) else {
        return;
    };
    if to.conversation == message.conversation {
        if to.id_for(viewer).is_some() {
            own.reply_to_message = Some(Box::new(shallow(world, viewer, to)));
        }
        return;
    }
    let from = match (to.sender, to.conversation) {
        (Sender::Chat { .. }, Conversation::Channel(id)) => {
            let id = to
                .ids
                .first()
                .map(|(_, number)| ForwardFrom::Channel(id, *number));
            id.unwrap_or(ForwardFrom::User(viewer))
        }
        (Sender::User(id) | Sender::Chat { author: id }, _) => ForwardFrom::User(id),
    };
    let from = Forward { from, date: to.date };
    let mut external = api::ExternalReplyInfo::new(origin(world, viewer, &from));
    if !matches!(to.conversation, Conversation::Private(..)) {
        external.chat = Some(Box::new(chat(world, viewer, to.conversation)));
        external.message_id = to.id_for(viewer).map(|id| id.0.into());
    }
    own.external_reply = Some(Box::new(external));
}

fn origin(world: &World, viewer: UserId, forward: &Forward) -> MessageOrigin {
    let date = date(forward.date);
    match forward.from {
        ForwardFrom::User(id) => api::MessageOriginUser::new(date, user(world, id)).into(),
        ForwardFrom::Channel(id, number) => {
            let place = chat(world, viewer, Conversation::Channel(id));
            api::MessageOriginChannel::new(date, place, number.0.into()).into()
        }
    }
}

fn add_content(world: &World, viewer: UserId, message: &Message, own: &mut api::Message) {
    match &message.content {
        Content::Text(words) => {
            own.text = Some(words.text.clone());
            own.entities = entities(world, words);
        }
        Content::Photo {
            file,
            caption,
            caption_above,
            spoiler,
        } => {
            own.photo = world.file(*file).map(photo_sizes);
            add_caption(world, caption, own);
            own.show_caption_above_media = *caption_above;
            own.has_media_spoiler = *spoiler;
        }
        Content::Document { file, caption } => {
            own.document = world.file(*file).map(|file| Box::new(document(file)));
            add_caption(world, caption, own);
        }
        Content::Media {
            file,
            caption,
            caption_above,
            spoiler,
            ..
        } => {
            if let Some(file) = world.file(*file) {
                add_media(file, own);
            }
            add_caption(world, caption, own);
            own.show_caption_above_media = *caption_above;
            own.has_media_spoiler = *spoiler;
        }
        Content::Game {
            bot,
            short_name,
            text,
        } => own.game = Some(Box::new(game(world, *bot, short_name, text))),
        Content::Dice { emoji, value } => {
            own.dice = Some(Box::new(api::Dice::new(emoji.as_str(), i64::from(*value))));
        }
        Content::Contact(contact) => own.contact = Some(Box::new(profile::contact(contact))),
        Content::Location(point) => own.location = Some(Box::new(profile::location(*point))),
        Content::Venue(venue) => {
            // Who knows no venues sees the place at least.
            own.location = Some(Box::new(profile::location(venue.point)));
            own.venue = Some(Box::new(profile::venue(venue)));
        }
        Content::Service(Service::Created(_)) => {
            let kind = match message.conversation {
                Conversation::Channel(id) => world.chat(ChatId::Channel(id)).map(|chat| chat.kind),
                _ => None,
            };
            match kind {
                None | Some(ChatKind::Group) => own.group_chat_created = true,
                Some(ChatKind::Supergroup) => own.supergroup_chat_created = true,
                Some(ChatKind::Channel) => own.channel_chat_created = true,
            }
        }
        Content::Service(Service::Joined(who)) => {
            own.new_chat_members = Some(who.iter().map(|id| user(world, *id)).collect());
        }
        // The Bot API has no field for it: bots are not told of such messages.
        Content::Service(Service::GameScore { .. }) => {}
        Content::Service(Service::Renamed(title)) => own.new_chat_title = Some(title.clone()),
        Content::Service(Service::Pinned(key)) => {
            let pinned = world.message(*key);
            own.pinned_message = pinned.map(|pinned| shallow(world, viewer, pinned).into());
        }
        Content::Service(Service::Left(who)) => own.left_chat_member = Some(Box::new(user(world, *who))),
    }
}

fn add_caption(world: &World, caption: &FormattedText, own: &mut api::Message) {
    if !caption.text.is_empty() {
        own.caption = Some(caption.text.clone());
        own.caption_entities = entities(world, caption);
    }
}

fn game(world: &World, bot: UserId, short_name: &str, text: &str) -> api::Game {
    let known = world.bot(bot).and_then(|bot| bot.games.get(short_name));
    let (title, description) = known.map_or((short_name, short_name), |game| {
        (game.title.as_str(), game.description.as_str())
    });
    let mut own = api::Game::new(title, description, []);
    own.text = Some(text.to_owned()).filter(|text| !text.is_empty());
    own
}

/// What is marked in a text; `None` if nothing is.
pub(crate) fn entities(world: &World, words: &FormattedText) -> Option<Vec<api::MessageEntity>> {
    if words.entities.is_empty() {
        return None;
    }
    Some(words.entities.iter().map(|own| entity(world, own)).collect())
}

fn entity(world: &World, entity: &Entity) -> api::MessageEntity {
    let kind = match &entity.kind {
        EntityKind::Mention => MessageEntityType::Mention,
        EntityKind::Hashtag => MessageEntityType::Hashtag,
        EntityKind::Cashtag => MessageEntityType::Cashtag,
        EntityKind::BotCommand => MessageEntityType::BotCommand,
        EntityKind::Url => MessageEntityType::Url,
        EntityKind::Email => MessageEntityType::Email,
        EntityKind::PhoneNumber => MessageEntityType::PhoneNumber,
        EntityKind::Bold => MessageEntityType::Bold,
        EntityKind::Italic => MessageEntityType::Italic,
        EntityKind::Underline => MessageEntityType::Underline,
        EntityKind::Strikethrough => MessageEntityType::Strikethrough,
        EntityKind::Spoiler => MessageEntityType::Spoiler,
        EntityKind::Blockquote => MessageEntityType::Blockquote,
        EntityKind::ExpandableBlockquote => MessageEntityType::ExpandableBlockquote,
        EntityKind::Code => MessageEntityType::Code,
        EntityKind::Pre(_) => MessageEntityType::Pre,
        EntityKind::TextLink(_) => MessageEntityType::TextLink,
        EntityKind::TextMention(_) => MessageEntityType::TextMention,
        EntityKind::CustomEmoji(_) => MessageEntityType::CustomEmoji,
        // The world's kinds can grow; what this edge cannot name is at least shown as nothing known.
        _ => MessageEntityType::Unknown("unknown".to_owned()),
    };
    let mut own = api::MessageEntity::new(kind, entity.offset.into(), entity.length.into());
    match &entity.kind {
        EntityKind::Pre(language) => own.language.clone_from(language),
        EntityKind::TextLink(url) => own.url = Some(url.clone()),
        EntityKind::TextMention(id) => own.user = Some(Box::new(user(world, *id))),
        EntityKind::CustomEmoji(id) => own.custom_emoji_id = Some(id.to_string()),
        _ => {}
    }
    own
}
