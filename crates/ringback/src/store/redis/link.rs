//! One connection, which many callers share: a command goes out while others wait for their replies.

use std::sync::Arc;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Cmd, ErrorKind, RedisError, Value};
use tokio::task::AbortHandle;

use super::address::Address;
use crate::error::BoxError;
use crate::net::connect::{self, Stream};

/// A connection's near end. It is closed when the last one is dropped.
#[derive(Clone)]
pub(super) struct Link {
    connection: MultiplexedConnection,
    driver: Arc<Driver>,
}

/// The task that carries commands out and replies in. It ends when the connection does.
struct Driver(AbortHandle);

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Link {
    /// Connects, signs in and chooses the database.
    pub(super) async fn open(to: &Address, trust: &Trust) -> Result<Self, BoxError> {
        let stream = trust.open(to).await?;
        // The store has its own limit, which is one for all that a command takes.
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(None)
            .set_response_timeout(None);
        let (connection, driver) = MultiplexedConnection::new_with_config(&to.settings, stream, config)
            .await
            .map_err(|error| said(&error))?;
        let driver = tokio::spawn(driver).abort_handle();
        Ok(Link {
            connection,
            driver: Arc::new(Driver(driver)),
        })
    }

    /// Whether it is known to be over: one that was cut may not know it yet.
    pub(super) fn is_over(&self) -> bool {
        self.driver.0.is_finished()
    }

    pub(super) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.driver, &other.driver)
    }

    /// Sends a command. What a server refuses is a reply too; an error means that the connection is over, and the
    /// reply lost.
    pub(super) async fn send(&self, command: &Cmd) -> Result<Value, BoxError> {
        let reply = self.connection.clone().send_packed_command(command).await;
        reply.map_err(|error| {
            let error = said(&error);
            tracing::debug!(error, "the connection to Redis is over");
            format!("the connection to Redis broke before the reply: {error}").into()
        })
    }
}

/// An error without what the server sent: that may be what was stored.
fn said(error: &RedisError) -> String {
    match error.kind() {
        ErrorKind::Parse | ErrorKind::UnexpectedReturnType => {
            "the server sent what is no reply: is it Redis?".to_owned()
        }
        _ => error.to_string(),
    }
}

/// Whose certificates a server may show.
pub(super) struct Trust {
    #[cfg(feature = "tls")]
    pub(super) config: Option<Arc<tokio_rustls::rustls::ClientConfig>>,
}

impl Trust {
    async fn open(&self, to: &Address) -> Result<Stream, BoxError> {
        #[cfg(feature = "tls")]
        if to.tls {
            let config = match &self.config {
                Some(config) => Arc::clone(config),
                None => connect::tls::config()?,
            };
            return connect::open_tls(config, &to.host, to.port).await;
        }
        connect::open(&to.host, to.port).await
    }
}
