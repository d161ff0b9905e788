//! `getMyDescription`: in a language, or else that for everybody.

use super::Context;
use crate::bot_api::{ApiError, Reply};
use ringback_botapi::BotDescription;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let language = context.language()?;
    Reply::json(&BotDescription::new(
        context.world().bot_info(context.bot, &language).description,
    ))
}
