//! The signals that ask a bot to stop.

/// Ready at SIGTERM or ctrl-c: what [`Polling::run`](crate::Polling::run) and [`Webhook::run`](crate::Webhook::run) stop
/// at. For a program that runs a bot beside other things.
pub async fn stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
