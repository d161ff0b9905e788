//! Links that invite to a chat: one that each chat has, and others that administrators make.

use super::Call;
use crate::{Chat, ChatId, Error, Invite, UserId, World};
use serde::{Deserialize, Serialize};

/// The longest name of a link, in characters (Bot API, `createChatInviteLink`).
const MAX_NAME: usize = 32;

/// What can be said about a link that somebody makes.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Terms {
    /// For those who manage links; up to 32 characters.
    pub name: String,
    /// When it ends, in seconds since 1970; none: never.
    pub expires: Option<i64>,
    /// How many may come by it; none: any number.
    pub limit: Option<u32>,
}

/// A chat gets another link; the one before leads nowhere any more.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ReplaceLink {
    /// Who does it.
    pub by: UserId,
    /// Which.
    pub chat: ChatId,
}

impl Call for ReplaceLink {
    /// What it ends with: see [`World::invite_hash`].
    type Output = String;

    fn apply(self, world: &mut World) -> Result<String, Error> {
        world.may_rule(self.by, self.chat, Error::CantInvite)?;
        *world.profiles.links.entry(self.chat).or_default() += 1;
        Ok(world.invite_hash(self.chat))
    }
}

/// An administrator makes a link beside the chat's own.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct CreateLink {
    /// Who does it.
    pub by: UserId,
    /// Where it leads.
    pub chat: ChatId,
    /// How.
    pub terms: Terms,
}

impl Call for CreateLink {
    /// What it ends with.
    type Output = String;

    fn apply(self, world: &mut World) -> Result<String, Error> {
        world.may_rule(self.by, self.chat, Error::CantInvite)?;
        let terms = world.accept_terms(self.terms)?;
        let invites = world.profiles.invites.values();
        let made = invites.filter(|invite| (invite.chat, invite.creator) == (self.chat, self.by));
        let (kind, number) = place(self.chat);
        let of = [kind, number, self.by.0.cast_unsigned(), made.count() as u64];
        let hash = world.seed.text("another invite", &of, 16);
        let invite = Invite {
            chat: self.chat,
            creator: self.by,
            made: world.now,
            terms,
            used: 0,
            revoked: false,
        };
        world.profiles.invites.insert(hash.clone(), invite);
        Ok(hash)
    }
}

/// Whoever made a link says something else about it, or lets it lead nowhere.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ChangeLink {
    /// Who does it.
    pub by: UserId,
    /// Where it leads.
    pub chat: ChatId,
    /// What it ends with.
    pub hash: String,
    /// What holds from now on; none: nothing, for it is revoked.
    pub terms: Option<Terms>,
}

impl Call for ChangeLink {
    type Output = ();

    /// The errors are those of the method page of messages.editExportedChatInvite.
    fn apply(self, world: &mut World) -> Result<(), Error> {
        world.may_rule(self.by, self.chat, Error::CantInvite)?;
        if world.invite_hash(self.chat) == self.hash {
            if self.terms.is_some() {
                return Err(Error::InvitePermanent);
            }
            *world.profiles.links.entry(self.chat).or_default() += 1;
            return Ok(());
        }
        let terms = self.terms.map(|terms| world.accept_terms(terms)).transpose()?;
        let own = world.profiles.invites.get_mut(&self.hash);
        let own =
            own.filter(|invite| invite.chat == self.chat && invite.creator == self.by && !invite.revoked);
        let invite = own.ok_or(Error::InviteHashInvalid)?;
        match terms {
            Some(terms) => invite.terms = terms,
            None => invite.revoked = true,
        }
        Ok(())
    }
}

/// A chat in numbers.
fn place(chat: ChatId) -> (u64, u64) {
    match chat {
        ChatId::Group(id) => (1, id.0.cast_unsigned()),
        ChatId::Channel(id) => (2, id.0.cast_unsigned()),
    }
}

impl World {
    fn accept_terms(&self, terms: Terms) -> Result<Terms, Error> {
        if terms.name.chars().count() > MAX_NAME {
            return Err(Error::InviteNameTooLong);
        }
        if terms.expires.is_some_and(|expires| expires <= self.now.unix()) {
            return Err(Error::InviteExpired);
        }
        Ok(terms)
    }

    /// What the link that invites to a chat ends with. Each chat has one, until it is [replaced](ReplaceLink).
    pub fn invite_hash(&self, chat: ChatId) -> String {
        let (kind, number) = place(chat);
        match self.profiles.links.get(&chat) {
            None => self.seed.text("invite", &[kind, number], 16),
            Some(replaced) => self.seed.text("invite", &[kind, number, *replaced], 16),
        }
    }

    /// A link that somebody made beside a chat's own, by what it ends with.
    pub fn invite(&self, hash: &str) -> Option<&Invite> {
        self.profiles.invites.get(hash)
    }

    /// The chat that a link leads to now.
    pub fn chat_by_invite(&self, hash: &str) -> Option<&Chat> {
        let made = self.invite(hash).filter(|invite| {
            let Terms { expires, limit, .. } = invite.terms;
            !invite.revoked
                && expires.is_none_or(|expires| expires > self.now.unix())
                && limit.is_none_or(|limit| limit > invite.used)
        });
        match made {
            Some(invite) => self.chat(invite.chat),
            None => self.chats().find(|chat| self.invite_hash(chat.id) == hash),
        }
    }

    /// What the link ends with by which someone came into a chat the last time, if they came by one.
    pub fn came_by(&self, chat: ChatId, user: UserId) -> Option<&str> {
        self.profiles.came_by.get(&(chat, user)).map(String::as_str)
    }

    /// Someone has come by a link.
    pub(super) fn note_arrival(&mut self, chat: ChatId, user: UserId, hash: String) {
        if let Some(invite) = self.profiles.invites.get_mut(&hash) {
            invite.used = invite.used.saturating_add(1);
        }
        self.profiles.came_by.insert((chat, user), hash);
    }
}
