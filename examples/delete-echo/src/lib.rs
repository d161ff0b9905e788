//! Repeats every text with a button under it. The button deletes the repetition.

use ringback::data::CallbackData;
use ringback::{ApiErrorKind, BoxError, CallbackQuery, Flow, Incoming, Keyboard, Outcome, Router};

/// What the button carries: nothing but its name.
#[derive(CallbackData)]
#[callback_data(prefix = "delete")]
struct Delete;

async fn echo(message: Incoming) -> Result<Flow, BoxError> {
    let Some(text) = &message.text else {
        return Ok(Flow::Pass);
    };
    let keyboard = Keyboard::new().callback("Delete", &Delete).build()?;
    message.answer(text).with(|m| m.reply_markup(keyboard)).await?;
    Ok(Flow::Done)
}

async fn delete(query: CallbackQuery<Delete>) -> Result<Outcome, BoxError> {
    match query.delete_message().await {
        Ok(_) => Ok(query.answer().text("Deleted.").await),
        // A double tap: the first has deleted it.
        Err(error) if error.is(ApiErrorKind::MessageToDeleteNotFound) => Ok(query.answer().await),
        // Nobody can delete a message that is older than two days.
        Err(error) if error.is(ApiErrorKind::MessageCantBeDeleted) => Ok(query
            .answer()
            .alert("This message is too old to be deleted.")
            .await),
        Err(error) => Err(error.into()),
    }
}

/// The bot's handlers.
pub fn router() -> Router {
    Router::new().message(echo).callback(delete)
}
