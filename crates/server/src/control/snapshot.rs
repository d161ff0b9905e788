//! `/snapshot` and `/reset`: the whole world, out and in.

use super::error::Failure;
use super::{Ask, Outcome, done, json};
use crate::app::App;
use crate::bot_api::encode::{from_base64, to_base64};
use bytes::Bytes;
use ringback_world::World;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

const FORMAT: &str = "ringback-snapshot";
const VERSION: u32 = 3;

#[derive(Serialize)]
struct Out<'a> {
    format: &'static str,
    version: u32,
    world: &'a World,
    /// The bytes of files, by their digest.
    files: BTreeMap<String, String>,
}

/// `GET /snapshot`
pub(super) fn read(app: &Arc<App>, _: &Ask) -> Outcome {
    let world = app.hub.lock().world().clone();
    let mut files = BTreeMap::new();
    for file in world.files() {
        let bytes = app
            .hub
            .blobs
            .get(&file.digest)
            .map_err(|error| Failure::internal(&error))?;
        files.extend(bytes.map(|bytes| (file.digest.clone(), to_base64(&bytes))));
    }
    json(&Out {
        format: FORMAT,
        version: VERSION,
        world: &world,
        files,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    format: String,
    version: u32,
    #[allow(dead_code, reason = "read only once format and version are known to fit")]
    world: serde::de::IgnoredAny,
    #[serde(default)]
    files: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct In {
    world: World,
}

/// `PUT /snapshot`: this world instead of the one there is. Whoever waits for something is let go.
pub(super) fn replace(app: &Arc<App>, ask: &Ask) -> Outcome {
    let head: Head = ask.body()?;
    if head.format != FORMAT || head.version != VERSION {
        let message = format!(
            "This is version {} of “{}”, but version {VERSION} of “{FORMAT}” is needed",
            head.version, head.format
        );
        return Err(Failure::bad_request(message)
            .hint("Use what GET /snapshot of the same version of this program gave."));
    }
    let In { world } = ask.body()?;
    for (digest, text) in &head.files {
        let wrong = || Failure::bad_request(format!("The file {digest} is not what its name says"));
        let bytes = from_base64(text).ok_or_else(wrong)?;
        if app
            .hub
            .blobs
            .put(Bytes::from(bytes))
            .map_err(|error| Failure::internal(&error))?
            != *digest
        {
            return Err(wrong());
        }
    }
    // The world's time does not go back: a clock that is behind is turned forward.
    app.hub.clock.advance(world.now().since(app.hub.clock.now()));
    app.hub
        .replace(Some(world))
        .map_err(|error| Failure::internal(&error))?;
    done()
}

/// `POST /reset`: an empty world.
pub(super) fn reset(app: &Arc<App>, _: &Ask) -> Outcome {
    app.hub.replace(None).map_err(|error| Failure::internal(&error))?;
    done()
}
