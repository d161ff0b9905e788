//! What chats and bots are said to be, beside their names.

use crate::calls::Terms;
use crate::{ChatId, ChatKind, Time, UserId, World};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What is kept of it. Nothing in here is kept empty.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Profiles {
    /// What a chat says of itself.
    #[serde(with = "crate::pairs")]
    pub(crate) descriptions: BTreeMap<ChatId, String>,
    /// What an administrator is called in a chat.
    #[serde(with = "crate::pairs")]
    pub(crate) titles: BTreeMap<(ChatId, UserId), String>,
    /// How often a chat's link was replaced.
    #[serde(with = "crate::pairs")]
    pub(crate) links: BTreeMap<ChatId, u64>,
    /// The links that were made beside the chats' own, by what they end with.
    pub(crate) invites: BTreeMap<String, Invite>,
    /// What the link ended with by which someone came who is in a chat.
    #[serde(with = "crate::pairs")]
    pub(crate) came_by: BTreeMap<(ChatId, UserId), String>,
    /// A bot's button for one user, or for everybody who has none of their own.
    #[serde(with = "crate::pairs")]
    pub(crate) menu_buttons: BTreeMap<(UserId, Option<UserId>), MenuButton>,
    /// The rights that a bot would like to have in groups, or (`true`) in channels.
    #[serde(with = "crate::pairs")]
    pub(crate) default_rights: BTreeMap<(UserId, bool), AdminRights>,
}

/// A link that somebody made beside a chat's own.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Invite {
    /// Where it leads.
    pub chat: ChatId,
    /// Who made it.
    pub creator: UserId,
    /// When.
    pub made: Time,
    /// What was said about it.
    pub terms: Terms,
    /// How many came by it.
    pub used: u32,
    /// It leads nowhere any more.
    pub revoked: bool,
}

/// The button beside the line in which one writes to a bot.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub enum MenuButton {
    /// Nothing was said: for one user, what is there for all; for all, what the client likes best.
    #[default]
    Default,
    /// Shows the bot's commands.
    Commands,
    /// Opens a web app.
    WebApp {
        /// On the button; not empty.
        text: String,
        /// What is opened.
        url: String,
    },
}

/// Rights of an administrator.
pub type AdminRights = BTreeSet<AdminRight>;

/// What an administrator may be allowed to do. In this world one who has any of these may do everything.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum AdminRight {
    Anonymous,
    ManageChat,
    DeleteMessages,
    ManageVideoChats,
    RestrictMembers,
    PromoteMembers,
    ChangeInfo,
    InviteUsers,
    PostStories,
    EditStories,
    DeleteStories,
    PostMessages,
    EditMessages,
    PinMessages,
    ManageTopics,
    ManageDirectMessages,
    ManageTags,
    SendWelcomeMessages,
}

impl AdminRight {
    /// Every right.
    pub const ALL: [AdminRight; 18] = [
        AdminRight::Anonymous,
        AdminRight::ManageChat,
        AdminRight::DeleteMessages,
        AdminRight::ManageVideoChats,
        AdminRight::RestrictMembers,
        AdminRight::PromoteMembers,
        AdminRight::ChangeInfo,
        AdminRight::InviteUsers,
        AdminRight::PostStories,
        AdminRight::EditStories,
        AdminRight::DeleteStories,
        AdminRight::PostMessages,
        AdminRight::EditMessages,
        AdminRight::PinMessages,
        AdminRight::ManageTopics,
        AdminRight::ManageDirectMessages,
        AdminRight::ManageTags,
        AdminRight::SendWelcomeMessages,
    ];

    /// Whether a chat of this sort knows the right (Bot API, `ChatAdministratorRights`).
    pub fn is_of(self, kind: ChatKind) -> bool {
        match self {
            AdminRight::PostMessages | AdminRight::EditMessages | AdminRight::ManageDirectMessages => {
                kind == ChatKind::Channel
            }
            AdminRight::PinMessages | AdminRight::ManageTopics | AdminRight::ManageTags => {
                kind != ChatKind::Channel
            }
            _ => true,
        }
    }
}

impl World {
    /// What a chat says of itself; empty if nothing.
    pub fn chat_description(&self, chat: ChatId) -> &str {
        self.profiles.descriptions.get(&chat).map_or("", String::as_str)
    }

    /// What an administrator is called in a chat, if they are called anything.
    pub fn admin_title(&self, chat: ChatId, user: UserId) -> Option<&str> {
        self.profiles.titles.get(&(chat, user)).map(String::as_str)
    }

    /// A bot's button for one user or for all, as it was set.
    pub fn menu_button(&self, bot: UserId, user: Option<UserId>) -> MenuButton {
        let button = self.profiles.menu_buttons.get(&(bot, user));
        button.cloned().unwrap_or_default()
    }

    /// A bot's button as `user` sees it.
    pub fn menu_button_for(&self, bot: UserId, user: UserId) -> MenuButton {
        match self.menu_button(bot, Some(user)) {
            MenuButton::Default => self.menu_button(bot, None),
            own => own,
        }
    }

    /// The rights that a bot would like to have in groups or in channels; none if it did not say.
    pub fn default_rights(&self, bot: UserId, for_channels: bool) -> AdminRights {
        let rights = self.profiles.default_rights.get(&(bot, for_channels));
        rights.cloned().unwrap_or_default()
    }
}
