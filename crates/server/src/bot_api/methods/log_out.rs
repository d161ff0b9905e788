//! `logOut`: the bot leaves this server.

use super::Context;
use crate::bot_api::{ApiError, Reply};
use ringback_world::calls::LogOut;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    context.call(LogOut { bot: context.bot })?;
    Ok(Reply::done())
}
