//! `getWebhookInfo`.

use super::Context;
use crate::bot_api::{ApiError, Reply, encode};

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    Reply::json(&encode::webhook_info(context.world(), context.bot))
}
