//! `getWebhookInfo`.

use super::Context;
use crate::bot_api::{ApiError, Reply, encode};

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let bot = context.world().bot(context.bot).ok_or(ringback_world::Error::Unauthorized)?;
    Reply::json(&encode::webhook_info(bot))
}
