//! Reading what raw calls about chats bring.

use ringback_client::tl::{ctors, functions, types};
use ringback_client::{Client, Peer, PeerId};

use crate::tell::Outcome;

/// The newest message, service messages included.
pub(crate) async fn newest(client: &Client, peer: &Peer) -> Outcome<types::Message> {
    let call = functions::messages::GetHistory {
        peer: peer.input(),
        limit: 1,
        ..Default::default()
    };
    let found = messages(client.invoke(&call).await?)?;
    Ok(found.into_iter().next().ok_or("there is no message")?)
}

/// The messages of an answer.
pub(crate) fn messages(answer: types::messages::Messages) -> Outcome<Vec<types::Message>> {
    match answer {
        types::messages::Messages::Messages(all) => Ok(all.messages),
        types::messages::Messages::Slice(part) => Ok(part.messages),
        types::messages::Messages::ChannelMessages(part) => Ok(part.messages),
        types::messages::Messages::NotModified(_) => Err("not modified".into()),
    }
}

/// The message that a call has sent to a channel.
pub(crate) fn sent(updates: types::Updates) -> Outcome<ctors::Message> {
    let types::Updates::Updates(updates) = updates else {
        return Err("no message is in the answer".into());
    };
    let mut messages = updates.updates.into_iter().filter_map(|update| match update {
        types::Update::NewChannelMessage(new) => match new.message {
            types::Message::Message(message) => Some(*message),
            _ => None,
        },
        _ => None,
    });
    Ok(messages.next().ok_or("no message is in the answer")?)
}

/// The first chat that an answer names.
pub(crate) fn named(updates: &types::Updates) -> Outcome<&types::Chat> {
    let first = match updates {
        types::Updates::Updates(updates) => updates.chats.first(),
        _ => None,
    };
    Ok(first.ok_or("no chat is named")?)
}

/// The same if it is a channel or supergroup.
pub(crate) fn named_channel(updates: &types::Updates) -> Outcome<(&ctors::Channel, Peer)> {
    match named(updates)? {
        types::Chat::Channel(channel) => {
            let id = PeerId::Channel(channel.id);
            Ok((channel, Peer::new(id, channel.access_hash.unwrap_or_default())))
        }
        _ => Err("this is no channel".into()),
    }
}

pub(crate) async fn full_channel(client: &Client, peer: &Peer) -> Outcome<Box<ctors::ChannelFull>> {
    let channel = input_channel(peer)?;
    let full = client
        .invoke(&functions::channels::GetFullChannel { channel })
        .await?;
    match full.full_chat {
        types::ChatFull::ChannelFull(full) => Ok(full),
        _ => Err("this is no channel".into()),
    }
}

pub(crate) async fn participants(
    client: &Client,
    channel: &types::InputChannel,
    filter: types::ChannelParticipantsFilter,
) -> Outcome<ctors::channels::ChannelParticipants> {
    let call = functions::channels::GetParticipants {
        channel: channel.clone(),
        filter,
        offset: 0,
        limit: 100,
        hash: 0,
    };
    match client.invoke(&call).await? {
        types::channels::ChannelParticipants::ChannelParticipants(all) => Ok(all),
        types::channels::ChannelParticipants::NotModified => Err("not modified".into()),
    }
}

pub(crate) fn in_group(full: &types::messages::ChatFull) -> Outcome<&[types::ChatParticipant]> {
    match &full.full_chat {
        types::ChatFull::ChatFull(full) => match &full.participants {
            types::ChatParticipants::ChatParticipants(all) => Ok(&all.participants),
            types::ChatParticipants::Forbidden(_) => Err("the members are not shown".into()),
        },
        _ => Err("this is no group".into()),
    }
}

pub(crate) fn chat_id(chat: &types::Chat) -> Option<PeerId> {
    match chat {
        types::Chat::Chat(chat) => Some(PeerId::Group(chat.id)),
        types::Chat::Channel(channel) => Some(PeerId::Channel(channel.id)),
        _ => None,
    }
}

pub(crate) fn user_id(user: &types::User) -> Option<PeerId> {
    match user {
        types::User::User(user) => Some(PeerId::User(user.id)),
        _ => None,
    }
}

/// A channel as calls take it.
pub(crate) fn input_channel(peer: &Peer) -> Outcome<types::InputChannel> {
    Ok(peer.input_channel().ok_or("this is no channel")?)
}
