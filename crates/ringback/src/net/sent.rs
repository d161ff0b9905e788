//! A call in two steps, for whoever must know when the request has gone out.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::pool::Lease;
use super::{Pool, Response, repeatable};
use crate::error::Error;

/// A call with a connection to go out on.
pub(crate) struct Ready(Sent);

/// A call whose request has been written, whole, and whose response is still to come. Dropped, the response is never
/// read, and its connection is closed.
pub(crate) struct Sent {
    pool: Pool,
    lease: Lease,
    method: &'static str,
    /// Kept for the case that the connection turns out to have been closed before.
    request: Vec<u8>,
    limit: Duration,
    end: Instant,
}

impl Pool {
    /// Waits for a connection. `limit` is for all of the call.
    pub(crate) async fn ready(
        &self,
        method: &'static str,
        request: Vec<u8>,
        limit: Duration,
    ) -> Result<Ready, Error> {
        let end = Instant::now() + limit;
        let lease = match timeout_at(end, self.checkout()).await {
            Ok(lease) => lease.map_err(|source| Error::Network { method, source })?,
            Err(_) => return Err(Error::Timeout { method, limit }),
        };
        Ok(Ready(Sent {
            pool: self.clone(),
            lease,
            method,
            request,
            limit,
            end,
        }))
    }
}

impl Ready {
    /// Writes the request; ready when its last byte has been handed to the connection.
    pub(crate) async fn write(self) -> Result<Sent, Error> {
        let Ready(mut sent) = self;
        let (method, limit) = (sent.method, sent.limit);
        let write = async {
            loop {
                match sent.lease.send(&sent.request).await {
                    Ok(()) => return Ok(()),
                    Err(broken) if broken.silent && sent.lease.used() && repeatable(method) => {
                        sent.lease = sent.pool.checkout().await?;
                    }
                    Err(broken) => return Err(broken.error),
                }
            }
        };
        match timeout_at(sent.end, write).await {
            Ok(Ok(())) => Ok(sent),
            Ok(Err(source)) => Err(Error::Network { method, source }),
            Err(_) => Err(Error::Timeout { method, limit }),
        }
    }
}

impl Sent {
    pub(crate) fn method(&self) -> &'static str {
        self.method
    }

    /// Reads the response. A kept-alive connection that the server had closed in the moment of the writing is replaced
    /// for what may be sent twice: see [`Pool::call`].
    pub(crate) async fn response(self) -> Result<Response, Error> {
        let Sent {
            pool,
            lease,
            method,
            request,
            limit,
            end,
        } = self;
        let used = lease.used();
        match timeout_at(end, lease.receive()).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(broken)) if broken.silent && used && repeatable(method) => {
                let left = end.saturating_duration_since(Instant::now());
                Box::pin(pool.call(method, &request, left)).await
            }
            Ok(Err(broken)) => Err(Error::Network {
                method,
                source: broken.error,
            }),
            Err(_) => Err(Error::Timeout { method, limit }),
        }
    }
}

impl std::fmt::Debug for Sent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sent")
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}
