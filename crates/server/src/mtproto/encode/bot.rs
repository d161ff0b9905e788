//! What bots say about themselves.

use ringback_tl::{ctors, types};
use ringback_world::{Bot, BotCommand, MenuButton, UserId, World};

/// What a bot says about itself, to `viewer`; none of a person.
pub(in crate::mtproto) fn bot_info(world: &World, viewer: UserId, bot: UserId) -> Option<types::BotInfo> {
    world.bot(bot)?;
    let commands = world.commands_for(bot, viewer);
    let description = world.bot_info(bot, language(world, viewer)).description;
    Some(types::BotInfo {
        user_id: Some(bot.0),
        description: Some(description),
        commands: Some(bot_commands(commands)),
        menu_button: Some(menu_button(world.menu_button_for(bot, viewer))),
        ..Default::default()
    })
}

/// The button beside the line in which one writes to a bot.
pub(in crate::mtproto) fn menu_button(button: MenuButton) -> types::BotMenuButton {
    match button {
        MenuButton::Default => types::BotMenuButton::Default,
        MenuButton::Commands => types::BotMenuButton::Commands,
        MenuButton::WebApp { text, url } => ctors::BotMenuButton { text, url }.into(),
    }
}

/// What a bot says about itself in groups.
pub(in crate::mtproto) fn bot_info_in_groups(bot: &Bot) -> types::BotInfo {
    let list = |scope: &str| bot.commands.get(&(scope.to_owned(), String::new()));
    let commands = list("all_group_chats").or_else(|| list("default"));
    types::BotInfo {
        user_id: Some(bot.id.0),
        commands: commands.map(|commands| bot_commands(commands)),
        ..Default::default()
    }
}

/// What stands on a bot's profile, for `viewer`; none if nothing does.
pub(in crate::mtproto) fn bot_about(world: &World, viewer: UserId, bot: UserId) -> Option<String> {
    world.bot(bot)?;
    let about = world.bot_info(bot, language(world, viewer)).about;
    Some(about).filter(|about| !about.is_empty())
}

/// The language that someone speaks, without its region; empty if it is not known.
fn language(world: &World, user: UserId) -> &str {
    let tag = world.user(user).and_then(|user| user.language_code.as_deref());
    tag.map_or("", |tag| tag.split('-').next().unwrap_or_default())
}

/// A list of commands.
pub(in crate::mtproto) fn bot_commands(commands: &[BotCommand]) -> Vec<types::BotCommand> {
    commands
        .iter()
        .map(|own| types::BotCommand {
            command: own.command.clone(),
            description: own.description.clone(),
            ..Default::default()
        })
        .collect()
}
