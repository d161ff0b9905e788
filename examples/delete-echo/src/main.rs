//! The echo that can be taken back, as a program.
//!
//!     BOT_TOKEN=… cargo run -p delete-echo                                   # on Telegram
//!     BOT_TOKEN=… API_BASE=http://127.0.0.1:8081 cargo run -p delete-echo    # on `ringback dev`
//!     cargo build -p delete-echo && ringback exec -- target/debug/delete-echo        # on a local Telegram of its own

use ringback::{Bot, BoxError, Polling};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    tracing_subscriber::fmt().init();
    Ok(Polling::new(Bot::from_env()?, delete_echo::router())?
        .run()
        .await?)
}
