//! Chats and bots are described.

use super::Call;
use super::members::conversation;
use crate::model::keyboard::is_url;
use crate::world::Effect;
use crate::{AdminRights, Aside, ChatId, ChatKind, Error, MenuButton, Peer, Status, UserId, World};
use serde::{Deserialize, Serialize};

/// The longest description of a chat, in characters (Bot API, `setChatDescription`).
const MAX_DESCRIPTION: usize = 255;
/// The longest title of an administrator, in characters (Bot API, `setChatAdministratorCustomTitle`).
const MAX_TITLE: usize = 16;

/// A chat says something else of itself.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SetDescription {
    /// Who does it.
    pub by: UserId,
    /// Which.
    pub chat: ChatId,
    /// Up to 255 characters; empty: nothing.
    pub text: String,
}

impl Call for SetDescription {
    type Output = ();

    fn apply(self, world: &mut World) -> Result<(), Error> {
        world.may_rule(self.by, self.chat, Error::CantDescribe)?;
        let text = self.text.trim().to_owned();
        if text.chars().count() > MAX_DESCRIPTION {
            return Err(Error::DescriptionTooLong);
        }
        if world.chat_description(self.chat) == text {
            return Err(Error::DescriptionNotModified);
        }
        if text.is_empty() {
            world.profiles.descriptions.remove(&self.chat);
        } else {
            world.profiles.descriptions.insert(self.chat, text);
        }
        let members = world.chat(self.chat).into_iter().flat_map(|chat| chat.present());
        for user in members.collect::<Vec<UserId>>() {
            let aside = Aside::Standing(conversation(self.chat));
            world.effects.push(Effect::Aside { user, aside });
        }
        Ok(())
    }
}

/// An administrator of a supergroup is called something else.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SetAdminTitle {
    /// Who does it.
    pub by: UserId,
    /// Where.
    pub peer: Peer,
    /// Whose title it is.
    pub user: UserId,
    /// Up to 16 characters; empty: none.
    pub title: String,
}

impl Call for SetAdminTitle {
    type Output = ();

    fn apply(self, world: &mut World) -> Result<(), Error> {
        world.readable(self.by, self.peer)?;
        let Peer::Channel(id) = self.peer else {
            return Err(Error::SupergroupsOnly);
        };
        let id = ChatId::Channel(id);
        let chat = world.chat(id).ok_or(Error::ChannelInvalid)?;
        if chat.kind != ChatKind::Supergroup {
            return Err(Error::SupergroupsOnly);
        }
        world.user(self.user).ok_or(Error::UserNotFound)?;
        let is_owner = chat.status(self.by) == Status::Creator;
        match chat.status(self.user) {
            Status::Creator if self.by != self.user => return Err(Error::OwnersTitle),
            Status::Creator => {}
            Status::Administrator
                if !chat.status(self.by).is_admin() || (self.by == self.user && !is_owner) =>
            {
                return Err(Error::CantTitle);
            }
            Status::Administrator => {}
            _ => return Err(Error::NotAnAdministrator),
        }
        let title = self.title.trim().to_owned();
        if title.chars().count() > MAX_TITLE {
            return Err(Error::AdminTitleInvalid);
        }
        if title.is_empty() {
            world.profiles.titles.remove(&(id, self.user));
        } else {
            world.profiles.titles.insert((id, self.user), title);
        }
        Ok(())
    }
}

/// A bot's menu button changes.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SetMenuButton {
    /// Whose.
    pub bot: UserId,
    /// For whom; none: for everybody who has none of their own.
    pub user: Option<UserId>,
    /// What it is from now on.
    pub button: MenuButton,
}

impl Call for SetMenuButton {
    type Output = ();

    /// What is wrong with a button is that of TD's `BotMenuButton.cpp`.
    fn apply(self, world: &mut World) -> Result<(), Error> {
        world.bot(self.bot).ok_or(Error::Unauthorized)?;
        if let Some(user) = self.user {
            world.user(user).ok_or(Error::UserNotFound)?;
        }
        if let MenuButton::WebApp { text, url } = &self.button {
            if text.trim().is_empty() {
                return Err(Error::MenuButtonTextEmpty);
            }
            if url.trim().is_empty() {
                return Err(Error::MenuButtonUrlEmpty);
            }
            if !is_url(url) {
                return Err(Error::ButtonUrlInvalid);
            }
        }
        let key = (self.bot, self.user);
        if self.button == MenuButton::Default {
            world.profiles.menu_buttons.remove(&key);
        } else {
            world.profiles.menu_buttons.insert(key, self.button);
        }
        let told: Vec<UserId> = match self.user {
            Some(user) => vec![user],
            None => {
                let chats = world.dialogs(self.bot);
                chats
                    .filter_map(|peer| match peer {
                        Peer::User(user) => Some(user),
                        _ => None,
                    })
                    .collect()
            }
        };
        for user in told {
            let aside = Aside::MenuButton(self.bot);
            world.effects.push(Effect::Aside { user, aside });
        }
        Ok(())
    }
}

/// A bot says which rights it would like to have. Whoever makes it an administrator decides.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SetDefaultRights {
    /// Who.
    pub bot: UserId,
    /// In channels; otherwise in groups.
    pub for_channels: bool,
    /// Which; none of them: it does not say any more.
    pub rights: AdminRights,
}

impl Call for SetDefaultRights {
    type Output = ();

    fn apply(self, world: &mut World) -> Result<(), Error> {
        world.bot(self.bot).ok_or(Error::Unauthorized)?;
        let key = (self.bot, self.for_channels);
        if self.rights.is_empty() {
            world.profiles.default_rights.remove(&key);
        } else {
            world.profiles.default_rights.insert(key, self.rights);
        }
        Ok(())
    }
}

impl World {
    /// May this member change what a chat is? As [`World::may_manage`], but bots must be administrators of basic groups
    /// too (TD, `is_appointed_chat_administrator`). `refused` is what whoever is in it and may not is told.
    pub(super) fn may_rule(&self, by: UserId, chat: ChatId, refused: Error) -> Result<(), Error> {
        self.readable(by, conversation(chat).peer(by))?;
        let place = self.chat(chat).ok_or(Error::PeerIdInvalid)?;
        let everybody = place.kind == ChatKind::Group && !self.bots.contains_key(&by);
        if everybody || place.status(by).is_admin() {
            Ok(())
        } else {
            Err(refused)
        }
    }
}
