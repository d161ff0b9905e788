//! What bots set about themselves.

use super::Call;
use crate::world::Effect;
use crate::{BotCommand, Error, Game, PollSignal, UserId, World};
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
        let bot = world.bots.get_mut(&self.bot).ok_or(Error::Unauthorized)?;
        if self.commands.is_empty() {
            bot.commands.remove(&self.key);
        } else {
            bot.commands.insert(self.key, self.commands);
        }
        Ok(())
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
        world
            .bots
            .get_mut(&self.bot)
            .ok_or(Error::Unauthorized)?
            .commands
            .remove(&self.key);
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
