//! Buttons that make the bot do something for a few seconds, as the top of the chat shows: type, record, upload.
//!
//! To the people in the chat it is botgram's example `actions.js`, word for word, and that bot's buttons work here. But
//! theirs say in which chat to act, and so let a forger choose; here that is the chat of the button.

use ringback::api::{ChatAction, SendChatAction};
use ringback::data::Json;
use ringback::{BoxError, CallbackQuery, Incoming, Keyboard, Outcome, Router};
use serde::{Deserialize, Serialize};

/// What a button carries: `{"type":"zp.0a","action":"typing"}`. Another type is another handler's button.
#[derive(Serialize, Deserialize)]
struct Press {
    #[serde(rename = "type")]
    of: Ours,
    action: ChatAction,
}

#[derive(Serialize, Deserialize)]
enum Ours {
    #[serde(rename = "zp.0a")]
    Actions,
}

/// The keyboard, row by row.
const ROWS: [&[(&str, ChatAction)]; 6] = [
    &[
        ("✏️ Type", ChatAction::Typing),
        ("📍 Find location", ChatAction::FindLocation),
    ],
    &[("📷 Upload photo", ChatAction::UploadPhoto)],
    &[
        ("🎥 Record video", ChatAction::RecordVideo),
        ("📎 Upload video", ChatAction::UploadVideo),
    ],
    &[
        ("🎙 Record audio", ChatAction::RecordVoice),
        ("📎 Upload audio", ChatAction::UploadVoice),
    ],
    &[
        ("🔴 Record video note", ChatAction::RecordVideoNote),
        ("📎 Upload video note", ChatAction::UploadVideoNote),
    ],
    &[("📄 Upload document", ChatAction::UploadDocument)],
];

async fn help(message: Incoming) -> Result<(), BoxError> {
    let text =
        "Hey! I'm a simple bot that will send you chat actions. Use /start to get a list of actions to send.";
    message.answer(text).await?;
    Ok(())
}

async fn start(message: Incoming) -> Result<(), BoxError> {
    let mut keyboard = Keyboard::new();
    for row in ROWS {
        for (label, action) in row {
            let press = Press {
                of: Ours::Actions,
                action: action.clone(),
            };
            keyboard = keyboard.callback(*label, &Json(press));
        }
        keyboard = keyboard.row();
    }
    let keyboard = keyboard.build()?;
    message
        .answer("Press any button below and I'll send you a chat action!")
        .with(|m| m.reply_markup(keyboard))
        .await?;
    Ok(())
}

async fn act(query: CallbackQuery<Json<Press>>) -> Outcome {
    // A message that was sent in inline mode is in a chat that the bot does not know.
    let sent = match query.chat_id() {
        Some(chat) => {
            let action = SendChatAction::new(chat, query.data().action.clone());
            query.bot().send(action).await.is_ok()
        }
        None => false,
    };
    match sent {
        true => query.answer().await,
        false => {
            query
                .answer()
                .text("Couldn't send the chat action, can the bot talk here?")
                .await
        }
    }
}

/// The bot's handlers.
pub fn router() -> Router {
    Router::new()
        .command("help", help)
        .command("start", start)
        .callback(act)
}
