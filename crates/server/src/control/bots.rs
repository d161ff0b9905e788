//! `/bots`

use super::error::Failure;
use super::{Ask, Outcome, json};
use crate::app::App;
use crate::bot_api::encode as to_bot_api;
use ringback_world::calls::CreateBot;
use ringback_world::{Bot, UserId, World};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewBot {
    username: String,
    first_name: Option<String>,
    token: Option<String>,
}

#[derive(Serialize)]
struct Made<'a> {
    id: UserId,
    username: &'a str,
    token: &'a str,
    first_name: &'a str,
}

/// `POST /bots`. One that is there already with the same username and token is simply told again, so that a
/// program may make its bots each time it starts.
pub(super) fn create(app: &Arc<App>, ask: &Ask) -> Outcome {
    let new: NewBot = ask.body()?;
    let token = new.token.filter(|token| !token.is_empty());
    let mut locked = app.hub.lock();
    let same = token
        .as_deref()
        .and_then(|token| locked.world().bot_by_token(token))
        .filter(|id| {
            let username = locked.world().user(*id).and_then(|user| user.username.as_deref());
            username
                .is_some_and(|username| username.eq_ignore_ascii_case(new.username.trim_start_matches('@')))
        });
    let id = match same {
        Some(id) => id,
        None => locked.call(
            None,
            CreateBot {
                username: new.username,
                first_name: new.first_name,
                token,
            },
        )?,
    };
    let world = locked.world();
    let (user, bot) = world
        .user(id)
        .zip(world.bot(id))
        .ok_or_else(|| Failure::internal(&"the new bot is gone"))?;
    json(&Made {
        id,
        username: user.username.as_deref().unwrap_or_default(),
        token: &bot.token,
        first_name: &user.first_name,
    })
}

#[derive(Serialize)]
struct List<'a> {
    bots: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    id: UserId,
    username: &'a str,
    first_name: &'a str,
    token: &'a str,
    receives: &'static str,
    pending_update_count: usize,
    commands: Vec<ringback_botapi::BotCommand>,
}

/// `GET /bots`
pub(super) fn list(app: &Arc<App>, _: &Ask) -> Outcome {
    let locked = app.hub.lock();
    let world = locked.world();
    json(&List {
        bots: world.bots().map(|bot| row(world, bot)).collect(),
    })
}

fn row<'a>(world: &'a World, bot: &'a Bot) -> Row<'a> {
    let user = world.user(bot.id);
    Row {
        id: bot.id,
        username: user.and_then(|user| user.username.as_deref()).unwrap_or_default(),
        first_name: user.map_or("", |user| &user.first_name),
        token: &bot.token,
        receives: receives(bot),
        pending_update_count: bot.queue.len(),
        commands: default_commands(bot),
    }
}

/// The command menu that everybody is shown who has no other.
fn default_commands(bot: &Bot) -> Vec<ringback_botapi::BotCommand> {
    let key = ("default".to_owned(), String::new());
    bot.commands
        .get(&key)
        .map_or(Vec::new(), |commands| to_bot_api::bot_commands(commands))
}

/// How a bot gets its updates, as far as it has shown.
pub(super) fn receives(bot: &Bot) -> &'static str {
    if bot.webhook.is_some() {
        "webhook"
    } else if bot.has_polled {
        "polling"
    } else {
        "nothing"
    }
}
