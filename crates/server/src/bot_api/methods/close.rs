//! `close`: the bot is about to move to another server. This one has nothing to let go of.

use super::Context;
use crate::bot_api::{ApiError, Reply};

#[allow(clippy::unnecessary_wraps, reason = "the shape of every method")]
pub(super) fn run(_: &mut Context<'_>) -> Result<Reply, ApiError> {
    Ok(Reply::done())
}
