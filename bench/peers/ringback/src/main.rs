//! The bot under test, on Ringback: as a user would write it, with a router and typed data. `INBOX=1`: with an inbox,
//! and more connections than a bot needs that is near its server.

use std::net::{Ipv4Addr, SocketAddr};

use ringback::{Bot, BoxError, CallbackData, CallbackQuery, Outcome, Polling, Router, Webhook};

#[derive(CallbackData)]
#[callback_data(prefix = "vol")]
enum Volume {
    Down { level: u8 },
    Mute { level: u8 },
    Up { level: u8 },
}

async fn volume(query: CallbackQuery<Volume>) -> Outcome {
    let (Volume::Down { level } | Volume::Mute { level } | Volume::Up { level }) = *query.data();
    query.answer().text(format!("Volume {level}")).await
}

// One thread is enough for a bot; `THREADS=2` for the other runtime.
fn main() -> Result<(), BoxError> {
    let many = std::env::var("THREADS").is_ok_and(|threads| threads != "1");
    let mut runtime = if many {
        tokio::runtime::Builder::new_multi_thread()
    } else {
        tokio::runtime::Builder::new_current_thread()
    };
    runtime.enable_all().build()?.block_on(run())
}

async fn run() -> Result<(), BoxError> {
    let mut bot = Bot::builder(&std::env::var("TOKEN")?).server(std::env::var("API_BASE")?);
    let inbox = std::env::var("INBOX").is_ok();
    if inbox {
        bot = bot.connections(512);
    }
    let bot = bot.build()?;
    let router = Router::new().callback(volume);
    if std::env::var("MODE").as_deref() == Ok("webhook") {
        let port = std::env::var("WEBHOOK_PORT")?.parse()?;
        Webhook::new(bot, router)?
            .secret("made-up-for-the-bench")
            .url(format!("http://127.0.0.1:{port}/webhook"))
            .run(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
            .await?;
    } else {
        let polling = Polling::new(bot, router)?;
        if !inbox {
            return Ok(polling.run().await?);
        }
        let folder = std::env::temp_dir().join(format!("bench-ringback-{}", std::process::id()));
        std::fs::create_dir(&folder)?;
        let ended = polling.inbox(folder.join("inbox"))?.run().await;
        std::fs::remove_dir_all(&folder)?;
        ended?;
    }
    Ok(())
}
