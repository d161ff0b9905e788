//! `/messages`

use super::chats::can_see;
use super::error::Failure;
use super::id::Id;
use super::{Ask, Outcome, json, shapes};
use crate::app::App;
use hyper::StatusCode;
use ringback_world::calls::{Change, Delete, Edit, ReplyTo, Send, Target};
use ringback_world::{FormattedText, MessageId};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How many messages are shown unless asked otherwise, and at most.
const DEFAULT_LIMIT: usize = 100;
const MAX_LIMIT: usize = 10_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewMessage {
    from: Id,
    chat: Id,
    text: String,
    reply_to: Option<MessageId>,
}

/// `POST /messages`: someone writes.
pub(super) fn send(app: &Arc<App>, ask: &Ask) -> Outcome {
    let new: NewMessage = ask.body()?;
    let mut locked = app.hub.lock();
    let from = new.from.person(locked.world())?;
    let peer = new.chat.peer(locked.world())?;
    let mut call = Send::text(from, peer, new.text);
    call.reply_to = new.reply_to.map(|message| ReplyTo {
        message,
        peer: None,
        optional: false,
        quote: None,
    });
    let message = locked.call(None, call)?;
    json(&shapes::message(locked.world(), from, &message))
}

/// `GET /messages?chat=&as=&limit=`: what a user sees in a chat, oldest first.
pub(super) fn list(app: &Arc<App>, ask: &Ask) -> Outcome {
    let (chat, viewer) = (Id::read(ask.needed("chat")?), Id::read(ask.needed("as")?));
    let limit = ask.number("limit")?.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT);
    let locked = app.hub.lock();
    let world = locked.world();
    let viewer = viewer.user(world)?.id;
    let peer = chat.peer(world)?;
    if !can_see(world, viewer, peer) {
        let failure = Failure::new(
            StatusCode::FORBIDDEN,
            "not_a_member",
            format!("{viewer} is not in {chat}"),
        );
        return Err(failure.hint("POST /chats/{id}/members puts them in."));
    }
    let mut seen: Vec<_> = world.history(viewer, peer).take(limit).collect();
    seen.reverse();
    let messages: Vec<_> = seen
        .into_iter()
        .map(|message| shapes::message(world, viewer, message))
        .collect();
    json(&messages)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewText {
    from: Id,
    chat: Id,
    message_id: MessageId,
    text: String,
}

/// `POST /messages/edit`
pub(super) fn edit(app: &Arc<App>, ask: &Ask) -> Outcome {
    let new: NewText = ask.body()?;
    let mut locked = app.hub.lock();
    let by = new.from.person(locked.world())?;
    let target = Target::Message(new.chat.peer(locked.world())?, new.message_id);
    let change = Change::Text(FormattedText::plain(new.text));
    let message = locked.call(
        None,
        Edit {
            by,
            target,
            change,
            keyboard: None,
        },
    )?;
    json(&shapes::message(locked.world(), by, &message))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unwanted {
    from: Id,
    chat: Id,
    message_ids: Vec<MessageId>,
}

/// `POST /messages/delete`: for everyone; what is not there or not theirs to delete is passed over.
pub(super) fn delete(app: &Arc<App>, ask: &Ask) -> Outcome {
    #[derive(Serialize)]
    struct Deleted {
        deleted: usize,
    }
    let unwanted: Unwanted = ask.body()?;
    let mut locked = app.hub.lock();
    let by = unwanted.from.person(locked.world())?;
    let peer = unwanted.chat.peer(locked.world())?;
    let deleted = locked.call(
        None,
        Delete {
            by,
            peer,
            messages: unwanted.message_ids,
            lenient: true,
        },
    )?;
    json(&Deleted { deleted })
}
