//! The game as a program: the bot by polling, and its page.
//!
//!     BOT_TOKEN=… GAME_KEY=32-bytes-of-chance… GAME_URL=https://game.example.org LISTEN=127.0.0.1:8080 cargo run -p game
//!
//! A proxy with a certificate passes `https://game.example.org` on to `LISTEN`. On a local Telegram:
//!
//!     cargo build -p game && GAME_KEY=… GAME_URL=http://127.0.0.1:8080 ringback exec -- target/debug/game

use std::env;

use game::{Site, pages, router};
use ringback::data::Keys;
use ringback::{Bot, BoxError, Polling, stop_signal};
use tokio::net::TcpListener;

fn needed(name: &str) -> Result<String, BoxError> {
    env::var(name).map_err(|_| format!("{name} is not set").into())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    tracing_subscriber::fmt().init();
    let listen = env::var("LISTEN").unwrap_or_else(|_| "127.0.0.1:8080".to_owned());
    let listener = TcpListener::bind(listen).await?;
    let bot = Bot::from_env()?;
    let keys = Keys::new(needed("GAME_KEY")?.as_bytes())?;
    let site = Site::new(bot.clone(), keys, needed("GAME_URL")?);
    let polling = Polling::new(bot, router(site.clone()))?;
    let page = axum::serve(listener, pages(site)).with_graceful_shutdown(stop_signal());
    // Both end at the signal; if one fails, the other ends with it.
    let bot = async { polling.run().await.map_err(BoxError::from) };
    let page = async { page.await.map_err(BoxError::from) };
    tokio::try_join!(bot, page)?;
    Ok(())
}
