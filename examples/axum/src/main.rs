//! The waiting line as a program.
//!
//!     BOT_TOKEN=… WEBHOOK_URL=https://bot.example.org/telegram WEBHOOK_SECRET=… DESK=8951984 \
//!         LISTEN=127.0.0.1:8080 cargo run -p axum-bot
//!
//! A proxy with a certificate passes `https://bot.example.org` on to `LISTEN`. The local Telegram needs none:
//!
//!     cargo build -p axum-bot && WEBHOOK_URL=http://127.0.0.1:8080/telegram WEBHOOK_SECRET=… DESK=… \
//!         ringback exec -- target/debug/axum-bot
//!
//! `curl http://127.0.0.1:8080/` shows whose turn it is. `DESK` is the id of the user who sends `/next`.

use std::env;

use ringback::{Bot, BoxError, stop_signal};
use tokio::net::TcpListener;

fn needed(name: &str) -> Result<String, BoxError> {
    env::var(name).map_err(|_| format!("{name} is not set").into())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    tracing_subscriber::fmt().init();
    let listen = env::var("LISTEN").unwrap_or_else(|_| "127.0.0.1:8080".to_owned());
    let (url, secret) = (needed("WEBHOOK_URL")?, needed("WEBHOOK_SECRET")?);
    let desk = needed("DESK")?.parse()?;
    let listener = TcpListener::bind(listen).await?;
    axum_bot::serve(Bot::from_env()?, listener, (&url, &secret), desk, stop_signal()).await
}
