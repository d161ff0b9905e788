//! The connections to the API server: as many as are needed at once, up to a limit.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::client::conn::http1::SendRequest;
use hyper::{Request, Response};
use tokio::sync::oneshot;

use super::{Endpoint, connect::connect};
use crate::error::BoxError;

type Connection = SendRequest<Full<Bytes>>;
type Waiter = oneshot::Sender<Result<Lease, BoxError>>;

/// How many connections are being opened at once, at most. A burst of calls mostly finds a connection that
/// another call has just left; it should not open one for each call.
const OPENING: usize = 8;

/// A cheap handle; clones share the connections.
#[derive(Clone)]
pub(crate) struct Pool(Arc<Shared>);

struct Shared {
    endpoint: Arc<Endpoint>,
    limit: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// The one used last is used next: the others may grow old and be closed.
    idle: Vec<Connection>,
    waiting: VecDeque<Waiter>,
    /// All connections: idle, leased, and being opened.
    open: usize,
    opening: usize,
}

impl Pool {
    pub(crate) fn new(endpoint: Arc<Endpoint>, limit: usize) -> Self {
        Pool(Arc::new(Shared {
            endpoint,
            limit: limit.max(1),
            state: Mutex::default(),
        }))
    }

    pub(crate) fn endpoint(&self) -> &Endpoint {
        &self.0.endpoint
    }

    /// A connection that is ready for a request.
    pub(super) async fn checkout(&self) -> Result<Lease, BoxError> {
        loop {
            let mut lease = match self.idle_or_wait() {
                Ok(lease) => lease,
                Err(waiting) => waiting.await.map_err(|_| "the bot is shutting down")??,
            };
            if lease.ready().await {
                return Ok(lease);
            }
        }
    }

    fn idle_or_wait(&self) -> Result<Lease, oneshot::Receiver<Result<Lease, BoxError>>> {
        let mut state = self.lock();
        while let Some(connection) = state.idle.pop() {
            if !connection.is_closed() {
                return Ok(self.lease(connection));
            }
            state.open -= 1;
        }
        let (waiter, waiting) = oneshot::channel();
        state.waiting.push_back(waiter);
        self.grow(&mut state);
        Err(waiting)
    }

    /// Opens what the waiting calls need and the limit allows.
    fn grow(&self, state: &mut State) {
        while state.opening < state.waiting.len().min(OPENING) && state.open < self.0.limit {
            state.open += 1;
            state.opening += 1;
            let pool = self.clone();
            tokio::spawn(async move {
                let opened = connect(&pool.0.endpoint).await;
                let mut state = pool.lock();
                state.opening -= 1;
                match opened {
                    Ok(connection) => pool.hand_on(&mut state, connection),
                    Err(error) => {
                        state.open -= 1;
                        if let Some(waiter) = pop_waiter(&mut state) {
                            let _ = waiter.send(Err(error));
                        }
                    }
                }
                pool.grow(&mut state);
            });
        }
    }

    /// Gives a free connection to the call that has waited longest, or keeps it.
    fn hand_on(&self, state: &mut State, connection: Connection) {
        // A lease, not the bare connection: a call that is dropped before it takes the lease closes it.
        let mut free = Ok(self.lease(connection));
        while let Some(waiter) = pop_waiter(state) {
            match waiter.send(free) {
                Ok(()) => return,
                // The call was dropped while it waited.
                Err(returned) => free = returned,
            }
        }
        if let Some(connection) = free.ok().and_then(|mut lease| lease.connection.take()) {
            state.idle.push(connection);
        }
    }

    fn lease(&self, connection: Connection) -> Lease {
        Lease {
            pool: self.clone(),
            connection: Some(connection),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn pop_waiter(state: &mut State) -> Option<Waiter> {
    while let Some(waiter) = state.waiting.pop_front() {
        if !waiter.is_closed() {
            return Some(waiter);
        }
    }
    None
}

/// One connection, out of the pool for one call. Dropped in the middle of the call, the connection is closed:
/// a response that nobody read would be taken for the next one's.
pub(super) struct Lease {
    pool: Pool,
    connection: Option<Connection>,
}

impl Lease {
    async fn ready(&mut self) -> bool {
        match &mut self.connection {
            Some(connection) => connection.is_ready() || connection.ready().await.is_ok(),
            None => false,
        }
    }

    /// The response's head; on an error, the request too if it was never sent.
    pub(super) async fn send(
        &mut self,
        request: Request<Full<Bytes>>,
    ) -> Result<Response<Incoming>, (BoxError, Option<Request<Full<Bytes>>>)> {
        let Some(connection) = &mut self.connection else {
            return Err(("the connection is closed".into(), Some(request)));
        };
        connection.try_send_request(request).await.map_err(|mut error| {
            let unsent = error.take_message();
            (error.into_error().into(), unsent)
        })
    }

    /// To be called when the response has been read to its end.
    pub(super) fn give_back(mut self) {
        if let Some(connection) = self.connection.take() {
            let mut state = self.pool.lock();
            self.pool.hand_on(&mut state, connection);
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if self.connection.take().is_some() {
            let mut state = self.pool.lock();
            state.open -= 1;
            self.pool.grow(&mut state);
        }
    }
}
