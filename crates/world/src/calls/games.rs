//! Games keep scores.

use super::send::Draft;
use super::{Call, Target};
use crate::{ChatKind, Content, Error, Message, MessageKey, Reply, Service, UserId, World};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How many neighbours on each side of a player are shown, and how many of the best.
const NEIGHBOURS: usize = 2;
const BEST: usize = 3;

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
        let message = if self.disable_edit {
            message
        } else {
            world.write_scores(self.bot, &message)
        };
        if old.is_none_or(|old| old < self.score) {
            world.tell_score(&message, self.user, self.score);
        }
        Ok(message)
    }
}

impl World {
    /// Writes the scores into the message with the game.
    fn write_scores(&mut self, by: UserId, message: &Arc<Message>) -> Arc<Message> {
        let Content::Game { bot, short_name, .. } = &message.content else {
            return Arc::clone(message);
        };
        let lines: Vec<String> = self
            .high_scores(message.key)
            .iter()
            .enumerate()
            .map(|(at, (user, score))| {
                let name = self.user(*user).map_or("?", |user| user.first_name.as_str());
                format!("{}. {name} — {score}", at + 1)
            })
            .collect();
        let content = Content::Game {
            bot: *bot,
            short_name: short_name.clone(),
            text: lines.join("\n"),
        };
        self.replace(
            by,
            Message {
                content,
                ..(**message).clone()
            },
        )
    }

    /// Says in the chat of the game that a player did better than ever, if the player is there to be heard
    /// (`messageActionGameScore`; <https://core.telegram.org/api/bots/games>).
    fn tell_score(&mut self, game: &Message, player: UserId, score: i64) {
        let Content::Game { bot, short_name, .. } = &game.content else {
            return;
        };
        let channel = self.chat_of(game.conversation);
        let channel = channel.is_some_and(|chat| chat.kind == ChatKind::Channel);
        let present = self
            .member(game.conversation, player)
            .is_some_and(|member| member.status.is_in());
        if channel || !present {
            return;
        }
        let service = Service::GameScore {
            bot: *bot,
            short_name: short_name.clone(),
            score,
        };
        let mut draft = Draft::new(player, game.conversation, Content::Service(service));
        draft.reply_to = Some(Reply {
            to: game.key,
            quote: None,
        });
        self.deliver(draft);
    }

    /// What a bot is shown of the high scores of the game in a message: the three best, and of a player the two
    /// neighbours on each side; each with its place, from 1, best first.
    pub fn high_scores_around(&self, key: MessageKey, player: UserId) -> Vec<(usize, UserId, i64)> {
        let scores = self.high_scores(key);
        let own = scores.iter().position(|(id, _)| *id == player);
        let near = |at: usize| own.is_some_and(|own| own.abs_diff(at) <= NEIGHBOURS);
        scores
            .into_iter()
            .enumerate()
            .filter(|(at, _)| *at < BEST || near(*at))
            .map(|(at, (user, score))| (at + 1, user, score))
            .collect()
    }

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
