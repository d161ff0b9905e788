//! The volume knob as a program of its own.
//!
//!     BOT_TOKEN=… API_BASE=http://127.0.0.1:8081 ALLOWED=8951984,5091503 cargo run -p volume-knob
//!
//! Without `API_BASE` it talks to Telegram. `ALLOWED=*` lets everybody.

use std::sync::Arc;

use ringback::{Bot, BoxError};
use volume_knob::{Allowed, Mixer};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    tracing_subscriber::fmt().init();
    let allowed: Allowed = std::env::var("ALLOWED").unwrap_or_default().parse()?;
    volume_knob::run(Bot::from_env()?, Arc::new(Mixer::new(allowed))).await
}
