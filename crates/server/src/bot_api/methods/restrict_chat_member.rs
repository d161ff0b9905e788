//! `restrictChatMember`: here someone may write, or may not. What else `permissions` say makes no difference.

use super::Context;
use crate::bot_api::{ApiError, Reply};
use ringback_botapi::RestrictChatMember as Asked;
use ringback_world::UserId;
use ringback_world::calls::{Measure, Moderate};

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let asked: Asked = context.asked()?;
    let peer = context.peer(&asked.chat_id)?;
    let measure = match asked.permissions.can_send_messages {
        Some(true) => Measure::Unmute,
        _ => Measure::Mute,
    };
    context.call(Moderate {
        by: context.bot,
        peer,
        user: UserId(asked.user_id),
        measure,
        until: asked.until_date,
    })?;
    Ok(Reply::done())
}
