//! The moderator as a program.
//!
//!     BOT_TOKEN=… ADMIN_KEY=32-bytes-of-chance… cargo run -p admin                  # on Telegram
//!     … API_BASE=http://127.0.0.1:8081 cargo run -p admin                           # on `ringback dev`
//!     cargo build -p admin && ADMIN_KEY=… ringback exec -- target/debug/admin
//!
//! The bot must be an administrator of the group. The key seals the buttons: keep it as secret as the token.

use std::env;

use admin::{ConfirmWithin, fallback, router};
use ringback::data::{Keys, Stash};
use ringback::{Bot, BoxError, Polling};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    tracing_subscriber::fmt().init();
    let key = env::var("ADMIN_KEY").map_err(|_| "ADMIN_KEY is not set")?;
    let router = router(
        Keys::new(key.as_bytes())?,
        Stash::memory(10_000),
        ConfirmWithin::default(),
    );
    Polling::new(Bot::from_env()?, router)?
        .fallback(|reason, answer| answer.text(fallback(reason)))
        .run()
        .await?;
    Ok(())
}
