//! The counter as a program that serves its own webhook.
//!
//!     BOT_TOKEN=… WEBHOOK_URL=https://bot.example.org/telegram WEBHOOK_SECRET=… LISTEN=127.0.0.1:8080 \
//!         cargo run -p webhook
//!
//! A proxy with a certificate passes `https://bot.example.org` on to `LISTEN`. The local Telegram needs none:
//! `API_BASE=http://127.0.0.1:8081 WEBHOOK_URL=http://127.0.0.1:8080/telegram`.

use std::net::SocketAddr;

use ringback::{Bot, BoxError, Webhook};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    tracing_subscriber::fmt().init();
    let listen = std::env::var("LISTEN").unwrap_or_else(|_| "127.0.0.1:8080".to_owned());
    let listen: SocketAddr = listen.parse()?;
    Webhook::new(Bot::from_env()?, webhook::router())?
        .secret(std::env::var("WEBHOOK_SECRET").map_err(|_| "WEBHOOK_SECRET is not set")?)
        .url(std::env::var("WEBHOOK_URL").map_err(|_| "WEBHOOK_URL is not set")?)
        .run(listen)
        .await?;
    Ok(())
}
