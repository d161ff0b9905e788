//! Users and chats.

use crate::{ChannelId, GroupId, Peer, Time, UserId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A person or a bot.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct User {
    /// Who.
    pub id: UserId,
    /// A program.
    pub is_bot: bool,
    /// Never empty.
    pub first_name: String,
    /// If there is one.
    pub last_name: Option<String>,
    /// Without the `@`.
    pub username: Option<String>,
    /// International, digits only.
    pub phone: Option<String>,
    /// An IETF language tag.
    pub language_code: Option<String>,
    /// Whoever this user wants to hear nothing of.
    pub blocked: Vec<UserId>,
}

impl User {
    /// Whether a name of theirs, or a part of it, begins like this, in any letter case.
    pub fn is_called(&self, words: &str) -> bool {
        let names = [
            Some(&self.first_name),
            self.last_name.as_ref(),
            self.username.as_ref(),
        ];
        begins(names.into_iter().flatten(), words)
    }
}

/// Whether a word of these names begins like that.
fn begins<'a>(names: impl Iterator<Item = &'a String>, words: &str) -> bool {
    let words = words.trim().trim_start_matches('@').to_lowercase();
    let all: Vec<&str> = names.map(String::as_str).collect();
    let all = all.join(" ").to_lowercase();
    all.starts_with(&words) || all.split_whitespace().any(|word| word.starts_with(&words))
}

/// A basic group, a supergroup or a channel.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Chat {
    /// Which.
    pub id: ChatId,
    /// What sort.
    pub kind: ChatKind,
    /// Its title.
    pub title: String,
    /// Without the `@`.
    pub username: Option<String>,
    /// Everyone who is or was in it.
    pub members: BTreeMap<UserId, Member>,
    /// When it was made.
    pub created: Time,
}

impl Chat {
    /// Whether its title or username, or a word of it, begins like this, in any letter case.
    pub fn is_called(&self, words: &str) -> bool {
        begins(
            [Some(&self.title), self.username.as_ref()].into_iter().flatten(),
            words,
        )
    }

    /// What someone is here.
    pub fn status(&self, user: UserId) -> Status {
        self.members
            .get(&user)
            .map_or(Status::Never, |member| member.status)
    }

    /// Everyone who is in it now.
    pub fn present(&self) -> impl Iterator<Item = UserId> {
        self.members
            .iter()
            .filter(|(_, member)| member.status.is_in())
            .map(|(id, _)| *id)
    }
}

/// A chat's identity.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum ChatId {
    /// A basic group.
    Group(GroupId),
    /// A supergroup or channel.
    Channel(ChannelId),
}

impl From<ChatId> for Peer {
    fn from(id: ChatId) -> Self {
        match id {
            ChatId::Group(id) => Self::Group(id),
            ChatId::Channel(id) => Self::Channel(id),
        }
    }
}

/// What sort of chat.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum ChatKind {
    Group,
    Supergroup,
    Channel,
}

/// One member of a chat.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Member {
    /// What they are here.
    pub status: Status,
    /// Since when.
    pub since: Time,
    /// When a restriction or a ban ends by itself; never, if none is given.
    pub until: Option<Time>,
}

/// What someone is in a chat.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Status {
    /// Made it.
    Creator,
    /// May do everything here that the creator may.
    Administrator,
    /// In it.
    Member,
    /// Was in it, and went.
    Left,
    /// Was put out.
    Kicked,
    /// Has never been here.
    Never,
    /// In it, and may read and press, but not write.
    Restricted,
}

impl Status {
    /// Is in the chat now.
    pub fn is_in(self) -> bool {
        matches!(
            self,
            Status::Creator | Status::Administrator | Status::Member | Status::Restricted
        )
    }

    /// May post in a channel and delete what others wrote.
    pub fn is_admin(self) -> bool {
        matches!(self, Status::Creator | Status::Administrator)
    }
}
