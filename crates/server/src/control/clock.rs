//! `/clock`

use super::duration::Span;
use super::routes::Later;
use super::{Ask, Outcome, json};
use crate::app::App;
use ringback_world::Time;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// `GET /clock`
pub(super) fn read(app: &Arc<App>, _: &Ask) -> Outcome {
    #[derive(Serialize)]
    struct Clock {
        now: Time,
        advanced_ms: u128,
    }
    let clock = &app.hub.clock;
    json(&Clock {
        now: clock.now(),
        advanced_ms: clock.advanced().as_millis(),
    })
}

/// `POST /clock/advance`
pub(super) fn advance<'a>(app: &'a Arc<App>, ask: &'a Ask) -> Later<'a> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Advance {
        by: Span,
    }
    #[derive(Serialize)]
    struct Advanced {
        now: Time,
    }
    Box::pin(async move {
        let advance: Advance = ask.body()?;
        let now = app.hub.advance(advance.by.0);
        // Everything has happened already; this lets those who waited for it be told first.
        for _ in 0..8 {
            tokio::task::yield_now().await;
        }
        json(&Advanced { now })
    })
}
