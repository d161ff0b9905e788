//! One connection of the ready server: requests in, responses out, HTTP/1.1.
//!
//! It does what a webhook needs: POST with a body of a known or chunked length, one request at a time (one that is
//! sent behind another waits for its response), one write for each response.

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};
use http::StatusCode;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::request::{Framing, Head};
use super::service::{Said, WebhookService};
use crate::time::timeout_at;

/// How long a connection may be silent between requests (up to twice that), and how long a request may take.
const SILENCE: Duration = Duration::from_secs(60);
const REQUEST_TIME: Duration = Duration::from_secs(30);
/// The room for a request at first: that of a press.
const ROOM: usize = 4 * 1024;
/// A connection that is kept does not keep more than this for the next request.
const KEEP: usize = 64 * 1024;

pub(super) async fn converse(
    socket: TcpStream,
    service: WebhookService,
    path: Option<Arc<str>>,
    mut stopped: watch::Receiver<()>,
) -> io::Result<()> {
    // A response is one small write: waiting for more to send with it only adds to every answer.
    let _ = socket.set_nodelay(true);
    // Nothing is ever sent: the sender is dropped when all is to end.
    let running = stopped.clone();
    let mut stop = std::pin::pin!(async move {
        let _ = stopped.changed().await;
    });
    let mut silent = std::pin::pin!(sleep_until(Instant::now() + SILENCE));
    // Whether a request has come since the timer was set.
    let mut spoke = true;
    let mut connection = Connection {
        socket,
        buffer: BytesMut::with_capacity(ROOM),
        out: Vec::new(),
    };
    loop {
        // Between requests the end may come; in the middle of one it waits.
        tokio::select! {
            biased;
            read = connection.first() => if !read? { return Ok(()) },
            () = &mut stop => return Ok(()),
            // One timer for the connection, not one for each request.
            () = silent.as_mut() => {
                if !std::mem::take(&mut spoke) {
                    return Ok(());
                }
                silent.as_mut().reset(Instant::now() + SILENCE);
                continue;
            }
        }
        spoke = true;
        let request = {
            let end = || Instant::now() + REQUEST_TIME;
            let request = pin!(connection.request(&service, path.as_deref()));
            match timeout_at(end, request).await {
                Ok(request) => request?,
                Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
            }
        };
        let ((update, said), keep_alive) = match request {
            Ok((body, keep_alive)) => tokio::select! {
                biased;
                taken = service.take(&body) => (taken, keep_alive),
                // Nobody is there to read the response: the answer goes by a call when there is one.
                () = connection.gone() => return Ok(()),
            },
            // What is left of the request is not read.
            Err(status) => ((None, Said::refusal(status)), false),
        };
        let stopping = running.has_changed().is_err();
        let responded = connection.respond(&said, keep_alive && !stopping).await;
        if let (Err(_), Some(update)) = (&responded, update) {
            service.lost(update);
        }
        responded?;
        if !keep_alive || stopping {
            return Ok(());
        }
    }
}

struct Connection {
    socket: TcpStream,
    buffer: BytesMut,
    out: Vec<u8>,
}

impl Connection {
    /// Waits for the first bytes of a request; false if none come any more.
    async fn first(&mut self) -> io::Result<bool> {
        if !self.buffer.is_empty() {
            return Ok(true);
        }
        self.buffer.reserve(ROOM);
        Ok(self.socket.read_buf(&mut self.buffer).await? > 0)
    }

    /// Ready when whoever waits for the response has hung up. What is sent behind the request is kept for its turn.
    async fn gone(&mut self) {
        while self.buffer.len() < KEEP {
            self.buffer.reserve(ROOM);
            if matches!(self.socket.read_buf(&mut self.buffer).await, Ok(0) | Err(_)) {
                return;
            }
        }
        std::future::pending().await
    }

    /// Reads a request; its body and whether another may follow, or why it is refused.
    async fn request(
        &mut self,
        service: &WebhookService,
        path: Option<&str>,
    ) -> io::Result<Result<(Bytes, bool), StatusCode>> {
        let head = loop {
            match Head::parse(&self.buffer) {
                Ok(Some(head)) => break head,
                Ok(None) => self.more().await?,
                Err(status) => return Ok(Err(status)),
            }
        };
        if path.is_some_and(|path| path != head.path) {
            return Ok(Err(StatusCode::NOT_FOUND));
        }
        if !head.is_post {
            return Ok(Err(StatusCode::METHOD_NOT_ALLOWED));
        }
        if !service.knows_secret(head.secret) {
            return Ok(Err(StatusCode::UNAUTHORIZED));
        }
        let Head {
            framing,
            keep_alive,
            expects_continue,
            length,
            ..
        } = head;
        self.buffer.advance(length);
        let limit = service.body_limit();
        if expects_continue && matches!(framing, Framing::Chunked | Framing::Length(1..)) {
            self.socket.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await?;
        }
        let body = match framing {
            Framing::Length(length) if length > limit => return Ok(Err(StatusCode::PAYLOAD_TOO_LARGE)),
            Framing::Length(length) => self.sized(length).await?,
            Framing::Chunked => match Box::pin(self.chunked(limit)).await? {
                Ok(body) => body,
                Err(status) => return Ok(Err(status)),
            },
        };
        if self.buffer.capacity() > KEEP && self.buffer.is_empty() {
            self.buffer = BytesMut::with_capacity(ROOM);
        }
        Ok(Ok((body, keep_alive)))
    }

    async fn sized(&mut self, length: usize) -> io::Result<Bytes> {
        if let Some(missing) = length.checked_sub(self.buffer.len()) {
            self.buffer.reserve(missing);
        }
        while self.buffer.len() < length {
            self.more().await?;
        }
        Ok(self.buffer.split_to(length).freeze())
    }

    async fn chunked(&mut self, limit: usize) -> io::Result<Result<Bytes, StatusCode>> {
        let mut body = BytesMut::new();
        loop {
            let (start, size) = match httparse::parse_chunk_size(&self.buffer) {
                Ok(httparse::Status::Complete(found)) => found,
                Ok(httparse::Status::Partial) if self.buffer.len() < ROOM => {
                    self.more().await?;
                    continue;
                }
                _ => return Ok(Err(StatusCode::BAD_REQUEST)),
            };
            let size = usize::try_from(size).unwrap_or(usize::MAX);
            if size > limit.saturating_sub(body.len()) {
                return Ok(Err(StatusCode::PAYLOAD_TOO_LARGE));
            }
            self.buffer.advance(start);
            if size == 0 {
                // No sender of updates writes trailers: only the empty line may follow.
                return Ok(match &self.sized(2).await?[..] {
                    b"\r\n" => Ok(body.freeze()),
                    _ => Err(StatusCode::BAD_REQUEST),
                });
            }
            let chunk = self.sized(size + 2).await?;
            body.extend_from_slice(&chunk[..size]);
        }
    }

    async fn more(&mut self) -> io::Result<()> {
        if self.buffer.capacity() == self.buffer.len() {
            self.buffer.reserve(ROOM);
        }
        match self.socket.read_buf(&mut self.buffer).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }

    async fn respond(&mut self, said: &Said, keep_alive: bool) -> io::Result<()> {
        use std::io::Write as _;

        let out = &mut self.out;
        out.clear();
        let reason = said.status.canonical_reason().unwrap_or_default();
        for part in ["HTTP/1.1 ", said.status.as_str(), " ", reason, "\r\n"] {
            out.extend_from_slice(part.as_bytes());
        }
        // Writing to memory can't fail.
        let _ = write!(out, "content-length: {}\r\n", said.body.len());
        for (name, value) in said.headers() {
            for part in [name.as_str(), ": ", value, "\r\n"] {
                out.extend_from_slice(part.as_bytes());
            }
        }
        if !keep_alive {
            out.extend_from_slice(b"connection: close\r\n");
        }
        out.extend_from_slice(b"\r\n");
        out.extend_from_slice(&said.body);
        self.socket.write_all(out).await
    }
}
