//! `/settings`

use super::error::Failure;
use super::{Ask, Outcome, json};
use crate::app::App;
use ringback_world::SecondAnswer;
use ringback_world::calls::Configure;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

const LONGEST_TIMEOUT_MS: u64 = 24 * 3600 * 1000;

#[derive(Serialize, Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Second {
    Accept,
    Reject,
}

#[derive(Serialize)]
struct Shown {
    answer_timeout_ms: u128,
    second_answer: Second,
    strict: bool,
}

/// `GET /settings`
pub(super) fn read(app: &Arc<App>, _: &Ask) -> Outcome {
    let settings = app.hub.lock().world().settings().clone();
    let second_answer = match settings.second_answer {
        SecondAnswer::Accept => Second::Accept,
        SecondAnswer::Reject => Second::Reject,
    };
    json(&Shown {
        answer_timeout_ms: settings.answer_timeout.as_millis(),
        second_answer,
        strict: app.hub.is_strict(),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Changes {
    answer_timeout_ms: Option<u64>,
    second_answer: Option<Second>,
    strict: Option<bool>,
}

/// `PATCH /settings`: what is not named stays.
pub(super) fn change(app: &Arc<App>, ask: &Ask) -> Outcome {
    let changes: Changes = ask.body()?;
    if changes
        .answer_timeout_ms
        .is_some_and(|ms| ms == 0 || ms > LONGEST_TIMEOUT_MS)
    {
        return Err(Failure::bad_request(format!(
            "“answer_timeout_ms” must be 1 to {LONGEST_TIMEOUT_MS}"
        )));
    }
    let mut locked = app.hub.lock();
    let mut settings = locked.world().settings().clone();
    if let Some(ms) = changes.answer_timeout_ms {
        settings.answer_timeout = Duration::from_millis(ms);
    }
    match changes.second_answer {
        Some(Second::Accept) => settings.second_answer = SecondAnswer::Accept,
        Some(Second::Reject) => settings.second_answer = SecondAnswer::Reject,
        None => {}
    }
    if settings != *locked.world().settings() {
        locked.call(None, Configure { settings })?;
    }
    drop(locked);
    if let Some(strict) = changes.strict {
        app.hub.set_strict(strict);
    }
    read(app, ask)
}
