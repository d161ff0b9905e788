//! `setMyDescription`: what the empty chat with the bot says.

use super::Context;
use crate::bot_api::{ApiError, Reply};
use ringback_world::calls::SetBotInfo;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let description = context.words("description")?.trim().to_owned();
    let language = context.language()?;
    context.call(SetBotInfo {
        bot: context.bot,
        language,
        name: None,
        about: None,
        description: Some(description),
    })?;
    Ok(Reply::done())
}
