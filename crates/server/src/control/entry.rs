//! A journal entry as JSON.

mod fields;

use super::shapes::ChatRef;
use crate::bot_api::encode as to_bot_api;
use crate::hub::Hub;
use fields::{ActorShape, Fields};
use ringback_world::journal::Kind;
use ringback_world::{ChatId, Conversation, Entry, UserId, World};
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the world must tell of the people and chats of some entries. It is taken first, so that the world is
/// not held while entries are written.
#[derive(Default)]
pub(super) struct Known {
    users: BTreeMap<UserId, ringback_botapi::User>,
    chats: BTreeMap<ChatId, ChatRef>,
}

impl Known {
    /// What these entries need; most need nothing.
    pub(super) fn of(entries: &[Arc<Entry>], hub: &Hub) -> Known {
        let needed = entries
            .iter()
            .any(|entry| user_in(&entry.kind).is_some() || chat_in(&entry.kind).is_some());
        if needed {
            Known::in_world(entries, hub.lock().world())
        } else {
            Known::default()
        }
    }

    fn in_world(entries: &[Arc<Entry>], world: &World) -> Known {
        let users = entries.iter().filter_map(|entry| user_in(&entry.kind));
        let chats = entries.iter().filter_map(|entry| chat_in(&entry.kind));
        Known {
            users: users.map(|id| (id, to_bot_api::user(world, id))).collect(),
            chats: chats
                .filter_map(|id| Some((id, ChatRef::of(world.chat(id)?))))
                .collect(),
        }
    }

    /// The entry as one line of JSON.
    pub(super) fn render(&self, entry: &Entry) -> String {
        let line = serde_json::to_string(&Line { entry, known: self }).unwrap_or_default();
        // What was embedded as it came may have line breaks; between tokens, where a space does as well.
        if line.contains(['\n', '\r']) {
            line.replace(['\n', '\r'], " ")
        } else {
            line
        }
    }
}

fn user_in(kind: &Kind) -> Option<UserId> {
    match kind {
        Kind::UserCreated(id) | Kind::BotCreated(id) => Some(*id),
        _ => None,
    }
}

fn chat_in(kind: &Kind) -> Option<ChatId> {
    let conversation = match kind {
        Kind::ChatCreated(id) => return Some(*id),
        Kind::MemberChanged { conversation, .. }
        | Kind::MessageDeleted { conversation, .. }
        | Kind::ChatAction { conversation, .. } => *conversation,
        Kind::Press { conversation, .. } => (*conversation)?,
        Kind::MessageSent(message) | Kind::MessageEdited(message) => message.conversation,
        _ => return None,
    };
    match conversation {
        Conversation::Private(..) => None,
        Conversation::Group(id) => Some(ChatId::Group(id)),
        Conversation::Channel(id) => Some(ChatId::Channel(id)),
    }
}

/// The name of an entry's kind.
pub(super) fn kind_name(kind: &Kind) -> &'static str {
    match kind {
        Kind::UserCreated(_) => "user_created",
        Kind::BotCreated(_) => "bot_created",
        Kind::ChatCreated(_) => "chat_created",
        Kind::MemberChanged { .. } => "member_changed",
        Kind::MessageSent(_) => "message_sent",
        Kind::MessageEdited(_) => "message_edited",
        Kind::MessageDeleted { .. } => "message_deleted",
        Kind::Press { .. } => "press",
        Kind::UpdateQueued { .. } => "update_queued",
        Kind::UpdateDelivered { .. } => "update_delivered",
        Kind::UpdateExpired { .. } => "update_expired",
        Kind::Call { .. } => "call",
        Kind::Response { .. } => "response",
        Kind::Answered { .. } => "answered",
        Kind::PressFinished { .. } => "press_finished",
        Kind::ChatAction { .. } => "chat_action",
        Kind::InlineQuery { .. } => "inline_query",
        Kind::InlineAnswered { .. } => "inline_answered",
        Kind::WebhookFailed { .. } => "webhook_failed",
        Kind::Warning(_) => "warning",
        Kind::ClockAdvanced(_) => "clock_advanced",
        Kind::Fault { .. } => "fault",
        Kind::Restarted => "reset",
        _ => "other",
    }
}

struct Line<'a> {
    entry: &'a Entry,
    known: &'a Known,
}

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Entry {
            seq,
            time,
            actor,
            cause,
            kind,
        } = self.entry;
        let mut map = to.serialize_map(None)?;
        map.serialize_entry("seq", seq)?;
        map.serialize_entry("time", time)?;
        map.serialize_entry("actor", &ActorShape(*actor))?;
        map.serialize_entry("kind", kind_name(kind))?;
        map.serialize_entry("cause", cause)?;
        Fields {
            map: &mut map,
            known: self.known,
        }
        .kind(kind)?;
        map.end()
    }
}

#[cfg(test)]
mod tests;
