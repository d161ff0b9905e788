//! The ready server: connections, and their end.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use http::{Request, StatusCode};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout_at};

use super::service::{WebhookService, refuse};

/// How many connections are served at once. Telegram opens 100 at most.
const CONNECTIONS: usize = 1024;
/// How long a request's head may take, and how long a connection may be silent.
const HEAD_TIME: Duration = Duration::from_secs(60);
/// The largest head.
const HEAD_LIMIT: usize = 16 * 1024;

/// Serves until `stop` is ready, then lets what is under way end.
pub(super) async fn serve(
    listener: TcpListener,
    service: WebhookService,
    path: Option<String>,
    mut stop: Pin<&mut impl Future<Output = ()>>,
    drain: Duration,
) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let path: Option<Arc<str>> = path.map(Into::into);
    let (stopping, stopped) = watch::channel(());
    let mut connections = JoinSet::new();
    loop {
        let next = async {
            // Fails only when it is closed, which it never is.
            let place = Arc::clone(&places).acquire_owned().await.ok();
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            next = next => next,
            () = &mut stop => break,
        };
        match accepted {
            Ok((socket, _)) => {
                let (service, path, stopped) = (service.clone(), path.clone(), stopped.clone());
                connections.spawn(async move {
                    let _place = place;
                    converse(socket, service, path, stopped).await;
                });
                while connections.try_join_next().is_some() {}
            }
            Err(error) => {
                // Out of file descriptors, mostly: those who are in are served, the others wait.
                tracing::warn!(%error, "can't take a connection");
                sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    drop(stopping);
    let end = Instant::now() + drain;
    let all = async { while connections.join_next().await.is_some() {} };
    let in_time = timeout_at(end, all).await.is_ok();
    let left = end.saturating_duration_since(Instant::now());
    if !service.drain(left).await || !in_time {
        tracing::warn!("handlers are still at work; updates that had no response will come again");
    }
}

async fn converse(
    socket: TcpStream,
    service: WebhookService,
    path: Option<Arc<str>>,
    mut stopped: watch::Receiver<()>,
) {
    // A response is one small write: waiting for more to send with it only adds to every answer.
    let _ = socket.set_nodelay(true);
    let respond = service_fn(move |request: Request<Incoming>| {
        let service = service.clone();
        let known = path.as_deref().is_none_or(|path| request.uri().path() == path);
        async move {
            Ok::<_, Infallible>(match known {
                true => service.handle(request).await,
                false => refuse(StatusCode::NOT_FOUND),
            })
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(HEAD_LIMIT)
        .serve_connection(TokioIo::new(socket), respond);
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        // Nothing is ever sent: the sender is dropped when all is to end.
        _ = stopped.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended");
    }
}
