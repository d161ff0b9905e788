//! One session of one client: it outlives connections.

use super::now;
use ringback_mtproto::AuthKey;
use ringback_mtproto::session::{Envelope, ServerEvent, ServerSalts, ServerSession, SessionOptions};
use ringback_tl::{Encode, Layer, types};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// This many updates may wait for a client that does not read; then it is only told that it missed some.
const MAX_WAITING: usize = 512;

/// What an rpc_error says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Refusal {
    pub code: i32,
    pub text: String,
}

/// A session, shared by its connection and the requests under way.
#[derive(Debug)]
pub(super) struct Session {
    pub key_id: i64,
    pub id: i64,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    protocol: ServerSession,
    layer: Layer,
    /// What the client last said that it speaks, which may be no layer of ours.
    announced: Option<i32>,
    /// Has not asked for anything yet that updates may follow.
    deaf: bool,
    /// Updates since the last flush.
    waiting: usize,
    line: Option<Arc<Line>>,
}

/// A connection, as its sessions know it.
#[derive(Debug)]
pub(super) struct Line {
    number: u64,
    wake: Notify,
}

impl Line {
    pub(super) fn new() -> Line {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Line {
            number: NEXT.fetch_add(1, Ordering::Relaxed),
            wake: Notify::new(),
        }
    }

    /// Resolves when a session has something to send.
    pub(super) async fn woken(&self) {
        self.wake.notified().await;
    }
}

impl Session {
    pub(super) fn new(key: Arc<AuthKey>, id: i64, salts: ServerSalts, layer: Option<i32>) -> Session {
        let key_id = key.id();
        let options = SessionOptions {
            // One library counts what others do not; nothing depends on it here.
            check_seqno: false,
            ..SessionOptions::default()
        };
        let inner = Inner {
            protocol: ServerSession::new(key, id, salts, options),
            layer: layer.map_or(Layer::ALL[0], |layer| Layer::pick(layer).layer),
            announced: None,
            deaf: true,
            waiting: 0,
            line: None,
        };
        Session {
            key_id,
            id,
            inner: Mutex::new(inner),
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a packet that came over `line`: from now on that is where answers go.
    pub(super) fn receive(&self, envelope: Envelope, line: &Arc<Line>) -> Vec<ServerEvent> {
        let mut inner = self.inner();
        let other = inner
            .line
            .replace(Arc::clone(line))
            .is_none_or(|old| old.number != line.number);
        if other {
            // What was sent into a connection that broke is sent again.
            inner.protocol.resend_updates();
        }
        inner.protocol.receive(envelope, now(), &mut super::random)
    }

    /// The connection is gone.
    pub(super) fn hang_up(&self, line: &Line) {
        let mut inner = self.inner();
        if inner.line.as_ref().is_some_and(|own| own.number == line.number) {
            inner.line = None;
        }
    }

    pub(super) fn is_connected(&self) -> bool {
        self.inner().line.is_some()
    }

    pub(super) fn layer(&self) -> Layer {
        self.inner().layer
    }

    /// The client says which layer it speaks. Gives the layer that it is served by, if that is another one and this is
    /// the first time that it says so.
    pub(super) fn announce(&self, layer: i32) -> Option<Layer> {
        let chosen = Layer::pick(layer);
        let mut inner = self.inner();
        inner.layer = chosen.layer;
        let is_news = inner.announced.replace(layer) != Some(layer);
        (is_news && !chosen.exact).then_some(chosen.layer)
    }

    /// A request came in that updates may follow, from now on.
    pub(super) fn listen(&self) {
        self.inner().deaf = false;
    }

    /// Answers a request.
    pub(super) fn reply(&self, request: i64, answer: Result<Vec<u8>, Refusal>) {
        let mut inner = self.inner();
        match answer {
            Ok(body) => inner.protocol.reply(request, &body, now()),
            Err(Refusal { code, text }) => inner.protocol.reply_error(request, code, &text, now()),
        };
        inner.wake();
    }

    /// Answers `destroy_session` for another session.
    pub(super) fn session_destroyed(&self, id: i64, found: bool) {
        self.inner().protocol.session_destroyed(id, found, now());
    }

    /// Answers `destroy_auth_key`.
    pub(super) fn key_destroyed(&self) {
        self.inner().protocol.key_destroyed(Some(true), now());
    }

    /// Whether there is any use in pushing.
    pub(super) fn listens(&self) -> bool {
        let inner = self.inner();
        !inner.deaf && inner.line.is_some()
    }

    /// Sends an update; not to whoever has no connection: it will ask what it missed.
    pub(super) fn push(&self, updates: &types::Updates) {
        let mut inner = self.inner();
        if inner.deaf || inner.line.is_none() || inner.waiting > MAX_WAITING {
            return;
        }
        inner.waiting += 1;
        let body = if inner.waiting > MAX_WAITING {
            encode(&types::Updates::TooLong, inner.layer)
        } else {
            encode(updates, inner.layer)
        };
        if let Some(body) = body {
            inner.protocol.push(body, now());
            inner.wake();
        }
    }

    /// The packets that wait.
    pub(super) fn flush(&self) -> Vec<Vec<u8>> {
        let mut inner = self.inner();
        inner.waiting = 0;
        inner.protocol.flush(now(), &mut super::random)
    }

    /// When to flush at the latest.
    pub(super) fn poll_at(&self) -> Option<Duration> {
        self.inner().protocol.poll_at()
    }
}

impl Inner {
    fn wake(&self) {
        if let Some(line) = &self.line {
            line.wake.notify_one();
        }
    }
}

fn encode(value: &impl Encode, layer: Layer) -> Option<Vec<u8>> {
    match ringback_tl::encode(value, layer) {
        Ok(body) => Some(body),
        Err(error) => {
            tracing::warn!(%error, layer = layer.number(), "an update has no form in a client's layer");
            None
        }
    }
}
