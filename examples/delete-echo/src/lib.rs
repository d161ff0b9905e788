//! Repeats every message with a button under it. The button deletes the repetition.
//!
//! To the people in the chat it is botgram's example `delete_echo.js`: the same words, and buttons that carry the same.

use ringback::api::CopyMessage;
use ringback::data::CallbackData;
use ringback::{Answer, BoxError, CallbackQuery, Incoming, Keyboard, Router};

/// What the button carries: nothing but its name.
#[derive(CallbackData)]
#[callback_data(prefix = "delete_echo.deleteMe")]
struct Delete;

async fn echo(message: Incoming) -> Result<(), BoxError> {
    let keyboard = Keyboard::new().callback("🔪 Delete", &Delete).build()?;
    let chat = message.chat.id;
    let copy = CopyMessage::new(chat, chat, message.message_id).reply_markup(keyboard);
    let sent = message.bot().send(copy).await;
    // Not everything can be copied: that somebody has joined, say.
    if sent.is_err_and(|error| error.api().is_some_and(|refusal| refusal.code == 400)) {
        message.answer("Couldn't resend that.").await?;
    }
    Ok(())
}

/// The answer comes when all is done, whichever way it went.
async fn delete(query: CallbackQuery<Delete>) -> Answer {
    match query.delete_message().await {
        Ok(_) => query.answer().text("Deleted!"),
        // Too old (nobody deletes what is older than two days), or deleted by a tap before this one.
        Err(_) => query.answer().alert("Couldn't delete message"),
    }
}

/// The bot's handlers.
pub fn router() -> Router {
    Router::new().message(echo).callback(delete)
}
