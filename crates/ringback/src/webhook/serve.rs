//! The ready server: connections, and their end.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout_at};

use super::converse::converse;
use super::service::WebhookService;

/// How many connections are served at once. Telegram opens 100 at most.
const CONNECTIONS: usize = 1024;

/// How long responses may take that are given at the end of the time for draining.
const LAST_RESPONSES: Duration = Duration::from_secs(1);

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
                    if let Err(error) = converse(socket, service, path, stopped).await {
                        tracing::debug!(%error, "a connection ended");
                    }
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
    let idle = service.drain(left).await;
    if !in_time {
        // The answers that were given at the last moment ride in responses, which are to be written.
        let all = async { while connections.join_next().await.is_some() {} };
        let _ = timeout_at(Instant::now() + LAST_RESPONSES, all).await;
    }
    if !idle || !connections.is_empty() {
        tracing::warn!("handlers are still at work; updates that had no response will come again");
    }
}
