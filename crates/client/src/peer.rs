//! People, bots, groups and channels, with what it takes to address them.

use std::collections::HashMap;

use ringback_tl::{ctors, types};

/// No more peers than this are remembered; then it begins anew.
const MAX_KNOWN: usize = 1 << 16;

/// Who, without what it takes to address them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PeerId {
    /// A person or a bot.
    User(i64),
    /// A small group.
    Group(i64),
    /// A channel or a supergroup.
    Channel(i64),
}

impl From<&types::Peer> for PeerId {
    fn from(peer: &types::Peer) -> Self {
        match peer {
            types::Peer::User(user) => Self::User(user.user_id),
            types::Peer::Chat(chat) => Self::Group(chat.chat_id),
            types::Peer::Channel(channel) => Self::Channel(channel.channel_id),
        }
    }
}

/// Somebody to write to, or a chat.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Peer {
    /// Who.
    pub id: PeerId,
    /// First and last name, or the title.
    pub name: String,
    /// The user name, without `@`.
    pub username: Option<String>,
    /// Whether this is a bot.
    pub is_bot: bool,
    /// What this account addresses it with. <https://core.telegram.org/api/peers#access-hash>
    pub access_hash: i64,
}

impl Peer {
    /// A peer known from elsewhere. Groups have no access hash: 0.
    #[must_use]
    pub fn new(id: PeerId, access_hash: i64) -> Self {
        Self {
            id,
            name: String::new(),
            username: None,
            is_bot: false,
            access_hash,
        }
    }

    /// As calls take it.
    #[must_use]
    pub fn input(&self) -> types::InputPeer {
        let access_hash = self.access_hash;
        match self.id {
            PeerId::User(user_id) => types::InputPeer::User(ctors::InputPeerUser { user_id, access_hash }),
            PeerId::Group(chat_id) => types::InputPeer::Chat(ctors::InputPeerChat { chat_id }),
            PeerId::Channel(channel_id) => types::InputPeer::Channel(ctors::InputPeerChannel {
                channel_id,
                access_hash,
            }),
        }
    }

    /// The same for calls that take channels and supergroups only; `None` for others.
    #[must_use]
    pub fn input_channel(&self) -> Option<types::InputChannel> {
        let PeerId::Channel(channel_id) = self.id else {
            return None;
        };
        let access_hash = self.access_hash;
        Some(types::InputChannel::InputChannel(ctors::InputChannel {
            channel_id,
            access_hash,
        }))
    }

    /// The same for calls that take people and bots only; `None` for others.
    #[must_use]
    pub fn input_user(&self) -> Option<types::InputUser> {
        let PeerId::User(user_id) = self.id else {
            return None;
        };
        let access_hash = self.access_hash;
        Some(types::InputUser::InputUser(ctors::InputUser {
            user_id,
            access_hash,
        }))
    }

    pub(crate) fn of_user(user: &types::User) -> Option<Self> {
        let types::User::User(user) = user else {
            return None;
        };
        let (first, last) = (user.first_name.as_deref(), user.last_name.as_deref());
        let names: Vec<_> = first
            .into_iter()
            .chain(last)
            .filter(|name| !name.is_empty())
            .collect();
        Some(Self {
            id: PeerId::User(user.id),
            name: names.join(" "),
            username: name_of(user.username.as_ref(), user.usernames.as_deref()),
            is_bot: user.bot,
            access_hash: user.access_hash?,
        })
    }

    pub(crate) fn of_chat(chat: &types::Chat) -> Option<Self> {
        let (id, name, username, access_hash) = match chat {
            types::Chat::Chat(chat) => (PeerId::Group(chat.id), &chat.title, None, 0),
            types::Chat::Forbidden(chat) => (PeerId::Group(chat.id), &chat.title, None, 0),
            types::Chat::Channel(channel) => (
                PeerId::Channel(channel.id),
                &channel.title,
                name_of(channel.username.as_ref(), channel.usernames.as_deref()),
                channel.access_hash?,
            ),
            types::Chat::ChannelForbidden(channel) => (
                PeerId::Channel(channel.id),
                &channel.title,
                None,
                channel.access_hash,
            ),
            _ => return None,
        };
        Some(Self {
            id,
            name: name.clone(),
            username,
            is_bot: false,
            access_hash,
        })
    }
}

fn name_of(one: Option<&String>, several: Option<&[types::Username]>) -> Option<String> {
    let active = || several?.iter().find(|name| name.active);
    one.cloned()
        .or_else(|| active().map(|name| name.username.clone()))
}

/// Everybody that answers and updates have named.
#[derive(Debug, Default)]
pub(crate) struct Known {
    peers: HashMap<PeerId, Peer>,
    /// Where channels stood when the list of chats was fetched.
    channels: HashMap<i64, i32>,
}

impl Known {
    /// Remembers whom an answer names.
    pub(crate) fn learn(&mut self, users: &[types::User], chats: &[types::Chat]) {
        let users = users
            .iter()
            .filter(|user| !is_min(user))
            .filter_map(Peer::of_user);
        for peer in users.chain(chats.iter().filter_map(Peer::of_chat)) {
            if self.peers.len() >= MAX_KNOWN {
                self.peers.clear();
            }
            self.peers.insert(peer.id, peer);
        }
    }

    /// Remembers where channels stand.
    pub(crate) fn learn_pts(&mut self, dialogs: &[types::Dialog]) {
        for dialog in dialogs {
            if let types::Dialog::Dialog(dialog) = dialog
                && let (PeerId::Channel(id), Some(pts)) = (PeerId::from(&dialog.peer), dialog.pts)
            {
                if self.channels.len() >= MAX_KNOWN {
                    self.channels.clear();
                }
                self.channels.insert(id, pts);
            }
        }
    }

    /// Where a channel stood.
    pub(crate) fn channel_pts(&self, channel: i64) -> Option<i32> {
        self.channels.get(&channel).copied()
    }

    /// Who this is; one that was never named has access hash 0, with which bots may address users.
    pub(crate) fn get(&self, id: PeerId) -> Peer {
        self.peers.get(&id).cloned().unwrap_or_else(|| Peer::new(id, 0))
    }
}

/// Half a user, whose access hash is not for addressing. <https://core.telegram.org/api/min>
fn is_min(user: &types::User) -> bool {
    matches!(user, types::User::User(user) if user.min)
}
