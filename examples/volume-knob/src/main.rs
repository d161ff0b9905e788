//! The volume knob as a program of its own.
//!
//!     BOT_TOKEN=… ALLOWED=8951984,5091503 cargo run -p volume-knob                        # on Telegram
//!     BOT_TOKEN=… API_BASE=http://127.0.0.1:8081 ALLOWED='*' cargo run -p volume-knob     # on `ringback dev`
//!     cargo build -p volume-knob && ALLOWED='*' ringback exec -- target/debug/volume-knob
//!
//! `ALLOWED=*` lets everybody. With `SHOW_VOLUME=1` it also shows the volume.

use std::sync::Arc;

use ringback::{Bot, BoxError};
use volume_knob::{Allowed, Mixer};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    tracing_subscriber::fmt().init();
    let allowed: Allowed = std::env::var("ALLOWED").unwrap_or_default().parse()?;
    let mut mixer = Mixer::new(allowed);
    if std::env::var("SHOW_VOLUME").is_ok_and(|show| show == "1") {
        mixer = mixer.with_display();
    }
    volume_knob::run(Bot::from_env()?, Arc::new(mixer)).await
}
