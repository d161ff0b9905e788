//! The connections to the API server: as many as are needed at once, up to a limit.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::connection::{Broken, CLOSED};
use super::head::Framing;
use super::{Connection, Endpoint, MAX_ERROR, MAX_RESULT, Response, body, connect::connect};
use crate::error::BoxError;

type Waiter = oneshot::Sender<Result<Lease, BoxError>>;

/// How many connections are being opened at once, at most. A burst of calls mostly finds a connection that
/// another call has just left; it should not open one for each call.
const OPENING: usize = 32;
/// How many connections may be open above the limit, when answers wait for one.
pub(super) const RESERVE: usize = 16;
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
    idle: Vec<Idle>,
    waiting: VecDeque<Waiter>,
    /// The answers among the waiting calls: they come first.
    urgent: VecDeque<Waiter>,
    /// All connections: idle, leased, and being opened.
    open: usize,
    opening: usize,
}

struct Idle {
    connection: Connection,
    /// Whether it has carried a call before, and may have been closed since.
    used: bool,
}

impl State {
    /// How many connections carry a call. What is above the limit is for answers.
    fn leased(&self) -> usize {
        self.open - self.idle.len() - self.opening
    }
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
    pub(super) async fn checkout(&self, urgent: bool) -> Result<Lease, BoxError> {
        loop {
            let mut lease = match self.idle_or_wait(urgent) {
                Ok(lease) => lease,
                Err(waiting) => waiting.await.map_err(|_| "the bot is shutting down")??,
            };
            if lease.is_open().await {
                return Ok(lease);
            }
        }
    }

    fn idle_or_wait(&self, urgent: bool) -> Result<Lease, oneshot::Receiver<Result<Lease, BoxError>>> {
        let mut state = self.lock();
        if (urgent || state.leased() < self.0.limit)
            && let Some(idle) = state.idle.pop()
        {
            return Ok(self.out(idle));
        }
        let (waiter, waiting) = oneshot::channel();
        match urgent {
            true => state.urgent.push_back(waiter),
            false => state.waiting.push_back(waiter),
        }
        self.grow(&mut state);
        Err(waiting)
    }

    /// Opens what the waiting calls need and the limit allows.
    fn grow(&self, state: &mut State) {
        loop {
            let (urgent, waiting) = (state.urgent.len(), state.urgent.len() + state.waiting.len());
            if waiting == 0 {
                return;
            }
            let most = match state.opening < urgent {
                true => self.0.limit + RESERVE,
                false => self.0.limit,
            };
            let wanted = waiting.max((state.open / 2).min(AHEAD)).min(OPENING);
            if state.opening >= wanted || state.open >= most {
                return;
            }
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
                        if let Some(waiter) = pop_waiter(&mut state, true) {
                            let _ = waiter.send(Err(error));
                        }
                    }
                }
                pool.grow(&mut state);
            });
        }
    }

    /// Takes a free connection, for the call that has waited longest, or to keep it.
    fn hand_on(&self, state: &mut State, connection: Connection, used: bool) {
        state.idle.push(Idle { connection, used });
        self.serve(state);
    }

    /// Gives free connections to calls that wait: answers first, and others as far as the limit allows.
    fn serve(&self, state: &mut State) {
        while !state.idle.is_empty() {
            let may = state.leased() < self.0.limit;
            let Some(waiter) = pop_waiter(state, may) else {
                return;
            };
            let Some(idle) = state.idle.pop() else {
                return;
            };
            let used = idle.used;
            // A lease, not the bare connection: a call that is dropped before it takes the lease closes it.
            if let Err(Ok(mut lease)) = waiter.send(Ok(self.out(idle)))
                && let Some(connection) = lease.connection.take()
            {
                state.idle.push(Idle { connection, used });
            }
        }
    }

    /// Closes the idle connections. One that was kept alive has been silent for the whole of a call's time: a network
    /// that forgets connections without a word has forgotten them all, and the next try shall not wait on another.
    pub(super) fn distrust(&self) {
        let mut state = self.lock();
        let idle = std::mem::take(&mut state.idle);
        state.open -= idle.len();
        self.grow(&mut state);
        drop(state);
        drop(idle);
    }

    fn out(&self, idle: Idle) -> Lease {
        Lease {
            pool: self.clone(),
            connection: Some(idle.connection),
            used: idle.used,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The next call that waits: an answer, or any other if it may.
fn pop_waiter(state: &mut State, any: bool) -> Option<Waiter> {
    loop {
        let next = state.urgent.pop_front();
        let waiter = next.or_else(|| if any { state.waiting.pop_front() } else { None })?;
        if !waiter.is_closed() {
            return Some(waiter);
        }
    }
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

    pub(super) fn connection(&mut self) -> Result<&mut Connection, BoxError> {
        self.connection.as_mut().ok_or_else(|| CLOSED.into())
    }

    /// Sends a request, reads its response, and gives the connection back.
    pub(super) async fn exchange(mut self, request: &[u8]) -> Result<Response, Broken> {
        self.send(request).await?;
        self.response(true).await
    }

    /// Sends a request: ready when all of it is on its way.
    pub(super) async fn send(&mut self, request: &[u8]) -> Result<(), Broken> {
        self.connection()?.send(request).await
    }

    /// Reads the response, and gives the connection back if another call may follow.
    pub(super) async fn response(&mut self, reuse: bool) -> Result<Response, Broken> {
        let connection = self.connection()?;
        let head = connection.head().await?;
        let limit = if head.status == 200 { MAX_RESULT } else { MAX_ERROR };
        let framed = head.framing != Framing::UntilClosed;
        let body = body::whole(connection, head.framing, limit).await?;
        if reuse && framed && head.keep_alive && connection.is_clean() {
            self.give_back();
        }
        Ok(Response {
            status: head.status,
            body,
            again: false,
        })
    }

    /// The connection is ready for another call.
    pub(super) fn give_back(&mut self) {
        if let Some(connection) = self.connection.take() {
            let mut state = self.pool.lock();
            self.pool.hand_on(&mut state, connection, true);
        }
    }

    /// The connection is ready for nothing any more.
    pub(super) fn close(&mut self) {
        if self.connection.take().is_some() {
            let mut state = self.pool.lock();
            state.open -= 1;
            self.pool.serve(&mut state);
            self.pool.grow(&mut state);
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.close();
    }
}
