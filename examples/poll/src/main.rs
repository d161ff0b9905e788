//! The vote as a program.
//!
//!     BOT_TOKEN=… cargo run -p poll                                   # on Telegram
//!     BOT_TOKEN=… API_BASE=http://127.0.0.1:8081 cargo run -p poll    # on `ringback dev`
//!     cargo build -p poll && ringback exec -- target/debug/poll       # on a local Telegram of its own
//!
//! Then write to the bot: `/poll Lunch?`, and on lines of their own `Pizza` and `Soup`.

use std::sync::Arc;

use ringback::{Bot, BoxError, Polling};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    tracing_subscriber::fmt().init();
    Ok(Polling::new(Bot::from_env()?, poll::router(Arc::default()))?
        .run()
        .await?)
}
