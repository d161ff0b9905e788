//! `setWebhook`: updates are to be sent. An empty address takes the webhook away.

use super::Context;
use crate::bot_api::webhook::parse_url;
use crate::bot_api::{ApiError, Reply, decode};
use ringback_botapi::SetWebhook as Asked;
use ringback_world::calls::{DeleteWebhook, SetWebhook};
use ringback_world::{Error, WebhookConfig};

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let allowed = decode::allowed_updates(context.params.get("allowed_updates"));
    let has_custom_certificate = context.params.get("certificate").is_some() || context.params.file("certificate").is_some();
    let asked: Asked = context.params.without("allowed_updates").without("certificate").decode()?;
    let drop_pending = asked.drop_pending_updates.unwrap_or(false);
    if asked.url.trim().is_empty() {
        let had = context.call(DeleteWebhook { bot: context.bot, drop_pending })?;
        return Ok(Reply::done_with(if had { "Webhook was deleted" } else { "Webhook is already deleted" }));
    }
    parse_url(&asked.url).map_err(|reason| Error::BadWebhook { reason })?;
    let config = WebhookConfig {
        url: asked.url.trim().to_owned(),
        secret_token: asked.secret_token.filter(|secret| !secret.is_empty()),
        max_connections: u32::try_from(asked.max_connections.unwrap_or(0).clamp(0, 100)).unwrap_or(0),
        has_custom_certificate,
        ip_address: asked.ip_address,
    };
    let changed = context.call(SetWebhook { bot: context.bot, config, allowed, drop_pending })?;
    Ok(Reply::done_with(if changed { "Webhook was set" } else { "Webhook is already set" }))
}
