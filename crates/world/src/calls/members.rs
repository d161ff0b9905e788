//! Groups and channels, and who is in them.

use super::Call;
use crate::{
    Actor, Aside, ChannelId, Chat, ChatId, ChatKind, Content, Conversation, Effect, Error, GroupId, Member,
    MemberChange, Peer, Sender, Service, Status, Time, Update, UserId, World, journal,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A group, supergroup or channel is made.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct CreateChat {
    /// What sort.
    pub kind: ChatKind,
    /// Not empty.
    pub title: String,
    /// For supergroups and channels.
    pub username: Option<String>,
    /// The first is its creator; who is named twice is in it once.
    pub members: Vec<UserId>,
}

impl Call for CreateChat {
    type Output = ChatId;

    fn apply(self, world: &mut World) -> Result<ChatId, Error> {
        if self.title.trim().is_empty() {
            return Err(Error::TitleInvalid);
        }
        world.check_username(self.username.as_deref(), false)?;
        if self.members.iter().any(|user| !world.users.contains_key(user)) {
            return Err(Error::UserNotFound);
        }
        let mut named = BTreeSet::new();
        let users: Vec<UserId> = self
            .members
            .into_iter()
            .filter(|user| named.insert(*user))
            .collect();
        let username = self.username.filter(|_| self.kind != ChatKind::Group);
        let (id, peer) = if self.kind == ChatKind::Group {
            world.counters.groups += 1;
            let id = GroupId(4_000_000 + world.counters.groups);
            (ChatId::Group(id), Peer::Group(id))
        } else {
            world.counters.channels += 1;
            let id = ChannelId(2_000_000_000 + world.counters.channels);
            (ChatId::Channel(id), Peer::Channel(id))
        };
        let now = world.now;
        let member = |status| Member {
            status,
            since: now,
            until: None,
        };
        let members: BTreeMap<UserId, Member> = users
            .iter()
            .skip(1)
            .map(|user| (*user, member(world.first_status(self.kind, *user))))
            .collect();
        let mut chat = Chat {
            id,
            kind: self.kind,
            title: self.title.clone(),
            username: username.clone(),
            members,
            created: now,
        };
        if let Some(creator) = users.first() {
            chat.members.insert(*creator, member(Status::Creator));
        }
        if let Some(name) = &username {
            world.usernames.insert(name.to_ascii_lowercase(), peer);
        }
        world.chats.insert(id, chat);
        let seq = world.journal(Actor::Server, journal::Kind::ChatCreated(id));
        world.cause = Some(seq);
        for user in &users {
            world.dialogs.insert((*user, peer));
        }
        let creator = users.first().copied();
        for user in users.iter().skip(1) {
            world.tell_of_member(
                Conversation::of(*user, peer),
                creator.unwrap_or(*user),
                *user,
                Status::Never,
            );
        }
        if let Some(creator) = creator
            && self.kind == ChatKind::Group
        {
            world.post(
                creator,
                Conversation::of(creator, peer),
                Sender::User(creator),
                Content::Service(Service::Created(self.title)),
            );
        }
        Ok(id)
    }
}

/// Someone joins, leaves, is put out, or rises or falls in rank.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SetMember {
    /// Who does it.
    pub by: Option<UserId>,
    /// Where.
    pub chat: ChatId,
    /// To whom.
    pub user: UserId,
    /// What they are to be.
    pub status: Status,
}

impl Call for SetMember {
    type Output = ();

    fn apply(self, world: &mut World) -> Result<(), Error> {
        let by = self.by.unwrap_or(self.user);
        if [self.user, by].iter().any(|user| !world.users.contains_key(user)) {
            return Err(Error::UserNotFound);
        }
        world.set_standing(by, self.chat, self.user, self.status, None)
    }
}

impl World {
    /// Makes someone something in a chat, and tells whoever is to know.
    pub(super) fn set_standing(
        &mut self,
        by: UserId,
        chat: ChatId,
        user: UserId,
        status: Status,
        until: Option<Time>,
    ) -> Result<(), Error> {
        let now = self.now;
        let place = self.chats.get_mut(&chat).ok_or(Error::PeerIdInvalid)?;
        let kind = place.kind;
        let old = place.members.get(&user).copied();
        let new = Member {
            status,
            since: now,
            until,
        };
        let before = old.map_or(Status::Never, |member| member.status);
        if before == status && old.and_then(|member| member.until) == until {
            return Ok(());
        }
        place.members.insert(user, new);
        if !status.is_admin() {
            self.profiles.titles.remove(&(chat, user));
        }
        if !status.is_in() {
            self.profiles.came_by.remove(&(chat, user));
        }
        let conversation = conversation(chat);
        if status.is_in() {
            self.dialogs.insert((user, conversation.peer(user)));
        }
        self.tell_of_member(conversation, by, user, before);
        // Channels do not announce who comes and goes.
        if kind != ChatKind::Channel && before.is_in() != status.is_in() {
            let service = if status.is_in() {
                Service::Joined(vec![user])
            } else {
                Service::Left(user)
            };
            self.post(by, conversation, Sender::User(by), Content::Service(service));
        }
        Ok(())
    }

    /// Bots can be in a channel only as administrators.
    fn first_status(&self, kind: ChatKind, user: UserId) -> Status {
        if kind == ChatKind::Channel && self.bots.contains_key(&user) {
            Status::Administrator
        } else {
            Status::Member
        }
    }

    /// The bots that are in a chat now, by id. There may be many more people than bots, or the reverse.
    pub(crate) fn bots_in(&self, chat: &Chat) -> Vec<UserId> {
        if self.bots.len() < chat.members.len() {
            let bots = self.bots.keys().copied();
            bots.filter(|bot| chat.status(*bot).is_in()).collect()
        } else {
            chat.present().filter(|id| self.bots.contains_key(id)).collect()
        }
    }

    /// Journals a change of standing and tells the bots that may know: the one concerned, and administrators.
    fn tell_of_member(&mut self, conversation: Conversation, by: UserId, user: UserId, old: Status) {
        let aside = Aside::Standing(conversation);
        self.effects.push(Effect::Aside { user, aside });
        let Some(chat) = self.chat_of(conversation) else {
            return;
        };
        let Some(new) = chat.members.get(&user).copied() else {
            return;
        };
        let mut admins = self.bots_in(chat);
        admins.retain(|bot| chat.status(*bot).is_admin());
        let actor = self.actor(by);
        let seq = self.journal(
            actor,
            journal::Kind::MemberChanged {
                conversation,
                user,
                status: new.status,
            },
        );
        let change = Arc::new(MemberChange {
            conversation,
            by,
            user,
            at: self.now,
            old: Member {
                status: old,
                since: new.since,
                until: None,
            },
            new,
        });
        if self.bots.contains_key(&user) {
            self.tell(user, Update::MyChatMember(Arc::clone(&change)), seq);
        }
        for admin in admins {
            if admin != user {
                self.tell(admin, Update::ChatMember(Arc::clone(&change)), seq);
            }
        }
    }
}

pub(super) fn conversation(chat: ChatId) -> Conversation {
    match chat {
        ChatId::Group(id) => Conversation::Group(id),
        ChatId::Channel(id) => Conversation::Channel(id),
    }
}

/// A user blocks or unblocks someone; a blocked bot cannot write any more.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Block {
    /// Who.
    pub by: UserId,
    /// Whom.
    pub user: UserId,
    /// Block, or let again.
    pub blocked: bool,
}

impl Call for Block {
    type Output = ();

    fn apply(self, world: &mut World) -> Result<(), Error> {
        if !world.users.contains_key(&self.user) {
            return Err(Error::UserNotFound);
        }
        let now = world.now;
        let by = world.users.get_mut(&self.by).ok_or(Error::UserNotFound)?;
        if by.blocked.contains(&self.user) == self.blocked {
            return Ok(());
        }
        by.blocked.retain(|user| *user != self.user);
        if self.blocked {
            by.blocked.push(self.user);
        }
        let conversation = Conversation::of(self.by, Peer::User(self.user));
        let (old, new) = if self.blocked {
            (Status::Member, Status::Kicked)
        } else {
            (Status::Kicked, Status::Member)
        };
        let seq = world.journal(
            Actor::User(self.by),
            journal::Kind::MemberChanged {
                conversation,
                user: self.user,
                status: new,
            },
        );
        if world.bots.contains_key(&self.user) {
            let [old, new] = [old, new].map(|status| Member {
                status,
                since: now,
                until: None,
            });
            let change = MemberChange {
                conversation,
                by: self.by,
                user: self.user,
                at: now,
                old,
                new,
            };
            world.tell(self.user, Update::MyChatMember(Arc::new(change)), seq);
        }
        Ok(())
    }
}
