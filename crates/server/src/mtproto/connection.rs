//! One connection: bytes to packets, packets to sessions, and back.

use super::rpc;
use super::session::{Line, Session};
use super::{Mtproto, now};
use crate::app::App;
use ringback_mtproto::Side;
use ringback_mtproto::handshake::{ServerHandshake, auth_key_id};
use ringback_mtproto::session::{EnvelopeError, ServerEvent, open};
use ringback_mtproto::transport::{Detected, Detector, Frame, Transport};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::Instant;

/// How much is read at once.
const READ: usize = 4096;
/// How long a connection may take to say what it is, and later be silent.
const FIRST_BYTES: Duration = Duration::from_secs(60);
const SILENCE: Duration = Duration::from_secs(30 * 60);

/// Reads until it is clear what a connection is: `None` if it ends before, or is nothing known. With HTTP come the
/// bytes that were read.
pub(crate) async fn detect<S: AsyncRead + Unpin>(
    stream: &mut S,
    mut detector: Detector,
) -> Option<(Detected, Vec<u8>)> {
    let read = async {
        let mut buffer = [0; READ];
        loop {
            let count = stream.read(&mut buffer).await.ok().filter(|count| *count > 0)?;
            match detector.feed(&buffer[..count]) {
                Ok(None) => {}
                Ok(Some(found)) => return Some((found, detector.buffered().to_vec())),
                Err(error) => {
                    tracing::debug!(%error, "neither HTTP nor MTProto");
                    return None;
                }
            }
        }
    };
    tokio::time::timeout(FIRST_BYTES, read).await.ok().flatten()
}

/// Carries a connection to its end.
pub(crate) async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    app: &Arc<App>,
    stream: S,
    transport: Transport,
) {
    let (mut from, mut to) = tokio::io::split(stream);
    let mut connection = Connection {
        app: Arc::clone(app),
        transport,
        line: Arc::new(Line::new()),
        sessions: HashMap::new(),
        handshake: None,
        out: Vec::new(),
        cut_at: None,
    };
    let mut buffer = vec![0; READ];
    loop {
        if connection.take_frames().await.is_err() {
            break;
        }
        connection.flush();
        if !connection.out.is_empty() {
            // Nobody is told of anything that a crash could still undo.
            if app.hub.settled().await.is_err() || to.write_all(&connection.out).await.is_err() {
                break;
            }
            connection.out.clear();
            connection.out.shrink_to(READ);
        }
        let silence = Instant::now() + SILENCE;
        let cut_at = connection.cut_at.unwrap_or(silence);
        tokio::select! {
            read = from.read(&mut buffer) => match read {
                Ok(count) if count > 0 => connection.transport.feed(&buffer[..count]),
                _ => break,
            },
            () = connection.line.woken() => {}
            () = tokio::time::sleep(connection.due()) => {}
            () = tokio::time::sleep_until(cut_at) => break,
        }
    }
    for session in connection.sessions.values() {
        session.hang_up(&connection.line);
    }
}

struct Connection {
    app: Arc<App>,
    transport: Transport,
    line: Arc<Line>,
    sessions: HashMap<(i64, i64), Arc<Session>>,
    handshake: Option<ServerHandshake>,
    /// What is to be written.
    out: Vec<u8>,
    /// When to close, if the client wants it so.
    cut_at: Option<Instant>,
}

/// The connection cannot go on.
struct Broken;

impl Connection {
    fn mtproto(&self) -> &Mtproto {
        &self.app.hub.mtproto
    }

    async fn take_frames(&mut self) -> Result<(), Broken> {
        loop {
            match self.transport.next_frame() {
                Ok(None) => return Ok(()),
                Ok(Some(Frame::Packet { payload, quick_ack })) => self.packet(payload, quick_ack).await,
                // Only servers say such things.
                Ok(Some(Frame::QuickAck(_) | Frame::Error(_))) => {}
                Err(error) => {
                    tracing::debug!(%error, "an MTProto connection is cut");
                    return Err(Broken);
                }
            }
        }
    }

    async fn packet(&mut self, mut payload: Vec<u8>, quick_ack: bool) {
        match auth_key_id(&payload) {
            None => self.refuse(-404),
            Some(0) => self.exchange(payload).await,
            Some(id) => {
                let Some(key) = self.mtproto().key(id) else {
                    return self.refuse(-404);
                };
                match open(&key, Side::Client, &mut payload) {
                    Ok(envelope) => {
                        if quick_ack {
                            self.transport.send_quick_ack(envelope.quick_ack, &mut self.out);
                        }
                        if let Some(session) = self.mtproto().session(id, envelope.session_id) {
                            self.sessions
                                .entry((id, session.id))
                                .or_insert_with(|| Arc::clone(&session));
                            let events = session.receive(envelope, &self.line);
                            for event in events {
                                self.event(&session, event);
                            }
                        }
                    }
                    Err(EnvelopeError::UnknownKey) => self.refuse(-404),
                    // The security guidelines: not a word.
                    Err(error) => tracing::debug!(%error, "a packet is dropped"),
                }
            }
        }
    }

    fn refuse(&mut self, code: i32) {
        self.transport.send_error(code, &mut self.out, &mut super::random);
    }

    /// One step of a key exchange. It is work for milliseconds, so others must not wait for it.
    async fn exchange(&mut self, payload: Vec<u8>) {
        let app = Arc::clone(&self.app);
        let handshake = self.handshake.take();
        let step = tokio::task::spawn_blocking(move || {
            let mtproto = &app.hub.mtproto;
            let mut handshake = match (handshake, mtproto.group.clone()) {
                (Some(handshake), _) => handshake,
                (None, Some(group)) => ServerHandshake::new(mtproto.rsa(), group),
                (None, None) => return None,
            };
            let taken = |id| mtproto.has_key(id);
            let reply = match handshake.receive(&payload, now(), &mut super::random, taken) {
                Ok(mut reply) => {
                    if let Some(created) = reply.created.take() {
                        mtproto.add_key(created);
                    }
                    Some(reply.packet)
                }
                Err(error) => {
                    tracing::debug!(%error, "a key exchange failed");
                    None
                }
            };
            Some((handshake, reply))
        });
        match step.await {
            Ok(Some((handshake, reply))) => {
                self.handshake = Some(handshake);
                match reply {
                    Some(packet) => self.transport.send(&packet, &mut self.out, &mut super::random),
                    None => self.refuse(-404),
                }
            }
            Ok(None) | Err(_) => self.refuse(-404),
        }
    }

    fn event(&mut self, session: &Arc<Session>, event: ServerEvent) {
        match event {
            ServerEvent::Request { msg_id, body, .. } => rpc::answer(&self.app, session, msg_id, &body),
            ServerEvent::DisconnectAfter(delay) => {
                self.cut_at = Some(Instant::now() + delay.max(Duration::from_secs(1)))
            }
            ServerEvent::DestroySession { session_id } => {
                let found = self.mtproto().destroy_session(session.key_id, session_id);
                session.session_destroyed(session_id, found);
            }
            ServerEvent::DestroyKey => {
                session.key_destroyed();
                self.flush();
                self.mtproto().destroy_key(session.key_id);
            }
            ServerEvent::Malformed { error, .. } => tracing::debug!(%error, "a service message is malformed"),
            ServerEvent::Begun
            | ServerEvent::Acknowledged(_)
            | ServerEvent::Dropped { .. }
            | ServerEvent::Refused { .. } => {}
        }
    }

    fn flush(&mut self) {
        for session in self.sessions.values() {
            for packet in session.flush() {
                self.transport.send(&packet, &mut self.out, &mut super::random);
            }
        }
    }

    /// How long until something is due.
    fn due(&self) -> Duration {
        let due = self
            .sessions
            .values()
            .filter_map(|session| session.poll_at())
            .min();
        due.map_or(SILENCE, |due| {
            due.saturating_sub(now()) + Duration::from_millis(1)
        })
    }
}
