//! `deleteWebhook`.

use super::Context;
use crate::bot_api::{ApiError, Reply};
use ringback_botapi::DeleteWebhook as Asked;
use ringback_world::calls::DeleteWebhook;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let asked: Asked = context.asked()?;
    let drop_pending = asked.drop_pending_updates.unwrap_or(false);
    let had = context.call(DeleteWebhook { bot: context.bot, drop_pending })?;
    Ok(Reply::done_with(if had { "Webhook was deleted" } else { "Webhook is already deleted" }))
}
