//! A counter under a button, received by webhook.
//!
//! Each press answers with the next number. The answer is the response to the update: the bot opens no connection.

use std::sync::atomic::{AtomicU64, Ordering};

use ringback::data::CallbackData;
use ringback::{Answer, BoxError, CallbackQuery, Incoming, Keyboard, Router, State};

#[derive(CallbackData)]
#[callback_data(prefix = "count")]
struct Count;

#[derive(Default)]
struct Counter(AtomicU64);

async fn start(message: Incoming) -> Result<(), BoxError> {
    let keyboard = Keyboard::new().callback("Count", &Count).build()?;
    message
        .answer("How often will you press?")
        .with(|m| m.reply_markup(keyboard))
        .await?;
    Ok(())
}

async fn count(query: CallbackQuery<Count>, counter: State<Counter>) -> Answer {
    let n = counter.0.fetch_add(1, Ordering::Relaxed) + 1;
    query.answer().text(n.to_string())
}

/// The bot's handlers.
pub fn router() -> Router {
    Router::new()
        .command("start", start)
        .callback(count)
        .state(Counter::default())
}
