//! `/mtproto`, sessions and login codes: for clients that speak MTProto.

use super::error::Failure;
use super::{Ask, Outcome, json};
use crate::app::App;
use crate::mtproto::{DC, Library, login_code as code_of};
use hyper::StatusCode;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// `GET /mtproto`: where it is, and the key that clients must know.
pub(super) fn about(app: &Arc<App>, _: &Ask) -> Outcome {
    #[derive(Serialize)]
    struct About {
        dc_id: i32,
        host: String,
        port: u16,
        public_key_pem: String,
        /// As text: it has more digits than a JSON number keeps.
        fingerprint: String,
    }
    let keys = app.hub.mtproto.rsa();
    let key = keys
        .first()
        .ok_or_else(|| Failure::internal(&"there is no RSA key"))?
        .public();
    let host = if app.addr.ip().is_unspecified() {
        "127.0.0.1".to_owned()
    } else {
        app.addr.ip().to_string()
    };
    json(&About {
        dc_id: DC,
        host,
        port: app.addr.port(),
        public_key_pem: key.to_pem(),
        fingerprint: key.fingerprint().to_string(),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewSession {
    r#for: String,
}

/// `POST /users/{id}/sessions`: signed in already. For bots too.
pub(super) fn sessions(app: &Arc<App>, ask: &Ask) -> Outcome {
    #[derive(Serialize)]
    struct Made {
        session: String,
    }
    let new: NewSession = ask.body()?;
    let library = Library::named(&new.r#for).ok_or_else(|| {
        Failure::bad_request(format!("No sessions are made for “{}”", new.r#for))
            .hint("“for” is one of telethon, gramjs, pyrogram and ringback.")
    })?;
    let (user, is_bot) = {
        let locked = app.hub.lock();
        let user = ask.id(0).user(locked.world())?;
        (user.id, user.is_bot)
    };
    let session = app.hub.mtproto.ready_session(user, is_bot, library, app.addr);
    json(&Made { session })
}

/// `GET /users/{id}/login_code`: what the next login with the user's number takes.
pub(super) fn login_code(app: &Arc<App>, ask: &Ask) -> Outcome {
    #[derive(Serialize)]
    struct Code {
        phone: String,
        code: String,
    }
    let locked = app.hub.lock();
    let id = ask.id(0).person(locked.world())?;
    let phone = locked.world().user(id).and_then(|user| user.phone.clone());
    let phone = phone.ok_or_else(|| {
        let failure = Failure::new(
            StatusCode::BAD_REQUEST,
            "no_phone",
            "This user has no phone number, so no code can be sent to it",
        );
        failure.hint("POST /users takes “phone”; POST /users/{id}/sessions needs none.")
    })?;
    let code = code_of(&phone);
    json(&Code { phone, code })
}
