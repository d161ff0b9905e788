//! `/messages`

use super::chats::can_see;
use super::error::Failure;
use super::id::Id;
use super::{Ask, Outcome, json, shapes};
use crate::app::App;
use hyper::StatusCode;
use ringback_world::calls::{Change, Delete, Edit, ReplyTo, Send, Target};
use ringback_world::{ButtonAction, FormattedText, InlineButton, InlineKeyboard, MessageId, ReplyMarkup};
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
    reply_markup: Option<NewKeyboard>,
}

/// An inline keyboard: the Bot API's, and what no bot can make there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewKeyboard {
    inline_keyboard: Vec<Vec<NewButton>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewButton {
    text: String,
    callback_data: Option<String>,
    url: Option<String>,
    /// Asks for the presser's password, as the button does that hands over a bot or a group.
    #[serde(default)]
    requires_password: bool,
}

impl NewButton {
    fn read(self) -> Result<InlineButton, Failure> {
        let action = match (self.callback_data, self.url) {
            (Some(data), None) => ButtonAction::Callback {
                data: data.into_bytes(),
                requires_password: self.requires_password,
            },
            (None, Some(url)) if !self.requires_password => ButtonAction::Url(url),
            _ => {
                return Err(Failure::bad_request(
                    "A button has either a “callback_data”, with or without “requires_password”, or a “url”",
                ));
            }
        };
        Ok(InlineButton {
            text: self.text,
            style: None,
            icon: None,
            action,
        })
    }
}

impl NewKeyboard {
    fn read(self) -> Result<ReplyMarkup, Failure> {
        let row = |row: Vec<NewButton>| row.into_iter().map(NewButton::read).collect();
        let rows: Result<_, Failure> = self.inline_keyboard.into_iter().map(row).collect();
        Ok(ReplyMarkup::Inline(InlineKeyboard {
            rows: rows?,
            force_reply: false,
        }))
    }
}

/// `POST /messages`: someone writes. With a keyboard it is a bot that does.
pub(super) fn send(app: &Arc<App>, ask: &Ask) -> Outcome {
    let new: NewMessage = ask.body()?;
    let mut locked = app.hub.lock();
    let from = match new.reply_markup {
        Some(_) => new.from.bot(locked.world())?,
        None => new.from.person(locked.world())?,
    };
    let peer = new.chat.peer(locked.world())?;
    let mut call = Send::text(from, peer, new.text);
    call.markup = new.reply_markup.map(NewKeyboard::read).transpose()?;
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
