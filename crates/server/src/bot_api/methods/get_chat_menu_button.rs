//! `getChatMenuButton`: that of one user, or that of everybody.

use super::Context;
use crate::bot_api::{ApiError, Reply, encode};
use ringback_world::Error;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let user = context
        .params
        .text("chat_id")
        .is_some()
        .then(|| context.user_in("chat_id"))
        .transpose()?;
    if let Some(user) = user {
        context.world().user(user).ok_or(Error::UserNotFound)?;
    }
    Reply::json(&encode::menu_button(
        context.world().menu_button(context.bot, user),
    ))
}
