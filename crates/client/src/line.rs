//! A line to one data centre: a key for it, and the task that keeps the connection.

use std::sync::Arc;

use ringback_mtproto::AuthKey;
use ringback_mtproto::session::ClientSession;
use tokio::sync::mpsc;
use tokio::time::sleep;

use crate::builder::Settings;
use crate::engine::{Command, Engine, Forward};
use crate::error::Error;
use crate::link::Link;
use crate::server::Place;
use crate::system::random;

/// Calls that wait to be taken by the task; further ones wait to wait.
const QUEUE: usize = 64;

/// Where calls to a data centre go.
pub(crate) type Line = mpsc::Sender<Command>;

/// Connects, as often as the settings say; makes a key if there is none, and with perfect forward secrecy a temporary
/// one under it. Brings the line and its permanent key.
pub(crate) async fn open(
    settings: &Arc<Settings>,
    place: Place,
    key: Option<AuthKey>,
) -> Result<(Line, AuthKey), Error> {
    let mut pause = settings.backoff.0;
    let mut left = settings.connect_attempts;
    let first = loop {
        match first_link(settings, place, key.clone()).await {
            Ok(first) => break first,
            Err(error @ (Error::Connect(_) | Error::Timeout(_) | Error::Handshake(_))) if left > 1 => {
                tracing::debug!(%error, "trying again");
            }
            Err(error) => return Err(error),
        }
        left -= 1;
        sleep(pause).await;
        pause = (pause * 2).min(settings.backoff.1);
    };
    let (commands, orders) = mpsc::channel(QUEUE);
    let engine = Engine::new(Arc::clone(settings), place, first.session, first.forward, orders);
    tokio::spawn(engine.run(first.link));
    Ok((commands, first.key))
}

struct First {
    link: Link,
    session: ClientSession,
    forward: Option<Forward>,
    key: AuthKey,
}

async fn first_link(settings: &Settings, place: Place, kept: Option<AuthKey>) -> Result<First, Error> {
    let mut link = Link::open(settings, place).await?;
    let (key, salt, offset) = match kept {
        Some(key) => (key, 0, 0),
        None => {
            let made = link.make_key(settings, place.dc, None).await?;
            (made.key, made.salt, made.time_offset)
        }
    };
    let Some(life) = settings.forward_secrecy else {
        let session = ClientSession::new(Arc::new(key.clone()), salt, offset, &mut random);
        return Ok(First {
            link,
            session,
            forward: None,
            key,
        });
    };
    let (session, forward) = Forward::make(&mut link, settings, place.dc, key.clone(), life).await?;
    Ok(First {
        link,
        session,
        forward: Some(forward),
        key,
    })
}
