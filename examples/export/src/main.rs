//! The export as a program.
//!
//!     BOT_TOKEN=… cargo run -p export                                   # on Telegram
//!     BOT_TOKEN=… API_BASE=http://127.0.0.1:8081 cargo run -p export    # on `ringback dev`
//!     cargo build -p export && ringback exec -- target/debug/export     # on a local Telegram of its own

use std::sync::Arc;
use std::time::Duration;

use export::{Archive, Patience, fallback, router};
use ringback::data::Stash;
use ringback::{Bot, BoxError, Polling};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    tracing_subscriber::fmt().init();
    let archive = Archive::new(2, Duration::from_secs(3));
    let router = router(
        Arc::new(archive),
        Stash::memory(10_000),
        Patience(Duration::from_secs(5)),
    );
    Polling::new(Bot::from_env()?, router)?
        .fallback(|reason, answer| answer.text(fallback(reason)))
        .run()
        .await?;
    Ok(())
}
