//! What an entry has beyond what all have.

use super::Known;
use crate::bot_api::encode as to_bot_api;
use crate::control::shapes::{AnswerShape, ChatRef, ErrorShape, OutcomeShape, chat_id};
use ringback_world::journal::Kind;
use ringback_world::{
    Actor, ChatId, Conversation, Mailbox, Message, MessageId, Payload, Peer, Sender, Status, UpdateId,
    UpdateKind, UserId, Via,
};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

/// How much of a message's text the journal shows, in characters.
const MAX_TEXT: usize = 256;

/// Writes what an entry has beyond what all have.
pub(super) struct Fields<'a, M> {
    pub map: &'a mut M,
    pub known: &'a Known,
}

impl<M: SerializeMap> Fields<'_, M> {
    fn put<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), M::Error> {
        self.map.serialize_entry(name, value)
    }

    fn put_some<T: Serialize>(&mut self, name: &'static str, value: Option<T>) -> Result<(), M::Error> {
        value.map_or(Ok(()), |value| self.put(name, &value))
    }

    pub(super) fn kind(&mut self, kind: &Kind) -> Result<(), M::Error> {
        match kind {
            Kind::UserCreated(id) | Kind::BotCreated(id) => match self.known.users.get(id) {
                Some(user) => self.put("user", user),
                None => Ok(()),
            },
            Kind::ChatCreated(id) => self.put_some("chat", self.known.chats.get(id).cloned()),
            Kind::MemberChanged {
                conversation,
                user,
                status,
            } => {
                self.chat(*conversation)?;
                self.put("user", user)?;
                self.put("status", status_name(*status))
            }
            Kind::MessageSent(message) | Kind::MessageEdited(message) => self.message(message),
            Kind::MessageDeleted {
                conversation, ids, ..
            } => {
                self.chat(*conversation)?;
                self.put("message_ids", &Numbers(ids))
            }
            Kind::Press {
                press,
                from,
                bot,
                conversation,
                message,
                inline_id,
                payload,
                button,
                forged,
            } => {
                self.put("press_id", press)?;
                self.put("from", from)?;
                self.put_some("bot", *bot)?;
                if let Some(conversation) = conversation {
                    self.chat(*conversation)?;
                }
                self.put_some("message_id", *message)?;
                self.put_some("inline_message_id", inline_id.map(to_bot_api::inline_message_id))?;
                match payload {
                    Some(Payload::Data(data)) => self.put("data", &*String::from_utf8_lossy(data))?,
                    Some(Payload::Game(name)) => self.put("game_short_name", name)?,
                    None => {}
                }
                self.put_some("button", button.as_deref())?;
                self.put("forged", forged)
            }
            Kind::UpdateQueued {
                bot,
                update,
                kind,
                press,
            }
            | Kind::UpdateExpired {
                bot,
                update,
                kind,
                press,
            } => {
                self.update(*bot, *update, *kind)?;
                self.put_some("press_id", *press)
            }
            Kind::UpdateDelivered {
                bot,
                update,
                kind,
                press,
                via,
            } => {
                self.update(*bot, *update, *kind)?;
                self.put_some("press_id", *press)?;
                let via = match via {
                    Via::Polling => "polling",
                    Via::Webhook => "webhook",
                    Via::Mtproto => "mtproto",
                };
                self.put("via", via)
            }
            kind => self.call_or_outcome(kind),
        }
    }

    fn call_or_outcome(&mut self, kind: &Kind) -> Result<(), M::Error> {
        match kind {
            Kind::Call {
                bot,
                method,
                params,
                press,
            } => {
                self.put("bot", bot)?;
                self.put("method", method)?;
                self.embedded("params", params)?;
                self.put_some("press_id", *press)
            }
            Kind::Response {
                ok,
                error_code,
                body,
                elapsed,
            } => {
                self.put("ok", ok)?;
                self.put_some("error_code", *error_code)?;
                if *ok {
                    self.embedded("result", body)?
                } else {
                    self.put("description", body)?
                }
                self.put("elapsed_us", &elapsed.as_micros())
            }
            Kind::Answered { press, answer } => {
                self.put("press_id", press)?;
                self.put("answer", &AnswerShape::of(answer))
            }
            Kind::PressFinished {
                press,
                outcome,
                elapsed,
            } => {
                let OutcomeShape {
                    outcome,
                    answer,
                    error,
                    edited,
                } = OutcomeShape::of(outcome);
                self.put("press_id", press)?;
                self.put("outcome", outcome)?;
                self.put_some("answer", answer)?;
                self.put_some("error", error)?;
                self.put_some("edited", edited.then_some(true))?;
                self.put("elapsed_ms", &elapsed.as_millis())
            }
            kind => self.rest(kind),
        }
    }

    fn rest(&mut self, kind: &Kind) -> Result<(), M::Error> {
        match kind {
            Kind::ChatAction {
                conversation,
                from,
                action,
            } => {
                self.chat(*conversation)?;
                self.put("from", from)?;
                self.put("action", action)
            }
            Kind::InlineQuery {
                query,
                from,
                bot,
                text,
            } => {
                self.put("inline_query_id", &query.to_string())?;
                self.put("from", from)?;
                self.put("bot", bot)?;
                self.put("query", text)
            }
            Kind::InlineAnswered { query, bot, results } => {
                self.put("inline_query_id", &query.to_string())?;
                self.put("bot", bot)?;
                self.put("results", results)
            }
            Kind::WebhookFailed {
                bot,
                update,
                error,
                retry_in,
            } => {
                self.put("bot", bot)?;
                self.put("update_id", update)?;
                self.put("error", error)?;
                self.put("retry_in_ms", &retry_in.as_millis())
            }
            Kind::Warning(text) => self.put("text", text),
            Kind::ClockAdvanced(by) => self.put("by_ms", &by.as_millis()),
            Kind::Fault { method, error, delay } => {
                self.put("method", method)?;
                self.put_some(
                    "error",
                    error.as_ref().map(|error| ErrorShape::bot_api(&error.bot_api())),
                )?;
                self.put("delay_ms", &delay.as_millis())
            }
            _ => Ok(()),
        }
    }

    fn message(&mut self, message: &Message) -> Result<(), M::Error> {
        let (Sender::User(from) | Sender::Chat { author: from }) = message.sender;
        self.chat(message.conversation)?;
        self.put("from", &from)?;
        self.put("message_ids", &Numbers(&message.ids))?;
        let text = message
            .content
            .words()
            .map(|words| words.text.chars().take(MAX_TEXT).collect::<String>());
        self.put_some("text", text.filter(|text| !text.is_empty()))?;
        self.put("keyboard", &message.keyboard().is_some())
    }

    fn update(&mut self, bot: UserId, update: UpdateId, kind: UpdateKind) -> Result<(), M::Error> {
        self.put("bot", &bot)?;
        self.put("update_id", &update)?;
        self.put("update", kind.name())
    }

    fn chat(&mut self, conversation: Conversation) -> Result<(), M::Error> {
        #[derive(serde::Serialize)]
        struct Private {
            r#type: &'static str,
            users: [UserId; 2],
        }
        let (id, kind) = match conversation {
            Conversation::Private(a, b) => {
                return self.put(
                    "chat",
                    &Private {
                        r#type: "private",
                        users: [a, b],
                    },
                );
            }
            Conversation::Group(id) => (ChatId::Group(id), "group"),
            Conversation::Channel(id) => (ChatId::Channel(id), "supergroup"),
        };
        let unknown = || ChatRef {
            id: chat_id(id),
            kind,
            title: String::new(),
        };
        self.put(
            "chat",
            &self.known.chats.get(&id).cloned().unwrap_or_else(unknown),
        )
    }

    /// Text that should be JSON, as JSON; as a string if it is not, say because it was cut.
    fn embedded(&mut self, name: &'static str, text: &str) -> Result<(), M::Error> {
        match serde_json::from_str::<&RawValue>(text) {
            Ok(json) => self.put(name, json),
            Err(_) => self.put(name, text),
        }
    }
}

fn status_name(status: Status) -> &'static str {
    match status {
        Status::Creator => "creator",
        Status::Administrator => "administrator",
        Status::Member => "member",
        Status::Left | Status::Never => "left",
        Status::Kicked => "kicked",
        Status::Restricted => "restricted",
    }
}

pub(super) struct ActorShape(pub Actor);

impl Serialize for ActorShape {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let (kind, id) = match self.0 {
            Actor::User(id) => ("user", Some(id)),
            Actor::Bot(id) => ("bot", Some(id)),
            Actor::Server => ("server", None),
        };
        let mut map = to.serialize_map(None)?;
        map.serialize_entry("type", kind)?;
        if let Some(id) = id {
            map.serialize_entry("id", &id)?;
        }
        map.end()
    }
}

/// A message's number for each who has it; one for all of a channel.
struct Numbers<'a>(&'a [(Mailbox, MessageId)]);

impl Serialize for Numbers<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let owner = |mailbox: &Mailbox| match mailbox {
            Mailbox::User(id) => id.0,
            Mailbox::Channel(id) => Peer::Channel(*id).chat_id(),
        };
        to.collect_map(
            self.0
                .iter()
                .map(|(mailbox, id)| (owner(mailbox).to_string(), id)),
        )
    }
}
