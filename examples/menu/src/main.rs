//! The menu as a program of its own.
//!
//!     BOT_TOKEN=… API_BASE=http://127.0.0.1:8081 cargo run -p menu
//!
//! Without `API_BASE` it talks to Telegram.

use menu::{Users, router};
use ringback::{Bot, BoxError, Polling};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    tracing_subscriber::fmt().init();
    Polling::new(Bot::from_env()?, router(Users::default()))?
        .run()
        .await?;
    Ok(())
}
