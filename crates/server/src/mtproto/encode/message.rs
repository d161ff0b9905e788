//! Messages.

use super::{Cast, date, entities, game_id, markup, media, peer};
use ringback_tl::{ctors, types};
use ringback_world::{
    Content, Conversation, ForwardFrom, Message, MessageId, Peer, Reply, Sender, Service, UserId, World,
};

/// A message as `viewer` sees it; `cast` notes who occurs in it. `None` if it is not in the viewer's mailbox.
pub(in crate::mtproto) fn message(
    world: &World,
    viewer: UserId,
    message: &Message,
    cast: &mut Cast<'_>,
) -> Option<types::Message> {
    let id = message.id_for(viewer)?.0;
    cast.message(message);
    let here = message.conversation.peer(viewer);
    let post = matches!(message.sender, Sender::Chat { .. });
    let out = match message.sender {
        Sender::User(id) | Sender::Chat { author: id } => id == viewer,
    };
    let from_id = match message.sender {
        Sender::User(id) => Some(peer(Peer::User(id))),
        Sender::Chat { .. } => None,
    };
    let reply_to = message.reply_to.as_ref().and_then(|to| reply(world, viewer, to));
    if let Content::Service(service) = &message.content {
        let own = ctors::MessageService {
            out,
            post,
            silent: message.silent,
            id,
            from_id,
            peer_id: peer(here),
            reply_to,
            date: date(message.date),
            action: action(world, message, service),
            ..Default::default()
        };
        return Some(types::Message::Service(Box::new(own)));
    }
    let words = message.content.words();
    let own = ctors::Message {
        out,
        post,
        silent: message.silent,
        noforwards: message.protected,
        pinned: world.is_pinned(message),
        invert_media: message.content.is_caption_above(),
        id,
        from_id,
        peer_id: peer(here),
        fwd_from: message.forward.as_ref().map(|forward| {
            let (from_id, channel_post) = match forward.from {
                ForwardFrom::User(id) => (peer(Peer::User(id)), None),
                ForwardFrom::Channel(id, post) => (peer(Peer::Channel(id)), Some(post.0)),
            };
            types::MessageFwdHeader {
                from_id: Some(from_id),
                date: date(forward.date),
                channel_post,
                ..Default::default()
            }
        }),
        via_bot_id: message.via_bot.map(|bot| bot.0),
        reply_to,
        date: date(message.date),
        message: text(&message.content),
        media: media(world, viewer, &message.content, message.date),
        grouped_id: world.album(message.key),
        reply_markup: world.markup_for(viewer, message).map(markup),
        entities: words.and_then(entities),
        // Both or neither: they share a bit.
        views: post.then_some(1),
        forwards: post.then_some(0),
        edit_date: message.edited.map(date),
        ..Default::default()
    };
    Some(types::Message::Message(Box::new(own)))
}

/// A message, or the place where there is none.
pub(in crate::mtproto) fn message_or_empty(
    world: &World,
    viewer: UserId,
    id: MessageId,
    found: Option<&Message>,
    cast: &mut Cast<'_>,
) -> types::Message {
    let found = found.and_then(|found| message(world, viewer, found, cast));
    let empty = || {
        ctors::MessageEmpty {
            id: id.0,
            peer_id: None,
        }
        .into()
    };
    found.unwrap_or_else(empty)
}

fn reply(world: &World, viewer: UserId, reply: &Reply) -> Option<types::MessageReplyHeader> {
    let to = world.message(reply.to)?.id_for(viewer)?;
    let mut header = ctors::MessageReplyHeader {
        reply_to_msg_id: Some(to.0),
        ..Default::default()
    };
    if let Some((quote, offset)) = &reply.quote {
        header.quote = true;
        header.quote_text = Some(quote.text.clone());
        header.quote_entities = entities(quote);
        header.quote_offset = i32::try_from(*offset).ok();
    }
    Some(types::MessageReplyHeader::MessageReplyHeader(Box::new(header)))
}

fn action(world: &World, message: &Message, service: &Service) -> types::MessageAction {
    match service {
        Service::Created(title) if matches!(message.conversation, Conversation::Channel(_)) => {
            ctors::MessageActionChannelCreate { title: title.clone() }.into()
        }
        Service::Created(title) => ctors::MessageActionChatCreate {
            title: title.clone(),
            users: Vec::new(),
        }
        .into(),
        Service::Joined(users) => ctors::MessageActionChatAddUser {
            users: users.iter().map(|user| user.0).collect(),
        }
        .into(),
        Service::Renamed(title) => ctors::MessageActionChatEditTitle { title: title.clone() }.into(),
        Service::Pinned(_) => types::MessageAction::PinMessage,
        Service::Left(user) => ctors::MessageActionChatDeleteUser { user_id: user.0 }.into(),
        Service::GameScore {
            bot,
            short_name,
            score,
        } => ctors::MessageActionGameScore {
            game_id: game_id(world, *bot, short_name),
            score: i32::try_from(*score).unwrap_or(i32::MAX),
        }
        .into(),
    }
}

/// The words of a message; of a game, its scores.
fn text(content: &Content) -> String {
    match content {
        Content::Game { text, .. } => text.clone(),
        content => content
            .words()
            .map(|words| words.text.clone())
            .unwrap_or_default(),
    }
}
