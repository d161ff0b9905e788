//! Shapes that several routes and the journal share.

use crate::bot_api::encode as to_bot_api;
use ringback_world::{
    Answer, BotApiError, Chat, ChatId, ChatKind, Content, Conversation, Error, Message, Outcome, Peer,
    Service, UserId, World,
};
use serde::Serialize;

/// Nothing, if it is empty: forms send empty fields.
pub(super) fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

/// A Bot API `Message` as `viewer` sees it, with keyboards that no bot is told of: those instead of the letters.
pub(super) fn message(world: &World, viewer: UserId, message: &Message) -> impl Serialize + use<> {
    let mut seen = to_bot_api::message(world, viewer, message);
    seen.reply_markup = None;
    let reply_markup = world.markup_for(viewer, message).map(to_bot_api::reply_markup);
    let game_score = match &message.content {
        Content::Service(Service::GameScore {
            bot,
            short_name,
            score,
        }) => {
            let game = world.bot(*bot).and_then(|bot| bot.games.get(short_name));
            Some(GameScore {
                game: game.map_or_else(|| short_name.clone(), |game| game.title.clone()),
                score: *score,
            })
        }
        _ => None,
    };
    SeenMessage {
        seen,
        reply_markup,
        game_score,
    }
}

#[derive(Serialize)]
struct SeenMessage {
    #[serde(flatten)]
    seen: ringback_botapi::Message,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_markup: Option<ringback_botapi::ReplyMarkup>,
    /// The sender's new best score. No bot is told of it, and the Bot API has no field for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    game_score: Option<GameScore>,
}

#[derive(Serialize)]
struct GameScore {
    game: String,
    score: i64,
}

/// A Bot API `Chat` as `viewer` sees it.
pub(super) fn chat(world: &World, viewer: UserId, peer: Peer) -> impl Serialize + use<> {
    to_bot_api::chat(world, viewer, Conversation::of(viewer, peer))
}

/// A Bot API `User`.
pub(super) fn user(world: &World, id: UserId) -> impl Serialize + use<> {
    to_bot_api::user(world, id)
}

/// A group, supergroup or channel, in short.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub(super) struct ChatRef {
    pub id: i64,
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub title: String,
}

impl ChatRef {
    pub(super) fn of(chat: &Chat) -> ChatRef {
        ChatRef {
            id: chat_id(chat.id),
            kind: kind_name(chat.kind),
            title: chat.title.clone(),
        }
    }
}

pub(super) fn chat_id(id: ChatId) -> i64 {
    Peer::from(id).chat_id()
}

pub(super) fn kind_name(kind: ChatKind) -> &'static str {
    match kind {
        ChatKind::Group => "group",
        ChatKind::Supergroup => "supergroup",
        ChatKind::Channel => "channel",
    }
}

/// What a bot answered.
#[derive(Serialize, Debug)]
pub(super) struct AnswerShape<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    show_alert: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    cache_time: u32,
}

impl<'a> AnswerShape<'a> {
    pub(super) fn of(answer: &'a Answer) -> AnswerShape<'a> {
        AnswerShape {
            text: answer.text.as_deref(),
            show_alert: answer.show_alert,
            url: answer.url.as_deref(),
            cache_time: answer.cache_time,
        }
    }
}

/// An error as the presser's client gets it.
#[derive(Serialize, Debug)]
pub(super) struct ErrorShape {
    pub code: i32,
    pub message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl ErrorShape {
    pub(super) fn of(error: &Error) -> ErrorShape {
        let (code, message) = error.rpc();
        ErrorShape {
            code,
            message,
            hint: None,
        }
    }

    pub(super) fn bot_api(error: &BotApiError) -> ErrorShape {
        ErrorShape {
            code: error.code.into(),
            message: error.description.clone(),
            hint: None,
        }
    }
}

/// How a press ended.
#[derive(Serialize, Debug)]
pub(super) struct OutcomeShape<'a> {
    pub outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<AnswerShape<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorShape>,
    /// The bot edited the message while the presser waited: clients show no error then.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub edited: bool,
}

impl<'a> OutcomeShape<'a> {
    pub(super) fn of(outcome: &'a Outcome) -> OutcomeShape<'a> {
        let with = |outcome, answer, error, edited| OutcomeShape {
            outcome,
            answer,
            error,
            edited,
        };
        match outcome {
            Outcome::Answered(answer) => with("answered", Some(AnswerShape::of(answer)), None, false),
            Outcome::Cached(answer) => with("cached", Some(AnswerShape::of(answer)), None, false),
            Outcome::TimedOut { edited } => with(
                "timeout",
                None,
                Some(ErrorShape::of(&Error::BotResponseTimeout)),
                *edited,
            ),
            Outcome::Refused(error) => with("error", None, Some(ErrorShape::of(error)), false),
        }
    }
}
