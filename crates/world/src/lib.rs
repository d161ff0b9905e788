//! A local Telegram as a pure state machine.
//!
//! [`World`] holds users, bots, chats, messages and, above all, callback queries; an [`Input`] changes it and
//! gives [`Effect`]s. There is no I/O, no clock and no chance in here: time comes with each event, and all ids
//! follow from the [`Seed`]. Edges (the Bot API, MTProto, the control API) translate between their wire forms
//! and the [`calls`]; the rules are here and nowhere else.
//!
//! Start with [`query`], the life of a callback query.

mod bot;
pub mod calls;
mod check;
mod detect;
mod error;
mod ids;
pub mod journal;
mod mail;
mod model;
mod pairs;
mod profile;
pub mod query;
mod queue;
mod seed;
mod time;
mod view;
mod webhook;
mod world;

pub use bot::{
    Bot, BotCommand, BotInfo, Game, InlineAnswer, InlineContent, InlineEnd, InlineQuery, InlineResult,
};
pub use error::{BotApiError, Error};
pub use ids::{
    ChannelId, Conversation, FileId, GroupId, InlineMessageId, InlineQueryId, Mailbox, MessageId, MessageKey,
    Peer, PollId, PressId, QueryId, Seq, UpdateId, UserId,
};
pub use journal::{Actor, Entry, Via};
pub use mail::{Aside, MAX_MAIL, MailChange, MailEntry};
pub use model::file::{File, FileKind, Media, MediaKind};
pub use model::keyboard::{
    ButtonAction, ButtonStyle, InlineButton, InlineKeyboard, InlineTarget, MAX_BUTTONS, MAX_CALLBACK_DATA,
    MAX_ROW, ReplyButton, ReplyKeyboard, ReplyMarkup,
};
pub use model::message::{Content, Forward, ForwardFrom, Message, Reply, Sender, Service};
pub use model::people::{Chat, ChatId, ChatKind, Member, Status, User};
pub use model::shared::{Contact, Degrees, GeoPoint, Venue};
pub use model::text::{Entity, EntityKind, FormattedText};
pub use profile::{AdminRight, AdminRights, Invite, MenuButton};
pub use query::{
    Answer, CALLBACK_LIFETIME, CallbackQuery, MAX_ANSWER, MAX_CACHE_TIME, Outcome, Payload, Press, State,
};
pub use queue::{
    AllowedUpdates, Lane, MAX_BATCH, MAX_QUEUE, MemberChange, PollSignal, UPDATE_LIFETIME, Update,
    UpdateKind, UpdateQueue, Waiting,
};
pub use seed::Seed;
pub use time::Time;
pub use webhook::{DEFAULT_MAX_CONNECTIONS, Webhook, WebhookConfig};
pub use world::{Effect, FaultRule, Input, SecondAnswer, Settings, World};
