//! `/mtproto`, sessions and login codes: for clients that speak MTProto.

use super::error::Failure;
use super::{Ask, Outcome};
use crate::app::App;
use hyper::StatusCode;
use std::sync::Arc;

/// `GET /mtproto`
pub(super) fn about(_: &Arc<App>, _: &Ask) -> Outcome {
    not_available()
}

/// `POST /users/{id}/sessions`
pub(super) fn sessions(app: &Arc<App>, ask: &Ask) -> Outcome {
    ask.id(0).person(app.hub.lock().world())?;
    not_available()
}

/// `GET /users/{id}/login_code`
pub(super) fn login_code(app: &Arc<App>, ask: &Ask) -> Outcome {
    ask.id(0).person(app.hub.lock().world())?;
    not_available()
}

fn not_available() -> Outcome {
    let failure = Failure::new(
        StatusCode::NOT_IMPLEMENTED,
        "not_available",
        "This server does not speak MTProto yet",
    );
    Err(failure.hint("The control API acts for users meanwhile: POST /messages, POST /presses."))
}
