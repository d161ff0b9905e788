//! The places to meet as a program.
//!
//!     BOT_TOKEN=… cargo run -p inline-mode                                   # on Telegram
//!     BOT_TOKEN=… API_BASE=http://127.0.0.1:8081 cargo run -p inline-mode    # on `ringback dev`
//!     cargo build -p inline-mode && ringback exec -- target/debug/inline-mode

use ringback::{Bot, BoxError, Polling};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    tracing_subscriber::fmt().init();
    Ok(Polling::new(Bot::from_env()?, inline_mode::router())?
        .run()
        .await?)
}
