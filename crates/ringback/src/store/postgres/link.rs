//! The connections: opened when they are needed, and again when they break.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Config, Row};

use super::sql::Sql;
use super::tls::Tls;
use crate::error::BoxError;

/// How long a statement may take, a new connection included.
const LIMIT: Duration = Duration::from_secs(5);
/// How long after a connection has failed no other is tried.
const PAUSE: Duration = Duration::from_millis(200);
/// How often expired values are removed, while there are writes.
const CLEAR_EVERY: Duration = Duration::from_secs(60);

type Parameters<'a> = [(&'a (dyn ToSql + Sync), Type)];
type Slot = tokio::sync::Mutex<Option<Arc<Client>>>;

pub(super) struct Links {
    config: Config,
    tls: Tls,
    sql: Arc<Sql>,
    slots: Vec<Slot>,
    turn: AtomicUsize,
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    /// The last connection that could not be opened.
    failed: Option<(Instant, String)>,
    has_table: bool,
    cleared: Option<Instant>,
}

impl Links {
    pub(super) fn new(config: Config, tls: Tls, connections: usize, sql: Arc<Sql>) -> Self {
        Links {
            config,
            tls,
            sql,
            slots: (0..connections.max(1)).map(|_| Slot::default()).collect(),
            turn: AtomicUsize::new(0),
            memory: Mutex::default(),
        }
    }

    /// The rows that a statement gives. One that only reads may be `repeat`ed.
    pub(super) async fn rows(
        &self,
        statement: &str,
        parameters: &Parameters<'_>,
        repeat: bool,
    ) -> Result<Vec<Row>, BoxError> {
        let mut again = repeat;
        loop {
            let turn = self.turn.fetch_add(1, Ordering::Relaxed) % self.slots.len();
            let slot = &self.slots[turn];
            let asked = tokio::time::timeout(LIMIT, async {
                let client = self.client(slot).await?;
                Ok::<_, BoxError>((client.query_typed(statement, parameters).await, client))
            });
            match asked.await {
                Err(_) => {
                    // The connection may be one whose other end is gone: the next statement has a new one.
                    if let Ok(mut client) = slot.try_lock() {
                        *client = None;
                    }
                    return Err(format!("no result from PostgreSQL within {LIMIT:?}").into());
                }
                Ok(Err(error)) => return Err(error),
                Ok(Ok((Ok(rows), _))) => return Ok(rows),
                Ok(Ok((Err(error), client))) => {
                    if error.is_closed() || client.is_closed() {
                        // It may be on its way out only, and not know it yet.
                        let mut slot = slot.lock().await;
                        if slot.as_ref().is_some_and(|own| Arc::ptr_eq(own, &client)) {
                            *slot = None;
                        }
                        if again {
                            again = false;
                            continue;
                        }
                    }
                    return Err(said(&error).into());
                }
            }
        }
    }

    /// The slot's connection, or a new one. While the server is away, not all callers try all the time.
    async fn client(&self, slot: &Slot) -> Result<Arc<Client>, BoxError> {
        let mut slot = slot.lock().await;
        if let Some(client) = slot.as_ref().filter(|client| !client.is_closed()) {
            return Ok(Arc::clone(client));
        }
        if let Some((at, why)) = &self.memory().failed
            && at.elapsed() < PAUSE
        {
            return Err(why.clone().into());
        }
        *slot = None;
        match self.open().await {
            Ok(client) => {
                self.memory().failed = None;
                Ok(Arc::clone(slot.insert(Arc::new(client))))
            }
            Err(error) => {
                let why = format!("can't reach PostgreSQL: {}", said(&error));
                self.memory().failed = Some((Instant::now(), why.clone()));
                Err(why.into())
            }
        }
    }

    async fn open(&self) -> Result<Client, tokio_postgres::Error> {
        let (client, connection) = self.tls.connect(&self.config).await?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(error = said(&error), "a connection to PostgreSQL is over");
            }
        });
        if !self.memory().has_table {
            // Where it is, no right to make tables is needed.
            let there = "SELECT to_regclass($1::text) IS NOT NULL";
            let row = client
                .query_typed_one(there, &[(&self.sql.table, Type::TEXT)])
                .await?;
            if !row.try_get::<_, bool>(0)? {
                client.batch_execute(&self.sql.create).await?;
            }
            self.memory().has_table = true;
        }
        Ok(client)
    }

    /// Removes expired values, in a task of its own, if that is due.
    pub(super) fn clear_now_and_then(self: &Arc<Self>, sql: &Arc<Sql>) {
        let mut memory = self.memory();
        let due = memory.cleared.is_none_or(|at| at.elapsed() >= CLEAR_EVERY);
        if !due {
            return;
        }
        memory.cleared = Some(Instant::now());
        drop(memory);
        let (links, sql) = (Arc::clone(self), Arc::clone(sql));
        tokio::spawn(async move {
            if let Err(error) = links.rows(&sql.clear, &[], false).await {
                tracing::debug!(error, "expired values were not removed from PostgreSQL");
            }
        });
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An error without its details, which may quote what was stored.
fn said(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(error) => format!("{} ({})", error.message(), error.code().code()),
        None => match std::error::Error::source(error) {
            Some(source) => format!("{error} ({source})"),
            None => error.to_string(),
        },
    }
}
