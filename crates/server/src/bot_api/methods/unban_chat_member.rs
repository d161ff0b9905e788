//! `unbanChatMember`: who is in the chat is put out by it, unless `only_if_banned` is true.

use super::Context;
use crate::bot_api::{ApiError, Reply};
use ringback_botapi::UnbanChatMember as Asked;
use ringback_world::UserId;
use ringback_world::calls::{Measure, Moderate};

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let asked: Asked = context.asked()?;
    let peer = context.peer(&asked.chat_id)?;
    let measure = match asked.only_if_banned {
        Some(true) => Measure::Unban,
        _ => Measure::Remove,
    };
    context.call(Moderate {
        by: context.bot,
        peer,
        user: UserId(asked.user_id),
        measure,
        until: None,
    })?;
    Ok(Reply::done())
}
