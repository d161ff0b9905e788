//! Two buttons that turn a volume up and down, for those who may.
//!
//! `/volumeknob` (or `/start`) shows the buttons. A press changes the volume and is answered without a word; a press by
//! somebody who is not on the list is answered "Permission denied." To the people in the chat it is the example in
//! botgram's documentation, word for word, and the buttons carry the same.
//!
//! A mixer [with a display](Mixer::with_display) also shows the volume: in the message, and in a notification.

mod mixer;

pub use mixer::{Allowed, Mixer};

use std::sync::Arc;

use ringback::api::InlineKeyboardMarkup;
use ringback::data::Json;
use ringback::{
    ApiErrorKind, Bot, BoxError, CallbackQuery, Incoming, Keyboard, KeyboardError, Outcome, Polling, Router,
    State,
};
use serde::{Deserialize, Serialize};

const PROMPT: &str = "Use the buttons below to modify the volume:";

/// What a button carries: `{"type":"volume","direction":true}`. Other types are other handlers' buttons.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Press {
    Volume { direction: bool },
}

fn keyboard() -> Result<InlineKeyboardMarkup, KeyboardError> {
    Keyboard::new()
        .callback("↑  Turn up", &Json(Press::Volume { direction: true }))
        .callback("↓  Turn down", &Json(Press::Volume { direction: false }))
        .build()
}

async fn knob(message: Incoming) -> Result<(), BoxError> {
    let keyboard = keyboard()?;
    message.answer(PROMPT).with(|m| m.reply_markup(keyboard)).await?;
    Ok(())
}

async fn volume(query: CallbackQuery<Json<Press>>, mixer: State<Mixer>) -> Result<Outcome, BoxError> {
    if !mixer.allows(query.from().id) {
        return Ok(query.answer().text("Permission denied.").await);
    }
    let Json(Press::Volume { direction }) = *query.data();
    let level = mixer.turn(direction);
    if !mixer.has_display() {
        return Ok(query.answer().await); // nothing to say, and the button stops spinning
    }
    let keyboard = keyboard()?;
    let show = query
        .edit_text(format!("{PROMPT}\n{}", mixer::bar(level)))
        .with(|m| m.reply_markup(keyboard));
    let outcome = query.answer().text(format!("Volume: {level}")).await; // the button stops spinning here
    match show.await {
        // At either end another press changes nothing.
        Err(error) if !error.is(ApiErrorKind::MessageNotModified) => Err(error.into()),
        _ => Ok(outcome),
    }
}

/// The bot's handlers. The mixer is shared: whoever holds it can look at the volume.
pub fn router(mixer: Arc<Mixer>) -> Router {
    Router::new()
        .command("volumeknob", knob)
        .command("start", knob)
        .callback(volume)
        .shared_state(mixer)
}

/// Runs the bot until the process is told to stop.
///
/// # Errors
/// The token is not a bot's, or a webhook is set for it.
pub async fn run(bot: Bot, mixer: Arc<Mixer>) -> Result<(), BoxError> {
    Ok(Polling::new(bot, router(mixer))?.run().await?)
}

/// Runs the bot until `stop` is ready.
///
/// # Errors
/// The token is not a bot's, or a webhook is set for it.
pub async fn run_until(bot: Bot, mixer: Arc<Mixer>, stop: impl Future<Output = ()>) -> Result<(), BoxError> {
    Ok(Polling::new(bot, router(mixer))?.run_until(stop).await?)
}
