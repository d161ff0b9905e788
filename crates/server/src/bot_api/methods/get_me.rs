//! `getMe`: who the bot is.

use super::Context;
use crate::bot_api::{ApiError, Reply, encode};

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    Reply::json(&encode::me(context.world(), context.bot))
}
