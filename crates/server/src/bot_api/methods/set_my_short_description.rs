//! `setMyShortDescription`: what the bot's profile says.

use super::Context;
use crate::bot_api::{ApiError, Reply};
use ringback_world::calls::SetBotInfo;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let about = context.words("short_description")?.trim().to_owned();
    let language = context.language()?;
    context.call(SetBotInfo {
        bot: context.bot,
        language,
        name: None,
        about: Some(about),
        description: None,
    })?;
    Ok(Reply::done())
}
