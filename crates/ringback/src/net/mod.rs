//! The way to the API server: HTTP/1.1 over connections of our own, kept alive and used again.
//!
//! A call is one small JSON body each way, so what it costs is the connection's upkeep. There is no general
//! client in between: a lease of an idle connection, one request, one body, and the connection goes back.

mod connect;
mod connection;
mod endpoint;
mod head;
mod pool;
mod request;
mod sent;

use connection::Connection;
pub(crate) use endpoint::Endpoint;
pub(crate) use pool::Pool;
pub(crate) use sent::{Ready, Sent};

use std::time::Duration;

use bytes::Bytes;

use crate::error::{BoxError, Error};

/// The largest response that is read; getUpdates stops at 4 MiB by itself.
const MAX_RESPONSE: usize = 64 << 20;

/// What came back: the HTTP status and the whole body.
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) body: Bytes,
}

impl Pool {
    /// Sends one call and reads its response. `limit` counts from here, the wait for a connection included.
    pub(crate) async fn call(
        &self,
        method: &'static str,
        request: &[u8],
        limit: Duration,
    ) -> Result<Response, Error> {
        match tokio::time::timeout(limit, self.exchange(method, request)).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(source)) => Err(Error::Network { method, source }),
            Err(_) => Err(Error::Timeout { method, limit }),
        }
    }

    async fn exchange(&self, method: &str, request: &[u8]) -> Result<Response, BoxError> {
        loop {
            let lease = self.checkout().await?;
            let used = lease.used();
            match lease.exchange(request).await {
                Ok(response) => return Ok(response),
                // A kept-alive connection that the server closed in the moment in which it was used. Whether the
                // call was read is not known; what may be sent twice goes over the next connection.
                Err(broken) if broken.silent && used && repeatable(method) => {}
                Err(broken) => return Err(broken.error),
            }
        }
    }
}

/// Whether a method may be sent twice: the second time changes nothing.
fn repeatable(method: &str) -> bool {
    ["get", "answer", "edit", "set", "delete"]
        .iter()
        .any(|start| method.starts_with(start))
        && method != "setGameScore"
}

#[cfg(test)]
mod tests {
    use super::repeatable;

    #[test]
    fn only_what_changes_nothing_is_sent_twice() {
        assert!(repeatable("answerCallbackQuery") && repeatable("getUpdates") && repeatable("setWebhook"));
        assert!(
            !repeatable("sendMessage") && !repeatable("forwardMessage") && !repeatable("refundStarPayment")
        );
    }
}
