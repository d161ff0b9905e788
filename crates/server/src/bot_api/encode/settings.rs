//! What bots set about themselves, and what is counted for them.

use ringback_botapi as api;
use ringback_botapi::{GameHighScore, WebhookInfo};
use ringback_world::{BotCommand, MessageKey, UserId, World};

use super::people::{date, user};

/// A bot's webhook: `getWebhookInfo`.
pub(crate) fn webhook_info(world: &World, bot: UserId) -> WebhookInfo {
    let Some(bot) = world.bot(bot) else {
        return WebhookInfo::new("", false, 0);
    };
    let waiting = i64::try_from(bot.queue.len()).unwrap_or(i64::MAX);
    let mut info = WebhookInfo::new("", false, waiting);
    if let Some(webhook) = &bot.webhook {
        info.url.clone_from(&webhook.config.url);
        info.has_custom_certificate = webhook.config.has_custom_certificate;
        info.ip_address.clone_from(&webhook.config.ip_address);
        if let Some((at, what)) = &webhook.last_error {
            info.last_error_date = Some(date(*at));
            info.last_error_message = Some(what.clone());
        }
        info.max_connections = Some(webhook.config.max_connections.into());
    }
    let asked = bot.queue.allowed.asked();
    info.allowed_updates = (!asked.is_empty()).then(|| asked.to_vec());
    info
}

/// A list of commands.
pub(crate) fn bot_commands(commands: &[BotCommand]) -> Vec<api::BotCommand> {
    commands
        .iter()
        .map(|own| api::BotCommand::new(own.command.as_str(), own.description.as_str()))
        .collect()
}

/// The scores of the game in a message: of a player, the closest neighbours, and the best.
pub(crate) fn high_scores(world: &World, key: MessageKey, player: UserId) -> Vec<GameHighScore> {
    world
        .high_scores_around(key, player)
        .into_iter()
        .map(|(at, id, score)| {
            let position = i64::try_from(at).unwrap_or(i64::MAX);
            GameHighScore::new(position, user(world, id), score)
        })
        .collect()
}
