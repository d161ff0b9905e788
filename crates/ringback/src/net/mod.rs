//! The way to the API server: HTTP/1.1 over connections of our own, kept alive and used again.
//!
//! A call is one small JSON body each way, so what it costs is the connection's upkeep. There is no general
//! client in between: a lease of an idle connection, one request, one body, and the connection goes back.

mod connect;
mod endpoint;
mod pool;

pub(crate) use endpoint::Endpoint;
pub(crate) use pool::Pool;

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};

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
        body: Bytes,
        limit: Duration,
    ) -> Result<Response, Error> {
        match tokio::time::timeout(limit, self.exchange(method, body)).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(source)) => Err(Error::Network { method, source }),
            Err(_) => Err(Error::Timeout { method, limit }),
        }
    }

    async fn exchange(&self, method: &'static str, body: Bytes) -> Result<Response, BoxError> {
        let mut request = self.endpoint().request(method, body);
        loop {
            let mut lease = self.checkout().await?;
            // A kept-alive connection may have been closed by the server a moment ago. Then hyper gives the
            // request back unsent, and the next connection gets it: nothing is ever sent twice.
            match lease.send(request).await {
                Ok(response) => {
                    let status = response.status().as_u16();
                    let body = read(response.into_body()).await?;
                    lease.give_back();
                    return Ok(Response { status, body });
                }
                Err((_, Some(unsent))) => request = unsent,
                Err((error, None)) => return Err(error),
            }
        }
    }
}

/// The whole body. One frame, the usual case, is passed on as it is.
async fn read(mut body: Incoming) -> Result<Bytes, BoxError> {
    let mut first = Bytes::new();
    let mut more: Option<BytesMut> = None;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame?.into_data() else { continue };
        match &mut more {
            None if first.is_empty() => first = data,
            None => {
                let expected = body.size_hint().lower() as usize;
                let mut all = BytesMut::with_capacity(first.len() + data.len() + expected.min(MAX_RESPONSE));
                all.extend_from_slice(&first);
                all.extend_from_slice(&data);
                more = Some(all);
            }
            Some(all) if all.len() + data.len() > MAX_RESPONSE => {
                return Err("the response is too large".into());
            }
            Some(all) => all.extend_from_slice(&data),
        }
    }
    Ok(more.map_or(first, BytesMut::freeze))
}
