//! Games keep scores.

use super::{Call, Target};
use crate::{Content, Error, Message, UserId, World};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A bot sets someone's score in the game of a message.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SetGameScore {
    /// The game's bot.
    pub bot: UserId,
    /// Whose score.
    pub user: UserId,
    /// Not negative.
    pub score: i64,
    /// Even if it is not above the present one.
    pub force: bool,
    /// Do not write the scores into the message.
    pub disable_edit: bool,
    /// Which message.
    pub target: Target,
}

impl Call for SetGameScore {
    type Output = Arc<Message>;

    fn apply(self, world: &mut World) -> Result<Arc<Message>, Error> {
        if self.score < 0 {
            return Err(Error::Limit {
                what: "invalid score specified".into(),
            });
        }
        if !world.users.contains_key(&self.user) {
            return Err(Error::UserNotFound);
        }
        let message = world.find_game(self.bot, self.target)?;
        let scores = world.scores.entry(message.key).or_default();
        let old = scores.get(&self.user).copied();
        if old.is_some_and(|old| {
            if self.force {
                old == self.score
            } else {
                old >= self.score
            }
        }) {
            return Err(Error::ScoreNotModified);
        }
        scores.insert(self.user, self.score);
        if self.disable_edit {
            return Ok(message);
        }
        let Content::Game { bot, short_name, .. } = &message.content else {
            return Err(Error::NoGame);
        };
        let lines: Vec<String> = world
            .high_scores(message.key)
            .iter()
            .enumerate()
            .map(|(at, (user, score))| {
                let name = world.user(*user).map_or("?", |user| user.first_name.as_str());
                format!("{}. {name} — {score}", at + 1)
            })
            .collect();
        let content = Content::Game {
            bot: *bot,
            short_name: short_name.clone(),
            text: lines.join("\n"),
        };
        Ok(world.replace(
            self.bot,
            Message {
                content,
                ..(*message).clone()
            },
        ))
    }
}

impl World {
    /// The message with a game of this bot.
    pub fn find_game(&self, bot: UserId, target: Target) -> Result<Arc<Message>, Error> {
        let message = match target {
            Target::Message(peer, id) => {
                self.readable(bot, peer)?;
                self.message_at(bot, peer, id)
            }
            Target::Inline(id) => self.inline_message(id),
        };
        let message = message.ok_or(Error::MessageIdInvalid)?;
        match &message.content {
            Content::Game { bot: owner, .. } if *owner == bot => Ok(Arc::clone(message)),
            _ => Err(Error::NoGame),
        }
    }
}
