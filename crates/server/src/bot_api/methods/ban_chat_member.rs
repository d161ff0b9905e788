//! `banChatMember`.

use super::Context;
use crate::bot_api::{ApiError, Reply};
use ringback_botapi::BanChatMember as Asked;
use ringback_world::UserId;
use ringback_world::calls::{Measure, Moderate};

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let asked: Asked = context.asked()?;
    if asked.revoke_messages == Some(true) {
        return Err(ApiError::new(
            400,
            "Bad Request: this local server does not support revoke_messages",
        ));
    }
    let peer = context.peer(&asked.chat_id)?;
    context.call(Moderate {
        by: context.bot,
        peer,
        user: UserId(asked.user_id),
        measure: Measure::Ban,
        until: asked.until_date,
    })?;
    Ok(Reply::done())
}
