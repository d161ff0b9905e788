//! `/users`

use super::id::Id;
use super::shapes::{self, filled};
use super::{Ask, Outcome, done, json};
use crate::app::App;
use ringback_world::calls::{Block, CreateUser};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewUser {
    first_name: String,
    last_name: Option<String>,
    username: Option<String>,
    phone: Option<String>,
    language_code: Option<String>,
    password: Option<String>,
}

/// `POST /users`
pub(super) fn create(app: &Arc<App>, ask: &Ask) -> Outcome {
    let new: NewUser = ask.body()?;
    let call = CreateUser {
        first_name: new.first_name,
        last_name: filled(new.last_name),
        username: filled(new.username).map(|name| name.trim_start_matches('@').to_owned()),
        phone: filled(new.phone),
        language_code: filled(new.language_code),
    };
    let id = app.hub.call(None, call)?;
    if let Some(password) = filled(new.password) {
        app.hub.mtproto.set_password(id, Some(&password));
    }
    json(&shapes::user(app.hub.lock().world(), id))
}

/// `GET /users`: people; `GET /bots` has the bots.
pub(super) fn list(app: &Arc<App>, _: &Ask) -> Outcome {
    #[derive(Serialize)]
    struct List<U> {
        users: Vec<U>,
    }
    let locked = app.hub.lock();
    let world = locked.world();
    let people = world.users().filter(|user| !user.is_bot);
    json(&List {
        users: people.map(|user| shapes::user(world, user.id)).collect(),
    })
}

/// `GET /users/{id}`
pub(super) fn one(app: &Arc<App>, ask: &Ask) -> Outcome {
    let locked = app.hub.lock();
    let world = locked.world();
    json(&shapes::user(world, ask.id(0).user(world)?.id))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Whom {
    user: Id,
}

/// `POST /users/{id}/block`
pub(super) fn block(app: &Arc<App>, ask: &Ask) -> Outcome {
    set_blocked(app, ask, true)
}

/// `POST /users/{id}/unblock`
pub(super) fn unblock(app: &Arc<App>, ask: &Ask) -> Outcome {
    set_blocked(app, ask, false)
}

fn set_blocked(app: &Arc<App>, ask: &Ask, blocked: bool) -> Outcome {
    let whom: Whom = ask.body()?;
    let mut locked = app.hub.lock();
    let by = ask.id(0).person(locked.world())?;
    let user = whom.user.user(locked.world())?.id;
    locked.call(None, Block { by, user, blocked })?;
    done()
}
