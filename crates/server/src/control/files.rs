//! `/files`: the bytes of what was sent.

use super::error::Failure;
use super::{Ask, Outcome};
use crate::app::App;
use crate::bot_api::encode as to_bot_api;
use crate::http::full;
use hyper::StatusCode;
use hyper::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, HeaderValue, X_CONTENT_TYPE_OPTIONS,
};
use std::sync::Arc;

/// `GET /files/{file_id}`: by the `file_id` that stands in a message.
pub(super) fn one(app: &Arc<App>, ask: &Ask) -> Outcome {
    let missing = || {
        Failure::not_found(format!("There is no file {}", ask.part(0)))
            .hint("It is the “file_id” of a photo, a film or another file in a message.")
    };
    let digest = {
        let locked = app.hub.lock();
        let file = to_bot_api::read_file_id(ask.part(0)).and_then(|(_, id)| locked.world().file(id));
        file.ok_or_else(missing)?.digest.clone()
    };
    let bytes = app
        .hub
        .blobs
        .get(&digest)
        .map_err(|error| Failure::internal(&error))?
        .ok_or_else(missing)?;
    let shown = shown(&bytes);
    let mut response = full(StatusCode::OK, shown.unwrap_or("application/octet-stream"), bytes);
    let headers = response.headers_mut();
    // Whatever a bot sent must not run as a page of this server.
    headers.insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; sandbox"),
    );
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, max-age=3600"));
    if shown.is_none() {
        headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    }
    Ok(response)
}

/// What kind of picture, film or recording it is, by its first bytes; nothing of what the page does not show.
fn shown(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => Some("video/mp4"),
        [0x1a, 0x45, 0xdf, 0xa3, ..] => Some("video/webm"),
        [b'O', b'g', b'g', b'S', ..] => Some("audio/ogg"),
        [b'I', b'D', b'3', ..] | [0xff, 0xf3 | 0xfb, ..] => Some("audio/mpeg"),
        _ => None,
    }
}
