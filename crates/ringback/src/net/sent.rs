//! A call in two steps, for whoever must know when the request has gone out.

use std::pin::pin;
use std::time::Duration;

use tokio::time::Instant;

use super::pool::Lease;
use super::{Pool, Request, Response, network, timed_out};
use crate::error::Error;
use crate::outgoing::About;
use crate::time::timeout_at;

/// A call, and how long it may take.
pub(crate) struct Draft {
    pub(crate) about: About,
    pub(crate) request: Request,
    pub(crate) limit: Duration,
}

/// A call with a connection to go out on.
pub(crate) struct Ready {
    pool: Pool,
    sent: Sent,
}

/// A call whose request has been written, whole, and whose response is still to come. Dropped, the response is never
/// read, and its connection is closed.
pub(crate) struct Sent {
    lease: Lease,
    /// Kept for the case that it has to be sent again. In a box: it is handed from one future to the next.
    draft: Box<Draft>,
    end: Instant,
}

impl Pool {
    /// Waits for a connection. The time runs from here. Forms go by [`call`](Self::call) only.
    pub(crate) async fn ready(&self, draft: Box<Draft>) -> Result<Ready, Error> {
        let end = Instant::now() + draft.limit;
        let lease = self.lease(&draft.about, false, draft.limit, end).await?;
        Ok(Ready {
            pool: self.clone(),
            sent: Sent { lease, draft, end },
        })
    }
}

impl Ready {
    /// Writes the request; ready when its last byte has been handed to the connection.
    pub(crate) async fn write(mut self) -> Result<Sent, Error> {
        let Sent { lease, draft, end } = &mut self.sent;
        let Draft { about, limit, .. } = &**draft;
        let Request::Whole(request) = &draft.request else {
            return Err(network(about, false, "a form is not sent in two steps".into()));
        };
        let written = {
            let write = pin!(async {
                loop {
                    match lease.send(request).await {
                        Ok(()) => return Ok(()),
                        Err(broken) if broken.silent && lease.used() && about.class.is_repeatable() => {
                            *lease = Box::pin(self.pool.lease(about, true, *limit, *end)).await?;
                        }
                        Err(broken) => return Err(network(about, true, broken.error)),
                    }
                }
            });
            timeout_at(|| *end, write).await
        };
        written.unwrap_or_else(|_| Err(timed_out(about, *limit)))?;
        Ok(self.sent)
    }
}

impl Sent {
    /// Reads the response, once. A kept-alive connection that the server had closed in the moment of the writing is
    /// replaced for what may be sent twice, as in [`Pool::call`].
    pub(crate) async fn response(&mut self, pool: &Pool) -> Result<Response, Error> {
        let Sent { lease, draft, end } = self;
        let read = timeout_at(|| *end, pin!(lease.response(true))).await;
        let about = &draft.about;
        match read {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(broken)) if broken.silent && lease.used() && about.class.is_repeatable() => {
                lease.close();
                let left = end.saturating_duration_since(Instant::now());
                match Box::pin(pool.call(about, &draft.request, left)).await {
                    Ok(response) => Ok(Response {
                        again: true,
                        ..response
                    }),
                    Err(Error::Network { source, .. }) => Err(network(about, true, source)),
                    Err(error) => Err(error),
                }
            }
            Ok(Err(broken)) => Err(network(about, true, broken.error)),
            Err(_) => {
                // Closed before the next try, which needs one.
                lease.close();
                if lease.used() {
                    pool.distrust();
                }
                Err(timed_out(about, draft.limit))
            }
        }
    }

    pub(crate) fn draft(&self) -> &Draft {
        &self.draft
    }
}

impl std::fmt::Debug for Sent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sent")
            .field("method", &self.draft.about.method)
            .finish_non_exhaustive()
    }
}
