//! What bots set about themselves.

use super::Call;
use crate::world::Effect;
use crate::{Aside, BotCommand, BotInfo, Error, Game, Peer, PollSignal, User, UserId, World};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long a bot that logged out must stay away (TBA).
const LOGOUT: Duration = Duration::from_secs(600);

/// A bot sets a list of commands.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SetCommands {
    /// Who.
    pub bot: UserId,
    /// For whom and in which language, as the edge names them.
    pub key: (String, String),
    /// Up to 100.
    pub commands: Vec<BotCommand>,
}

impl Call for SetCommands {
    type Output = ();

    fn apply(self, world: &mut World) -> Result<(), Error> {
        if self.commands.len() > 100 {
            return Err(Error::Limit {
                what: "BOT_COMMANDS_TOO_MUCH".into(),
            });
        }
        for command in &self.commands {
            let name = command.command.strip_prefix('/').unwrap_or(&command.command);
            if !(1..=32).contains(&name.len())
                || !name
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
            {
                return Err(Error::Limit {
                    what: "BOT_COMMAND_INVALID".into(),
                });
            }
            if !(1..=256).contains(&command.description.trim().chars().count()) {
                return Err(Error::Limit {
                    what: "BOT_COMMAND_DESCRIPTION_INVALID".into(),
                });
            }
        }
        world.change_commands(self.bot, self.key, self.commands)
    }
}

/// A bot drops a list of commands.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct DeleteCommands {
    /// Who.
    pub bot: UserId,
    /// Which list.
    pub key: (String, String),
}

impl Call for DeleteCommands {
    type Output = ();

    fn apply(self, world: &mut World) -> Result<(), Error> {
        world.change_commands(self.bot, self.key, Vec::new())
    }
}

/// The longest name, profile text and description of a bot, in characters (Bot API: `setMyName`,
/// `setMyShortDescription`, `setMyDescription`).
const MAX_NAME: usize = 64;
const MAX_ABOUT: usize = 120;
const MAX_DESCRIPTION: usize = 512;

/// A bot says about itself what is given here. The empty text takes back what was said in a language.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SetBotInfo {
    /// Who.
    pub bot: UserId,
    /// An IETF language tag; empty: for everybody for whom there is nothing in their own language.
    pub language: String,
    /// Its name. Without a language, the one that everybody sees, which cannot be taken back.
    pub name: Option<String>,
    /// What its profile says.
    pub about: Option<String>,
    /// What the empty chat with it says.
    pub description: Option<String>,
}

impl Call for SetBotInfo {
    type Output = ();

    fn apply(self, world: &mut World) -> Result<(), Error> {
        let long = |text: &Option<String>, most: usize| {
            text.as_ref().is_some_and(|text| text.chars().count() > most)
        };
        let refused = if long(&self.name, MAX_NAME) {
            Some("BOT_TITLE_INVALID")
        } else if long(&self.about, MAX_ABOUT) {
            Some("ABOUT_TOO_LONG")
        } else if long(&self.description, MAX_DESCRIPTION) {
            Some("DESCRIPTION_TOO_LONG")
        } else {
            None
        };
        if let Some(what) = refused {
            return Err(Error::Limit { what: what.into() });
        }
        let user = world.users.get_mut(&self.bot).ok_or(Error::Unauthorized)?;
        let bot = world.bots.get_mut(&self.bot).ok_or(Error::Unauthorized)?;
        let mut info = bot.info.get(&self.language).cloned().unwrap_or_default();
        if let Some(name) = self.name {
            if !self.language.is_empty() {
                info.name = name;
            } else if !name.is_empty() {
                user.first_name = name;
            }
        }
        if let Some(about) = self.about {
            info.about = about;
        }
        if let Some(description) = self.description {
            info.description = description;
        }
        if info == BotInfo::default() {
            bot.info.remove(&self.language);
        } else {
            bot.info.insert(self.language, info);
        }
        Ok(())
    }
}

/// A bot moves to another server: it may not use this one for ten minutes.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct LogOut {
    /// Who.
    pub bot: UserId,
}

impl Call for LogOut {
    type Output = ();

    fn apply(self, world: &mut World) -> Result<(), Error> {
        let until = world.now + LOGOUT;
        let bot = world.bots.get_mut(&self.bot).ok_or(Error::Unauthorized)?;
        bot.logged_out = Some(until);
        bot.webhook = None;
        if let Some(poll) = bot.poll.take() {
            world
                .effects
                .push(Effect::Poll(poll, PollSignal::End(Error::LoggedOut)));
        }
        Ok(())
    }
}

impl World {
    /// What a bot says about itself in a language, or else to all.
    pub fn bot_info(&self, bot: UserId, language: &str) -> BotInfo {
        let info = self.bot(bot).map(|bot| &bot.info);
        let in_language = info.and_then(|info| info.get(language));
        let to_all = info.and_then(|info| info.get(""));
        let pick = |field: fn(&BotInfo) -> &String| {
            let mut own = [in_language, to_all].into_iter().flatten().map(field);
            own.find(|text| !text.is_empty()).cloned().unwrap_or_default()
        };
        let mut picked = BotInfo {
            name: pick(|info| &info.name),
            about: pick(|info| &info.about),
            description: pick(|info| &info.description),
        };
        if picked.name.is_empty()
            && let Some(user) = self.user(bot)
        {
            picked.name.clone_from(&user.first_name);
        }
        picked
    }

    /// Another list of commands, or (empty) none; whoever sees other commands by it is told.
    fn change_commands(
        &mut self,
        id: UserId,
        key: (String, String),
        list: Vec<BotCommand>,
    ) -> Result<(), Error> {
        let bot = self.bots.get_mut(&id).ok_or(Error::Unauthorized)?;
        let old = if list.is_empty() {
            bot.commands.remove(&key)
        } else {
            bot.commands.insert(key.clone(), list)
        };
        if old.as_ref() == bot.commands.get(&key) {
            return Ok(());
        }
        // Only whoever is shown this very list, or was.
        let (scope, language) = key;
        let concerned = |user: UserId| {
            let language_of = self.user(user).and_then(|user| user.language_code.as_deref());
            let language_of = language_of.map_or("", |tag| tag.split('-').next().unwrap_or_default());
            let private =
                matches!(scope.as_str(), "default" | "all_private_chats") || scope == format!("chat:{user}");
            private && (language.is_empty() || language == language_of)
        };
        let users = self.dialogs(id).filter_map(|peer| match peer {
            Peer::User(user) if user != id => Some(user),
            _ => None,
        });
        let told: Vec<UserId> = users.filter(|user| concerned(*user)).collect();
        for user in told {
            let aside = Aside::Commands(id);
            self.effects.push(Effect::Aside { user, aside });
        }
        Ok(())
    }

    /// The commands that a bot shows `user` in their private chat: of the lists that it has, the one for that chat
    /// comes first, then the one for private chats, then the default; each in the user's language, then in none
    /// (Bot API, "Determining list of commands").
    pub fn commands_for(&self, bot: UserId, user: UserId) -> &[BotCommand] {
        let language = self
            .user(user)
            .and_then(|user: &User| user.language_code.as_deref());
        let language = language.map_or("", |tag| tag.split('-').next().unwrap_or_default());
        let Some(bot) = self.bot(bot) else { return &[] };
        let chat = format!("chat:{user}");
        for scope in [chat.as_str(), "all_private_chats", "default"] {
            for language in [language, ""] {
                if let Some(list) = bot.commands.get(&(scope.to_owned(), language.to_owned())) {
                    return list;
                }
            }
        }
        &[]
    }

    /// A game that a bot sends exists from then on: there is no BotFather here to register it with.
    pub(crate) fn ensure_game(&mut self, bot: UserId, short_name: &str) {
        if let Some(bot) = self.bots.get_mut(&bot) {
            bot.games.entry(short_name.to_owned()).or_insert_with(|| Game {
                short_name: short_name.to_owned(),
                title: short_name.to_owned(),
                description: short_name.to_owned(),
            });
        }
    }
}
