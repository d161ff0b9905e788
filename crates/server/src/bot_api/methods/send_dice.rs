//! `sendDice`: what falls follows from the server's seed and the message's place in the chat.

use super::Context;
use crate::bot_api::{ApiError, Reply};
use ringback_world::Content;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let emoji = match context.words("emoji")?.trim() {
        "" => "🎲",
        emoji => emoji,
    };
    let content = Content::Dice {
        emoji: emoji.to_owned(),
        value: 0,
    };
    context.send(content)
}
