//! `getMyName`: in a language, or else the one that everybody sees.

use super::Context;
use crate::bot_api::{ApiError, Reply};
use ringback_botapi::BotName;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let language = context.language()?;
    Reply::json(&BotName::new(
        context.world().bot_info(context.bot, &language).name,
    ))
}
