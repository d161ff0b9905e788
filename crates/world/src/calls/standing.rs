//! Members, titles and names of chats, changed by those who may.
//!
//! [`SetMember`] is what whoever runs the world says; here it is what one member may do to another.

use super::{Call, CreateChat, SetMember};
use crate::{
    ChannelId, ChatId, ChatKind, Content, Conversation, Error, Message, Peer, Service, Status, UserId, World,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Someone joins, leaves, is invited or put out, or rises or falls in rank, if `by` may do that.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ChangeMember {
    /// Who does it; the same as `user` for who joins or leaves.
    pub by: UserId,
    /// Where.
    pub chat: ChatId,
    /// To whom.
    pub user: UserId,
    /// What they are to be. Who is put out for good is [`Status::Kicked`], who may come again [`Status::Left`].
    pub status: Status,
    /// What came with it: see [`World::chat_by_invite`].
    pub invite: Option<String>,
}

impl Call for ChangeMember {
    type Output = ();

    fn apply(self, world: &mut World) -> Result<(), Error> {
        if self.by == self.user {
            world.may_move(&self)?;
        } else {
            world.may_change(&self)?;
        }
        let set = SetMember {
            by: Some(self.by),
            chat: self.chat,
            user: self.user,
            status: self.status,
        };
        let comes = self.by == self.user && self.status == Status::Member && world.user(self.user).is_some();
        let leads = |hash: &String| {
            world
                .chat_by_invite(hash)
                .is_some_and(|chat| chat.id == self.chat)
        };
        // Before anybody is told, for they are told by which link.
        if let Some(hash) = self.invite.filter(|hash| comes && leads(hash)) {
            world.note_arrival(self.chat, self.user, hash);
        }
        set.apply(world)
    }
}

/// The sources are the method pages of `channels.joinChannel`, `channels.leaveChannel`, `channels.inviteToChannel`,
/// `channels.editAdmin`, `channels.editBanned` and `messages.addChatUser`.
impl World {
    /// May someone come or go by themselves?
    fn may_move(&self, change: &ChangeMember) -> Result<(), Error> {
        let chat = self.chat(change.chat).ok_or(Error::PeerIdInvalid)?;
        let old = chat.status(change.user);
        match change.status {
            Status::Member if old.is_in() => Err(Error::UserAlreadyParticipant),
            Status::Member if old == Status::Kicked => Err(Error::ChannelPrivate),
            Status::Member => {
                let leads = change.invite.as_ref().and_then(|hash| self.chat_by_invite(hash));
                let invited = leads.is_some_and(|found| found.id == chat.id);
                // Who left a basic group may come back.
                let back = chat.kind == ChatKind::Group && old == Status::Left;
                if invited || back || chat.username.is_some() {
                    Ok(())
                } else {
                    Err(Error::ChannelPrivate)
                }
            }
            Status::Left if !old.is_in() => Err(Error::UserNotParticipant),
            Status::Left if old == Status::Creator && chat.kind != ChatKind::Group => Err(Error::UserCreator),
            Status::Left => Ok(()),
            _ => Err(Error::UserNotFound),
        }
    }

    /// May one member do this to another?
    fn may_change(&self, change: &ChangeMember) -> Result<(), Error> {
        let peer = conversation(change.chat).peer(change.by);
        self.readable(change.by, peer)?;
        let chat = self.chat(change.chat).ok_or(Error::PeerIdInvalid)?;
        let user = self.user(change.user).ok_or(Error::UserNotFound)?;
        let old = chat.status(change.user);
        let is_admin = chat.status(change.by).is_admin();
        if old == Status::Creator {
            return Err(if is_admin {
                Error::UserCreator
            } else {
                Error::NeedAdmin
            });
        }
        match change.status {
            Status::Member if !old.is_in() => match chat.kind {
                ChatKind::Channel if !is_admin => Err(Error::NeedAdmin),
                ChatKind::Channel if user.is_bot => Err(Error::BotInChannel),
                _ if old == Status::Kicked && !is_admin => Err(Error::UserKicked),
                _ => Ok(()),
            },
            Status::Member if old == Status::Member => Err(Error::UserAlreadyParticipant),
            Status::Left if old == Status::Never => Err(Error::UserNotParticipant),
            Status::Creator | Status::Never => Err(Error::UserNotFound),
            _ if is_admin => Ok(()),
            _ => Err(Error::NeedAdmin),
        }
    }

    /// Is this a name that a chat could take?
    ///
    /// # Errors
    /// It is no name, or somebody has it.
    pub fn may_take_username(&self, name: &str) -> Result<(), Error> {
        self.check_username(Some(name), false)
    }

    /// What is pinned in a conversation, the latest message first.
    pub fn pinned(&self, conversation: Conversation) -> impl Iterator<Item = &Arc<Message>> {
        let keys = self.pinned.get(&conversation).into_iter().flatten();
        keys.rev().filter_map(|key| self.message(*key))
    }

    /// May this member change what a chat is? In basic groups everybody may, elsewhere administrators.
    ///
    /// # Errors
    /// Why not.
    pub fn may_manage(&self, by: UserId, chat: ChatId) -> Result<(), Error> {
        self.readable(by, conversation(chat).peer(by))?;
        let chat = self.chat(chat).ok_or(Error::PeerIdInvalid)?;
        if chat.kind == ChatKind::Group || chat.status(by).is_admin() {
            Ok(())
        } else {
            Err(Error::NeedAdmin)
        }
    }
}

fn conversation(chat: ChatId) -> Conversation {
    match chat {
        ChatId::Group(id) => Conversation::Group(id),
        ChatId::Channel(id) => Conversation::Channel(id),
    }
}

/// A user makes a supergroup or channel, in which they are alone at first. Its first message says so: some libraries
/// rely on there being one.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct FoundChannel {
    /// Who. Bots cannot.
    pub by: UserId,
    /// A channel; otherwise a supergroup.
    pub broadcast: bool,
    /// Not empty.
    pub title: String,
}

impl Call for FoundChannel {
    type Output = ChannelId;

    fn apply(self, world: &mut World) -> Result<ChannelId, Error> {
        if world.bots.contains_key(&self.by) {
            return Err(Error::BotMethodInvalid);
        }
        let new = CreateChat {
            kind: if self.broadcast {
                ChatKind::Channel
            } else {
                ChatKind::Supergroup
            },
            title: self.title.clone(),
            username: None,
            members: vec![self.by],
        };
        let ChatId::Channel(id) = new.apply(world)? else {
            return Err(Error::ChannelInvalid);
        };
        let conversation = Conversation::Channel(id);
        let sender = world.sender(self.by, conversation);
        let created = Content::Service(Service::Created(self.title));
        world.post(self.by, conversation, sender, created);
        Ok(id)
    }
}

/// A chat gets another title.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct RenameChat {
    /// Who does it.
    pub by: UserId,
    /// Which.
    pub chat: ChatId,
    /// Not empty.
    pub title: String,
}

impl Call for RenameChat {
    type Output = ();

    fn apply(self, world: &mut World) -> Result<(), Error> {
        world.may_rule(self.by, self.chat, Error::CantRename)?;
        let title = self.title.trim().to_owned();
        if title.is_empty() {
            return Err(Error::TitleInvalid);
        }
        let chat = world.chats.get_mut(&self.chat).ok_or(Error::PeerIdInvalid)?;
        if chat.title == title {
            return Err(Error::ChatNotModified);
        }
        chat.title.clone_from(&title);
        let conversation = conversation(self.chat);
        let sender = world.sender(self.by, conversation);
        world.post(
            self.by,
            conversation,
            sender,
            Content::Service(Service::Renamed(title)),
        );
        Ok(())
    }
}

/// A supergroup or channel gets a username, another, or none.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct NameChat {
    /// Who does it.
    pub by: UserId,
    /// Which.
    pub chat: ChatId,
    /// Without the `@`.
    pub username: Option<String>,
}

impl Call for NameChat {
    type Output = ();

    fn apply(self, world: &mut World) -> Result<(), Error> {
        world.may_manage(self.by, self.chat)?;
        let chat = world.chat(self.chat).ok_or(Error::PeerIdInvalid)?;
        if chat.kind == ChatKind::Group {
            return Err(Error::PeerIdInvalid);
        }
        let old = chat.username.clone();
        if old == self.username {
            return Err(Error::UsernameNotModified);
        }
        let lower = |name: &Option<String>| name.as_ref().map(|name| name.to_ascii_lowercase());
        // Only its letters' case may be changing.
        if lower(&old) != lower(&self.username) {
            world.check_username(self.username.as_deref(), false)?;
        }
        if let Some(old) = lower(&old) {
            world.usernames.remove(&old);
        }
        let peer: Peer = conversation(self.chat).peer(self.by);
        if let Some(new) = lower(&self.username) {
            world.usernames.insert(new, peer);
        }
        if let Some(chat) = world.chats.get_mut(&self.chat) {
            chat.username = self.username;
        }
        Ok(())
    }
}
