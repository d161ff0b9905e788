//! The bot as a program of its own.
//!
//!     BOT_TOKEN=… API_BASE=http://127.0.0.1:8081 cargo run -p dialogue
//!
//! Without `API_BASE` it talks to Telegram. `STORE` is the file that it keeps everything in; `bookings.redb` without it.

use std::env;

use dialogue::{fallback, router};
use ringback::store::FileStore;
use ringback::{Bot, BoxError, Polling, Sessions};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    tracing_subscriber::fmt().init();
    let path = env::var_os("STORE").unwrap_or_else(|| "bookings.redb".into());
    let sessions = Sessions::new(FileStore::open(path)?);
    Polling::new(Bot::from_env()?, router(sessions))?
        .fallback(|reason, answer| answer.text(fallback(reason)))
        .run()
        .await?;
    Ok(())
}
