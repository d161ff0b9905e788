//! The bot that seems busy, as a program.
//!
//!     BOT_TOKEN=… cargo run -p actions                                   # on Telegram
//!     BOT_TOKEN=… API_BASE=http://127.0.0.1:8081 cargo run -p actions    # on `ringback dev`
//!     cargo build -p actions && ringback exec -- target/debug/actions        # on a local Telegram of its own

use ringback::{Bot, BoxError, Polling};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    tracing_subscriber::fmt().init();
    Ok(Polling::new(Bot::from_env()?, actions::router())?.run().await?)
}
