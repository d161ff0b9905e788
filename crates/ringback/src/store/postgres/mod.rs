//! [`PostgresStore`].

mod link;
mod sql;
mod tls;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::types::{ToSql, Type};

use self::link::Links;
use self::sql::Sql;
use super::{Store, StoreFuture, When, millis};
use crate::error::{BoxError, Error};

/// Values in a table of PostgreSQL (9.6 or later). Behind the feature `postgres`.
///
/// The table is called `ringback_store`, or what [`PostgresBuilder::table`] says, and is made if it is not there: `key
/// text`, `value bytea`, `ends timestamptz`. Values whose time is over are removed now and then, a minute after a
/// write at the latest while there are writes.
///
/// A few connections carry the statements of all handlers. When one breaks, the next statement opens another; a
/// statement whose result is lost is repeated if it only reads, and is an error otherwise. A statement may take five
/// seconds. None is prepared, so a connection pooler such as PgBouncer may stand in between.
#[derive(Clone)]
pub struct PostgresStore(Arc<Inner>);

struct Inner {
    links: Arc<Links>,
    sql: Arc<Sql>,
}

/// What a [`PostgresStore`] is made of; see [`PostgresStore::builder`].
#[must_use = "call build()"]
pub struct PostgresBuilder {
    url: String,
    table: String,
    connections: usize,
    #[cfg(feature = "tls")]
    roots: Option<Vec<u8>>,
}

impl PostgresStore {
    /// The database at `postgresql://user:password@host:port/database?sslmode=…`, or as `host=… user=…`. Nothing is
    /// sent yet.
    ///
    /// A server on this machine (`localhost`, a loopback address, a Unix socket) is talked to in the clear, any other
    /// by TLS, with a certificate that comes from one of Mozilla's roots. `sslmode=disable` and `sslmode=require` say
    /// otherwise; a certificate is checked in any case.
    ///
    /// # Errors
    /// The URL is malformed, or wants TLS, which the feature `tls` is needed for.
    pub fn new(url: &str) -> Result<Self, Error> {
        Self::builder(url).build()
    }

    /// For more than the URL says.
    pub fn builder(url: &str) -> PostgresBuilder {
        PostgresBuilder {
            url: url.to_owned(),
            table: "ringback_store".to_owned(),
            connections: 4,
            #[cfg(feature = "tls")]
            roots: None,
        }
    }

    async fn write(
        &self,
        statement: &str,
        parameters: &[(&(dyn ToSql + Sync), Type)],
    ) -> Result<bool, BoxError> {
        let changed = self.0.links.rows(statement, parameters, false).await?;
        self.0.links.clear_now_and_then(&self.0.sql);
        Ok(!changed.is_empty())
    }
}

impl Store for PostgresStore {
    fn get<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<Vec<u8>>> {
        Box::pin(async move {
            let rows = self
                .0
                .links
                .rows(&self.0.sql.get, &[(&key, Type::TEXT)], true)
                .await?;
            Ok(match rows.first() {
                Some(row) => Some(row.try_get(0)?),
                None => None,
            })
        })
    }

    fn set<'a>(
        &'a self,
        key: &'a str,
        value: &'a [u8],
        keep: Option<Duration>,
        when: When<'a>,
    ) -> StoreFuture<'a, bool> {
        Box::pin(async move {
            let keep = millis(keep).map(|keep| keep as f64);
            let mut parameters: Vec<(&(dyn ToSql + Sync), Type)> =
                vec![(&key, Type::TEXT), (&value, Type::BYTEA), (&keep, Type::FLOAT8)];
            let expected;
            let statement = match when {
                When::Always => &self.0.sql.put,
                When::Absent => &self.0.sql.insert,
                When::Is(is) => {
                    expected = is;
                    parameters.push((&expected, Type::BYTEA));
                    &self.0.sql.swap
                }
            };
            self.write(statement, &parameters).await
        })
    }

    fn remove<'a>(&'a self, key: &'a str, only: Option<&'a [u8]>) -> StoreFuture<'a, bool> {
        Box::pin(async move {
            match only {
                None => self.write(&self.0.sql.remove, &[(&key, Type::TEXT)]).await,
                Some(only) => {
                    let parameters: [(&(dyn ToSql + Sync), Type); 2] =
                        [(&key, Type::TEXT), (&only, Type::BYTEA)];
                    self.write(&self.0.sql.remove_only, &parameters).await
                }
            }
        })
    }
}

impl PostgresBuilder {
    /// The table, with its schema if it is not the default one: `bot.store`. Small letters, digits and underscores.
    /// Default: `ringback_store`.
    pub fn table(mut self, name: impl Into<String>) -> Self {
        self.table = name.into();
        self
    }

    /// How many connections there may be; at least one. Default: 4.
    pub fn connections(mut self, most: usize) -> Self {
        self.connections = most.max(1);
        self
    }

    /// The certificates that the server's must come from, as PEM text, instead of Mozilla's: for a server with a
    /// certificate of your own.
    #[cfg(feature = "tls")]
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.roots = Some(pem.into());
        self
    }

    /// The store. Nothing is sent yet.
    ///
    /// # Errors
    /// The URL, the table's name or a certificate is malformed, or TLS is wanted without the feature `tls`.
    pub fn build(self) -> Result<PostgresStore, Error> {
        // What the parser says may quote the URL, and the password in it.
        let config: Config = self.url.parse().map_err(|_| {
            let example = "postgresql://user:password@localhost/database";
            Error::Config(format!(
                "the PostgreSQL URL is malformed; it looks like {example}"
            ))
        })?;
        #[cfg(feature = "tls")]
        let tls = tls::Tls::new(&config, self.roots.as_deref())?;
        #[cfg(not(feature = "tls"))]
        let tls = tls::Tls::new(&config)?;
        let sql = Arc::new(Sql::new(&self.table)?);
        let links = Arc::new(Links::new(config, tls, self.connections, Arc::clone(&sql)));
        Ok(PostgresStore(Arc::new(Inner { links, sql })))
    }
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore")
            .field("table", &self.0.sql.table)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for PostgresBuilder {
    /// Without the URL: a password may be in it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresBuilder")
            .field("table", &self.table)
            .field("connections", &self.connections)
            .finish_non_exhaustive()
    }
}
