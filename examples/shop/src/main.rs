//! The shop as a program of its own.
//!
//!     BOT_TOKEN=… API_BASE=http://127.0.0.1:8081 SHOP_KEY=32-bytes-of-chance… cargo run -p shop
//!
//! Without `API_BASE` it talks to Telegram. `SHOP_KEY_BEFORE` is a former key, whose buttons still work.

use std::env;

use ringback::data::{Keys, Stash};
use ringback::{Bot, BoxError, Polling};
use shop::{Sales, fallback, router};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    tracing_subscriber::fmt().init();
    let mut keys = Keys::new(env::var("SHOP_KEY")?.as_bytes())?;
    if let Ok(before) = env::var("SHOP_KEY_BEFORE") {
        keys = keys.accept(before.as_bytes())?;
    }
    let router = router(keys, Stash::memory(10_000)).state(Sales::default());
    Polling::new(Bot::from_env()?, router)?
        .fallback(|reason, answer| answer.text(fallback(reason)))
        .run()
        .await?;
    Ok(())
}
