//! The connections to the API server: as many as are needed at once, up to a limit.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::connection::Broken;
use super::{Connection, Endpoint, Response, connect::connect};
use crate::error::BoxError;

type Waiter = oneshot::Sender<Result<Lease, BoxError>>;

/// How many connections are being opened at once, at most. A burst of calls mostly finds a connection that
/// another call has just left; it should not open one for each call.
const OPENING: usize = 32;
/// Calls that follow each other (the answers to one user's presses) ask for one connection at a time, and would wait
/// for each. So some more than are waited for are opened: half of what there is, up to this.
const AHEAD: usize = 32;

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
            if lease.is_open().await {
                return Ok(lease);
            }
        }
    }

    fn idle_or_wait(&self) -> Result<Lease, oneshot::Receiver<Result<Lease, BoxError>>> {
        let mut state = self.lock();
        if let Some(connection) = state.idle.pop() {
            return Ok(self.lease(connection, true));
        }
        let (waiter, waiting) = oneshot::channel();
        state.waiting.push_back(waiter);
        self.grow(&mut state);
        Err(waiting)
    }

    /// Opens what the waiting calls need and the limit allows.
    fn grow(&self, state: &mut State) {
        if state.waiting.is_empty() {
            return;
        }
        let wanted = state.waiting.len().max((state.open / 2).min(AHEAD)).min(OPENING);
        while state.opening < wanted && state.open < self.0.limit {
            state.open += 1;
            state.opening += 1;
            let pool = self.clone();
            tokio::spawn(async move {
                let opened = connect(&pool.0.endpoint).await;
                let mut state = pool.lock();
                state.opening -= 1;
                match opened {
                    Ok(connection) => pool.hand_on(&mut state, connection, false),
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
    fn hand_on(&self, state: &mut State, connection: Connection, used: bool) {
        // A lease, not the bare connection: a call that is dropped before it takes the lease closes it.
        let mut free = Ok(self.lease(connection, used));
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

    fn lease(&self, connection: Connection, used: bool) -> Lease {
        Lease {
            pool: self.clone(),
            connection: Some(connection),
            used,
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
    /// Whether it has carried a call before, and may have been closed since.
    used: bool,
}

impl Lease {
    async fn is_open(&mut self) -> bool {
        match &mut self.connection {
            Some(connection) => connection.is_open().await,
            None => false,
        }
    }

    pub(super) fn used(&self) -> bool {
        self.used
    }

    /// Sends a request, reads its response, and gives the connection back.
    pub(super) async fn exchange(mut self, request: &[u8]) -> Result<Response, Broken> {
        self.send(request).await?;
        self.receive().await
    }

    /// Sends a request: ready when all of it is on its way.
    pub(super) async fn send(&mut self, request: &[u8]) -> Result<(), Broken> {
        match &mut self.connection {
            Some(connection) => connection.send(request).await,
            None => Err("the connection is closed".into()),
        }
    }

    /// Reads the response to what was sent, and gives the connection back.
    pub(super) async fn receive(mut self) -> Result<Response, Broken> {
        let Some(connection) = &mut self.connection else {
            return Err("the connection is closed".into());
        };
        let (response, reusable) = connection.receive().await?;
        if reusable && let Some(connection) = self.connection.take() {
            let mut state = self.pool.lock();
            self.pool.hand_on(&mut state, connection, true);
        }
        Ok(response)
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
