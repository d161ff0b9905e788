//! What the world knows of a bot beyond its being a user.

use crate::{Conversation, FormattedText, InlineKeyboard};
use crate::{InlineQueryId, PollId, Seq, Time, UpdateQueue, UserId, Webhook};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A bot.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Bot {
    /// Who.
    pub id: UserId,
    /// `<id>:<secret>`. A secret: never written to a log.
    pub token: String,
    /// What it is yet to be told.
    pub queue: UpdateQueue,
    /// Where it is told, if not by `getUpdates`.
    pub webhook: Option<Webhook>,
    /// The `getUpdates` call that waits now.
    pub poll: Option<PollId>,
    /// It has asked for updates at least once.
    pub has_polled: bool,
    /// Until when it may not use this server, after `logOut`.
    pub logged_out: Option<Time>,
    /// Sees all messages in groups, not only those meant for it.
    pub reads_all_messages: bool,
    /// Its command lists, by the scope and language as the edge names them.
    #[serde(with = "crate::pairs")]
    pub commands: BTreeMap<(String, String), Vec<BotCommand>>,
    /// What it says about itself, by language; the empty one is for all others.
    pub info: BTreeMap<String, BotInfo>,
    /// The games it has, by short name.
    pub games: BTreeMap<String, Game>,
    /// The latest thing it was told about each chat: the likely cause of what it does there.
    #[serde(with = "crate::pairs")]
    pub(crate) heard: BTreeMap<Conversation, Seq>,
}

/// An entry of a bot's command menu.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BotCommand {
    /// Without the slash.
    pub command: String,
    /// What it does.
    pub description: String,
}

/// What a bot says about itself in one language. What is empty is not set.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct BotInfo {
    /// Its name, up to 64 characters.
    pub name: String,
    /// On its profile, up to 120 characters.
    pub about: String,
    /// In the empty chat with it, up to 512 characters.
    pub description: String,
}

/// A bot's game.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Game {
    /// Its name in calls.
    pub short_name: String,
    /// Its name for people.
    pub title: String,
    /// What it is.
    pub description: String,
}

/// An inline query, while its results may be used.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct InlineQuery {
    /// Its name for the bot.
    pub id: InlineQueryId,
    /// Who asks.
    pub from: UserId,
    /// Who is asked.
    pub bot: UserId,
    /// What was typed.
    pub text: String,
    /// When.
    pub asked: Time,
    /// When the asker gives up.
    pub deadline: Time,
    /// What came of it; `None` while the asker waits.
    pub end: Option<InlineEnd>,
    /// The latest journal entry about it.
    pub(crate) trail: Seq,
}

/// How an inline query ended.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum InlineEnd {
    /// The bot gave these.
    Answered(InlineAnswer),
    /// The bot did not answer in time.
    TimedOut,
}

/// A bot's answer to an inline query.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct InlineAnswer {
    /// What can be sent, up to 50.
    pub results: Vec<InlineResult>,
    /// For how many seconds the server may give these again to whoever types the same.
    pub cache_time: u32,
    /// Only for this asker.
    pub is_personal: bool,
    /// What to send along to get more; empty: there is no more.
    pub next_offset: String,
    /// A button above the results, as the edge wrote it.
    pub button: Option<String>,
}

/// One thing that can be sent.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct InlineResult {
    /// Its id, 1 to 64 bytes.
    pub id: String,
    /// What is sent if it is chosen.
    pub content: InlineContent,
    /// The keyboard that comes with it.
    pub keyboard: Option<InlineKeyboard>,
    /// The result as the bot gave it, for who lists it: text of the edge's, only passed on.
    pub shown: String,
}

/// What is sent when an inline result is chosen.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum InlineContent {
    /// Words.
    Text(FormattedText),
    /// One of the bot's games.
    Game(String),
}
