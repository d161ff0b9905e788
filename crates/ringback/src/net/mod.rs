//! The way to the API server: HTTP/1.1 over connections of our own, kept alive and used again.
//!
//! A call is one small JSON body each way, so what it costs is the connection's upkeep. There is no general
//! client in between: a lease of an idle connection, one request, one body, and the connection goes back.
//!
//! # Why not HTTP/2
//!
//! It would put all calls on one connection. What it saves is handshakes, and kept-alive connections have none: under
//! load a call finds a connection that another has just left. What it costs each call is a hand-over to the task that
//! owns the connection and back, and flow-control windows that a large upload can use up. Measured (`bench/http`), that
//! hand-over adds half to the processor time of a call by itself; with hundreds at once HTTP/2 takes up to a quarter less,
//! some 3 µs a call, as they share TLS records and system calls, and with a server 30 ms away rates and latencies are
//! alike. It is not for its costs, then, that it is not used: where one connection carries everything, one lost packet
//! holds up everything behind it, and an answer would wait for somebody's photo. Here an answer never shares its
//! connection with another call.
//!
//! # What an answer need not wait for
//!
//! When all connections are busy, calls wait for one in the order in which they came; answers to queries come before
//! all others, and [`RESERVE`](pool::RESERVE) more connections are opened for them alone.

mod body;
pub(crate) mod connect;
mod connection;
mod endpoint;
#[cfg(all(unix, any(test, fuzzing)))]
pub(crate) mod fuzz;
mod head;
mod pool;
mod proxy;
mod request;
mod sent;

use connection::Connection;
pub(crate) use endpoint::Endpoint;
pub(crate) use pool::Pool;
pub use proxy::Proxy;
pub(crate) use request::Request;
pub(crate) use sent::{Draft, Ready, Sent};

use std::future::Future;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::timeout;

use crate::error::{BoxError, Error};
use crate::form::Form;
use crate::outgoing::{About, Class};
use body::Incoming;
use pool::Lease;

/// The largest result of a method that is read; getUpdates stops at 4 MiB by itself.
const MAX_RESULT: usize = 16 << 20;
/// The largest file that is read into memory; Telegram's own server gives out up to 20 MB.
pub(crate) const MAX_FILE: usize = 64 << 20;
/// The largest text of an error that is read.
const MAX_ERROR: usize = 1 << 20;

/// What came back: the HTTP status and the whole body.
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) body: Bytes,
}

impl Pool {
    /// Sends one call and reads its response. `limit` counts from here, the wait for a connection included; with a
    /// form it counts for each step.
    pub(crate) async fn call(
        &self,
        about: &About,
        request: &Request,
        limit: Duration,
    ) -> Result<Response, Error> {
        match request {
            Request::Whole(bytes) => within(about, limit, self.exchange(about, bytes)).await,
            Request::Form { head, form } => Box::pin(self.upload(about, head, form, limit)).await,
        }
    }

    async fn exchange(&self, about: &About, request: &[u8]) -> Result<Response, Error> {
        loop {
            let lease = self.checkout(about.class == Class::Answer).await;
            let lease = lease.map_err(|error| network(about, false, error))?;
            let used = lease.used();
            match lease.exchange(request).await {
                Ok(response) => return Ok(response),
                // A kept-alive connection that the server closed in the moment in which it was used. Whether the
                // call was read is not known; what may be sent twice goes over the next connection.
                Err(broken) if broken.silent && used && about.class.is_repeatable() => {}
                Err(broken) => return Err(network(about, true, broken.error)),
            }
        }
    }

    async fn upload(
        &self,
        about: &About,
        head: &[u8],
        form: &Form,
        limit: Duration,
    ) -> Result<Response, Error> {
        let file = |source| Error::File {
            method: about.method,
            source,
        };
        let lease = within(about, limit, async {
            let lease = self.checkout(false).await;
            lease.map_err(|error| network(about, false, error))
        });
        let mut lease = lease.await?;
        let mut body = match form.body().await {
            Ok(body) => body,
            Err(error) => {
                lease.give_back();
                return Err(file(error));
            }
        };
        let mut start = head.to_vec();
        match body.length {
            Some(length) => {
                start.extend_from_slice(request::LENGTH);
                start.extend_from_slice(length.to_string().as_bytes());
                start.extend_from_slice(b"\r\n\r\n");
            }
            None => start.extend_from_slice(b"transfer-encoding: chunked\r\n\r\n"),
        }
        let chunked = body.length.is_none();
        let sent = |broken: connection::Broken| network(about, true, broken.error);
        let connection = lease.connection().map_err(|error| network(about, true, error))?;
        let mut heard = !within(about, limit, async {
            connection.send_piece(&start).await.map_err(sent)
        })
        .await?;
        while !heard && let Some(piece) = body.next().await.map_err(file)? {
            heard = !within(about, limit, async {
                let sent_all = match chunked {
                    true => {
                        let size = format!("{:x}\r\n", piece.len());
                        connection.send_piece(size.as_bytes()).await.map_err(sent)?
                            && connection.send_piece(&piece).await.map_err(sent)?
                            && connection.send_piece(b"\r\n").await.map_err(sent)?
                    }
                    false => connection.send_piece(&piece).await.map_err(sent)?,
                };
                Ok(sent_all)
            })
            .await?;
        }
        within(about, limit, async {
            if !heard && chunked {
                heard = !connection.send_piece(b"0\r\n\r\n").await.map_err(sent)?;
            }
            if !heard {
                connection.flush().await.map_err(sent)?;
            }
            Ok(())
        })
        .await?;
        within(about, limit, async { lease.response(!heard).await.map_err(sent) }).await
    }

    /// Sends a call and reads the head of its response; of a refusal all.
    pub(crate) async fn open(
        &self,
        about: &About,
        request: &[u8],
        limit: Duration,
    ) -> Result<Result<Download, Response>, Error> {
        let sent = |error| network(about, true, error);
        within(about, limit, async {
            let lease = self.checkout(false).await;
            let mut lease = lease.map_err(|error| network(about, false, error))?;
            let connection = lease.connection().map_err(sent)?;
            connection
                .send(request)
                .await
                .map_err(|broken| sent(broken.error))?;
            let head = connection.head().await.map_err(|broken| sent(broken.error))?;
            if head.status == 200 {
                return Ok(Ok(Download {
                    incoming: Incoming::new(head.framing),
                    keep: head.keep_alive,
                    lease,
                }));
            }
            let body = body::whole(connection, head.framing, MAX_ERROR)
                .await
                .map_err(sent)?;
            Ok(Err(Response {
                status: head.status,
                body,
            }))
        })
        .await
    }
}

/// A file on its way here.
pub(crate) struct Download {
    incoming: Incoming,
    keep: bool,
    lease: Lease,
}

impl Download {
    /// The next piece; `None` at the end, when the connection has gone back.
    pub(crate) async fn next(&mut self, about: &About, limit: Duration) -> Result<Option<Bytes>, Error> {
        let failed = |error| network(about, true, error);
        within(about, limit, async {
            let connection = self.lease.connection().map_err(failed)?;
            let piece = self.incoming.next(connection).await.map_err(failed)?;
            if piece.is_none() && self.keep && self.incoming.is_framed() && connection.is_clean() {
                self.lease.give_back();
            }
            Ok(piece)
        })
        .await
    }
}

async fn within<T>(
    about: &About,
    limit: Duration,
    step: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    timeout(limit, step).await.unwrap_or(Err(Error::Timeout {
        method: about.method,
        limit,
    }))
}

fn network(about: &About, sent: bool, source: BoxError) -> Error {
    Error::Network {
        method: about.method,
        sent,
        source,
    }
}
