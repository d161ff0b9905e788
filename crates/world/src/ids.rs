//! Who and what is who: identifiers as Telegram has them.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id!(
    /// A user or a bot: positive, up to 52 bits.
    UserId(i64)
);
id!(
    /// A basic group, as MTProto counts them: positive.
    GroupId(i64)
);
id!(
    /// A supergroup or a channel, as MTProto counts them: positive.
    ChannelId(i64)
);
id!(
    /// A message's number in one [`Mailbox`](crate::Mailbox), from 1.
    MessageId(i32)
);
id!(
    /// The one identity of a message, whatever number each mailbox gives it. Never leaves the server.
    MessageKey(u64)
);
id!(
    /// An update's number in one bot's queue.
    UpdateId(i32)
);
id!(
    /// A callback query's identifier as its bot knows it; the Bot API writes it as a decimal string.
    QueryId(i64)
);
id!(
    /// An inline query's identifier as its bot knows it; the Bot API writes it as a decimal string.
    InlineQueryId(i64)
);
id!(
    /// A press as the presser knows it: up to 52 bits, which a JSON number holds exactly.
    PressId(u64)
);
id!(
    /// One `getUpdates` call that waits; chosen by the edge that holds it open.
    PollId(u64)
);
id!(
    /// A file that the server keeps: the same for the same bytes, up to 52 bits.
    FileId(u64)
);
id!(
    /// A journal entry's place in the total order, from 1.
    Seq(u64)
);

/// Above this a negative Bot API chat id is a basic group's, below it a channel's.
const CHANNEL_BASE: i64 = -1_000_000_000_000;

/// A chat as one user sees it: a private chat is named by the *other* person in it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Peer {
    /// A person or a bot.
    User(UserId),
    /// A basic group.
    Group(GroupId),
    /// A supergroup or a channel.
    Channel(ChannelId),
}

impl Peer {
    /// The peer's id as the Bot API writes it: users positive, basic groups negative, channels below −10¹².
    ///
    /// ```
    /// # use ringback_world::{Peer, ChannelId};
    /// assert_eq!(Peer::Channel(ChannelId(7)).chat_id(), -1000000000007);
    /// ```
    pub fn chat_id(self) -> i64 {
        match self {
            Peer::User(id) => id.0,
            Peer::Group(id) => -id.0,
            Peer::Channel(id) => CHANNEL_BASE - id.0,
        }
    }

    /// The reverse of [`Peer::chat_id`]; `None` for 0 and for what no peer can have.
    pub fn from_chat_id(id: i64) -> Option<Peer> {
        match id {
            1.. => Some(Peer::User(UserId(id))),
            i64::MIN..CHANNEL_BASE => CHANNEL_BASE
                .checked_sub(id)
                .map(|id| Peer::Channel(ChannelId(id))),
            CHANNEL_BASE | 0 => None,
            _ => Some(Peer::Group(GroupId(-id))),
        }
    }
}

/// A chat, whoever looks at it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Conversation {
    /// Two users, the lower id first. Both the same: a user's own notes.
    Private(UserId, UserId),
    /// A basic group.
    Group(GroupId),
    /// A supergroup or a channel.
    Channel(ChannelId),
}

impl Conversation {
    /// The conversation that `viewer` calls `peer`.
    pub fn of(viewer: UserId, peer: Peer) -> Conversation {
        match peer {
            Peer::User(other) => Conversation::Private(viewer.min(other), viewer.max(other)),
            Peer::Group(id) => Conversation::Group(id),
            Peer::Channel(id) => Conversation::Channel(id),
        }
    }

    /// What `viewer` calls this conversation.
    pub fn peer(self, viewer: UserId) -> Peer {
        match self {
            Conversation::Private(a, b) => Peer::User(if a == viewer { b } else { a }),
            Conversation::Group(id) => Peer::Group(id),
            Conversation::Channel(id) => Peer::Channel(id),
        }
    }
}

/// Where message numbers are counted: each user has one mailbox for private chats and basic groups, each channel its own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Mailbox {
    /// A user's or bot's own.
    User(UserId),
    /// A supergroup's or channel's, shared by its members.
    Channel(ChannelId),
}

impl Mailbox {
    /// Where `viewer` finds the messages of `peer`.
    pub fn of(viewer: UserId, peer: Peer) -> Mailbox {
        match peer {
            Peer::Channel(id) => Mailbox::Channel(id),
            Peer::User(_) | Peer::Group(_) => Mailbox::User(viewer),
        }
    }
}

/// A message sent through a bot's inline mode, as that bot names it (MTProto's `inputBotInlineMessageID64`).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct InlineMessageId {
    /// Whose it is: the user that sent it.
    pub owner: i64,
    /// Its number.
    pub id: i32,
    /// What a guess would have to hit.
    pub access_hash: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chat_ids_go_both_ways() {
        for peer in [
            Peer::User(UserId(1)),
            Peer::Group(GroupId(1)),
            Peer::Group(GroupId(999_999_999_999)),
            Peer::Channel(ChannelId(1)),
        ] {
            assert_eq!(Peer::from_chat_id(peer.chat_id()), Some(peer));
        }
        for none in [0, CHANNEL_BASE] {
            assert_eq!(Peer::from_chat_id(none), None);
        }
        // No overflow at the far end.
        assert!(Peer::from_chat_id(i64::MIN).is_some());
    }

    #[test]
    fn a_private_chat_is_named_by_the_other() {
        let (ann, bot) = (UserId(5), UserId(9));
        let chat = Conversation::of(bot, Peer::User(ann));
        assert_eq!(chat, Conversation::of(ann, Peer::User(bot)));
        assert_eq!(chat.peer(ann), Peer::User(bot));
        assert_eq!(Conversation::of(ann, Peer::User(ann)).peer(ann), Peer::User(ann));
    }
}
