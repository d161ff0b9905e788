//! `/presses`: a finger on an inline button, and what comes of it.

use super::button::{self, Named};
use super::error::Failure;
use super::id::Id;
use super::routes::Later;
use super::shapes::OutcomeShape;
use super::{Ask, Outcome, bots, json};
use crate::app::App;
use hyper::StatusCode;
use ringback_world::calls::{Button, PressButton, Proof};
use ringback_world::{self as world, Error, InlineKeyboard, MessageId, Peer, PressId, UserId, World};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tokio::sync::oneshot;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewPress {
    from: Id,
    chat: Id,
    message_id: Option<MessageId>,
    button: Named,
    password: Option<String>,
    #[serde(default)]
    forge: bool,
    #[serde(default = "yes")]
    wait: bool,
    /// Answer from what the client keeps, as the official apps do.
    #[serde(default = "yes")]
    cache: bool,
}

fn yes() -> bool {
    true
}

/// A press as it is told.
#[derive(Serialize)]
struct Told<'a> {
    id: PressId,
    /// A string: it has more digits than a JSON number keeps. `null` if the bot was not asked.
    callback_query_id: Option<String>,
    #[serde(flatten)]
    end: OutcomeShape<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    elapsed_ms: Option<u128>,
}

/// `POST /presses`: waits for the outcome, unless told not to. Hanging up meanwhile changes nothing.
pub(super) fn create<'a>(app: &'a Arc<App>, ask: &'a Ask) -> Later<'a> {
    Box::pin(async move {
        let new: NewPress = ask.body()?;
        let wait = new.wait;
        let Pressed { id, buttons, ended } = press(app, new)?;
        if wait {
            // An end without a word: the world was replaced, and the press is gone; that is told below.
            let _ = ended.await;
        }
        tell(app, id, buttons.as_deref())
    })
}

/// A press that was made.
struct Pressed {
    id: PressId,
    /// The buttons that there are, if the one pressed is not.
    buttons: Option<String>,
    ended: oneshot::Receiver<()>,
}

fn press(app: &App, new: NewPress) -> Result<Pressed, Failure> {
    // Checking a password takes its time: not while the world is held.
    let proof = match &new.password {
        None => Proof::None,
        Some(password) => {
            let from = new.from.person(app.hub.lock().world())?;
            app.hub.mtproto.is_password(from, password)
        }
    };
    let mut locked = app.hub.lock();
    let from = new.from.person(locked.world())?;
    let peer = new.chat.peer(locked.world())?;
    let keyboard = keyboard(locked.world(), from, peer, new.message_id);
    let button = new.button.find(keyboard)?;
    let buttons = match &button {
        Button::Data(data) if keyboard.is_none_or(|keyboard| keyboard.callback(data).is_none()) => {
            Some(keyboard.map_or_else(
                || "There is no inline keyboard here.".to_owned(),
                |keyboard| format!("The buttons are {}.", button::list(keyboard)),
            ))
        }
        _ => None,
    };
    let call = PressButton {
        from,
        peer,
        message: new.message_id,
        button,
        forge: new.forge,
        client_cache: new.cache,
        proof,
    };
    let id = locked.call(None, call)?;
    let ended = locked.wait_press(id);
    Ok(Pressed { id, buttons, ended })
}

/// The keyboard meant: that of the message, or of the newest that has one.
fn keyboard(world: &World, from: UserId, peer: Peer, message: Option<MessageId>) -> Option<&InlineKeyboard> {
    match message {
        Some(id) => world
            .message_at(from, peer, id)
            .and_then(|message| message.keyboard()),
        None => world.history(from, peer).find_map(|message| message.keyboard()),
    }
}

/// `GET /presses/{id}`
pub(super) fn one(app: &Arc<App>, ask: &Ask) -> Outcome {
    let id = ask
        .part(0)
        .parse()
        .map_err(|_| Failure::bad_request(format!("“{}” is not the id of a press", ask.part(0))))?;
    tell(app, PressId(id), None)
}

fn tell(app: &App, id: PressId, buttons: Option<&str>) -> Outcome {
    let locked = app.hub.lock();
    let world = locked.world();
    let press = world.press(id).ok_or_else(|| {
        Failure::new(
            StatusCode::NOT_FOUND,
            "not_found",
            format!("There is no press {id} (any more)"),
        )
        .hint("The latest presses are kept until a reset; GET /events tells of all that happened.")
    })?;
    let (end, elapsed_ms) = match &press.end {
        Some((at, outcome)) => {
            let mut shape = OutcomeShape::of(outcome);
            if let Some(error) = &mut shape.error {
                error.hint = hint(world, press, outcome, buttons);
            }
            (shape, Some(at.since(press.pressed).as_millis()))
        }
        None => (
            OutcomeShape {
                outcome: "pending",
                answer: None,
                error: None,
                edited: false,
            },
            None,
        ),
    };
    json(&Told {
        id,
        callback_query_id: press.query.map(|id| id.to_string()),
        end,
        elapsed_ms,
    })
}

/// What may help whoever wonders about an outcome.
fn hint(
    world: &World,
    press: &world::Press,
    outcome: &world::Outcome,
    buttons: Option<&str>,
) -> Option<String> {
    match outcome {
        world::Outcome::Refused(Error::DataInvalid) => buttons.map(|buttons| format!("The keyboard, as it stands now, has no such data. {buttons} “forge”: true sends it all the same.")),
        world::Outcome::TimedOut { .. } => {
            let bot = world.bot(world.callback_query(press.query?)?.bot)?;
            (bots::receives(bot) == "nothing").then(|| "The bot receives nothing: it has never called getUpdates and has no webhook.".to_owned())
        }
        world::Outcome::Refused(error) => {
            let hint = Failure::from(error.clone()).hint;
            (!hint.is_empty()).then_some(hint)
        }
        _ => None,
    }
}
