//! The life of a callback query.
//!
//! ```text
//! ┌─────────┐ queued ┌────────┐ fetched  ┌───────────┐ answered  ┌──────────┐
//! │ Pressed │───────▶│ Queued │─────────▶│ Delivered │──────────▶│ Answered │  the presser sees the answer
//! └────┬────┘        └───┬────┘          └─────┬─────┘           └──────────┘
//!      │    not answered within `answer_timeout` (default 9 s)
//!      └─────────────────┴─────┬───────────────┘
//!                         ┌────▼─────┐ never fetched within 150 s ┌─────────┐
//!                         │ TimedOut │───────────────────────────▶│ Expired │
//!                         └──────────┘                            └─────────┘
//!           the presser is told BOT_RESPONSE_TIMEOUT;    the update leaves the queue;
//!           the bot may still fetch the update, but      nobody is told
//!           its answer comes too late (QUERY_ID_INVALID)
//! ```

use crate::{Error, InlineMessageId, MessageKey, PressId, QueryId, Seq, Time, UpdateId, UserId};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long a press waits in its bot's queue (TBA `Client.cpp:17155`).
pub const CALLBACK_LIFETIME: Duration = Duration::from_secs(150);
/// The longest that clients may keep an answer: 30 days (TBA `Client.cpp:14319`).
pub const MAX_CACHE_TIME: u32 = 30 * 24 * 3600;
/// The longest answer, in UTF-16 code units.
pub const MAX_ANSWER: usize = 200;

/// A callback query, from the press to its end.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CallbackQuery {
    /// Its name for the bot.
    pub id: QueryId,
    /// The press that it came from.
    pub press: PressId,
    /// Who pressed.
    pub from: UserId,
    /// Who is asked.
    pub bot: UserId,
    /// The message with the button.
    pub message: MessageKey,
    /// The name of that message for the bot, if it was sent through inline mode.
    pub inline_id: Option<InlineMessageId>,
    /// What the button carries.
    pub payload: Payload,
    /// Names the chat of the message, opaquely.
    pub chat_instance: i64,
    /// When it was pressed.
    pub pressed: Time,
    /// When the presser gives up waiting.
    pub deadline: Time,
    /// How far it has come.
    pub state: State,
    /// The bot edited the message while the presser waited: then clients show no error if no answer comes.
    pub edited: bool,
    /// The latest journal entry of this life, to which the next is a consequence.
    pub trail: Seq,
}

/// How far a callback query has come.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum State {
    /// Not on its way: the bot does not want to hear of presses (its `allowed_updates`), or has thrown the update
    /// away unread.
    Pressed,
    /// Waits in the bot's queue as this update.
    Queued(UpdateId),
    /// The bot has it.
    Delivered,
    /// The bot answered.
    Answered,
    /// The presser waits no longer; the bot may still get it.
    TimedOut,
    /// The bot never got it.
    Expired,
}

impl State {
    /// The presser still waits.
    pub fn is_open(&self) -> bool {
        matches!(self, State::Pressed | State::Queued(_) | State::Delivered)
    }
}

/// What a pressed button carries: exactly one of the two.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub enum Payload {
    /// Callback data, 1 to 64 bytes unless forged.
    Data(Vec<u8>),
    /// The short name of the message's game.
    Game(String),
}

/// What the bot answered.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Answer {
    /// What the presser is to read, up to 200 characters.
    pub text: Option<String>,
    /// In a box to be closed instead of a passing note.
    pub show_alert: bool,
    /// What the presser's client is to open.
    pub url: Option<String>,
    /// For how many seconds the client may give the same answer again without asking.
    pub cache_time: u32,
}

/// A press as the presser lives it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Press {
    /// Its name.
    pub id: PressId,
    /// Who pressed.
    pub from: UserId,
    /// When.
    pub pressed: Time,
    /// The query that it became, unless it was refused or answered from the cache.
    pub query: Option<QueryId>,
    /// How it ended, and when; `None` while the presser waits.
    pub end: Option<(Time, Outcome)>,
}

/// How a press ends: in exactly one of these ways.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Outcome {
    /// The bot answered.
    Answered(Answer),
    /// The client had the answer already.
    Cached(Answer),
    /// The bot did not answer in time.
    TimedOut {
        /// It edited the message, so clients show nothing wrong (TD `CallbackQueriesManager.cpp:95`).
        edited: bool,
    },
    /// The server did not pass the press on.
    Refused(Error),
}
