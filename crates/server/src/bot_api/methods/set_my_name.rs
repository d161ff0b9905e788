//! `setMyName`: without a language, the name that everybody sees, which cannot be taken back.

use super::Context;
use crate::bot_api::{ApiError, Reply};
use ringback_world::calls::SetBotInfo;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let name = context.words("name")?.trim().to_owned();
    let language = context.language()?;
    context.call(SetBotInfo {
        bot: context.bot,
        language,
        name: Some(name),
        about: None,
        description: None,
    })?;
    Ok(Reply::done())
}
