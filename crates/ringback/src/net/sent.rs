//! A call in two steps, for whoever must know when the request has gone out.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::pool::Lease;
use super::{Pool, Request, Response, network};
use crate::error::Error;
use crate::outgoing::{About, Class};

/// A call with a connection to go out on.
pub(crate) struct Ready {
    pool: Pool,
    sent: Sent,
}

/// A call whose request has been written, whole, and whose response is still to come. Dropped, the response is never
/// read, and its connection is closed.
pub(crate) struct Sent {
    lease: Lease,
    about: About,
    /// Kept for the case that it has to be sent again.
    request: Request,
    limit: Duration,
    end: Instant,
}

impl Pool {
    /// Waits for a connection. `limit` is for all of the call. Forms go by [`call`](Self::call) only.
    pub(crate) async fn ready(
        &self,
        about: About,
        request: Request,
        limit: Duration,
    ) -> Result<Ready, Error> {
        let end = Instant::now() + limit;
        let lease = match timeout_at(end, self.checkout(about.class == Class::Answer)).await {
            Ok(lease) => lease.map_err(|error| network(&about, false, error))?,
            Err(_) => return Err(timed_out(&about, limit)),
        };
        Ok(Ready {
            pool: self.clone(),
            sent: Sent {
                lease,
                about,
                request,
                limit,
                end,
            },
        })
    }
}

impl Ready {
    /// Writes the request; ready when its last byte has been handed to the connection.
    pub(crate) async fn write(self) -> Result<Sent, Error> {
        let Ready { pool, mut sent } = self;
        let (about, limit) = (&sent.about, sent.limit);
        let Request::Whole(request) = &sent.request else {
            return Err(network(about, false, "a form is not sent in two steps".into()));
        };
        let write = async {
            loop {
                match sent.lease.send(request).await {
                    Ok(()) => return Ok(()),
                    Err(broken) if broken.silent && sent.lease.used() && about.class.is_repeatable() => {
                        let lease = pool.checkout(about.class == Class::Answer).await;
                        sent.lease = lease.map_err(|error| network(about, false, error))?;
                    }
                    Err(broken) => return Err(network(about, true, broken.error)),
                }
            }
        };
        match timeout_at(sent.end, write).await {
            Ok(written) => written?,
            Err(_) => return Err(timed_out(about, limit)),
        }
        Ok(sent)
    }
}

impl Sent {
    /// Reads the response; also gives back what was sent. A kept-alive connection that the server had closed in the
    /// moment of the writing is replaced for what may be sent twice, as in [`Pool::call`].
    pub(crate) async fn response(self, pool: &Pool) -> (About, Request, Result<Response, Error>) {
        let Sent {
            mut lease,
            about,
            request,
            limit,
            end,
        } = self;
        let response = match timeout_at(end, lease.response(true)).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(broken)) if broken.silent && lease.used() && about.class.is_repeatable() => {
                drop(lease);
                let left = end.saturating_duration_since(Instant::now());
                Box::pin(pool.call(&about, &request, left)).await
            }
            Ok(Err(broken)) => Err(network(&about, true, broken.error)),
            Err(_) => Err(timed_out(&about, limit)),
        };
        (about, request, response)
    }
}

fn timed_out(about: &About, limit: Duration) -> Error {
    Error::Timeout {
        method: about.method,
        limit,
    }
}

impl std::fmt::Debug for Sent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sent")
            .field("method", &self.about.method)
            .finish_non_exhaustive()
    }
}
