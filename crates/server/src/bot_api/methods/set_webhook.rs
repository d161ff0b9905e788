//! `setWebhook`: updates are to be sent. An empty address takes the webhook away.

use super::Context;
use crate::bot_api::webhook::parse_url;
use crate::bot_api::{ApiError, Reply, decode};
use ringback_world::calls::{DeleteWebhook, SetWebhook};
use ringback_world::{Error, WebhookConfig};

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let allowed = decode::allowed_updates(context.params);
    let has_custom_certificate = context.params.text("certificate").is_some() || context.params.file("certificate").is_some();
    let drop_pending = context.params.flag("drop_pending_updates");
    let url = context.params.get("url").unwrap_or_default().trim().to_owned();
    if url.is_empty() {
        let had = context.call(DeleteWebhook { bot: context.bot, drop_pending })?;
        return Ok(Reply::done_with(if had { "Webhook was deleted" } else { "Webhook is already deleted" }));
    }
    parse_url(&url).map_err(|reason| Error::BadWebhook { reason })?;
    let config = WebhookConfig {
        url,
        secret_token: context.params.text("secret_token").map(str::to_owned),
        max_connections: u32::try_from(context.params.integer("max_connections").clamp(0, 100)).unwrap_or(0),
        has_custom_certificate,
        ip_address: context.params.text("ip_address").map(str::to_owned),
    };
    let changed = context.call(SetWebhook { bot: context.bot, config, allowed, drop_pending })?;
    Ok(Reply::done_with(if changed { "Webhook was set" } else { "Webhook is already set" }))
}
