//! Hands presses to one bot, checks and times every answer, and prints a line of JSON. See ../README.md.

mod api;
mod desk;
mod fields;
mod ledger;
mod process;
mod report;
mod updates;
mod webhook;

use std::io;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, ValueEnum};
use tokio::net::TcpListener;
use tokio::task::LocalSet;
use tokio::time::{Instant, sleep};

use desk::{Desk, Moment};
use process::Bot;
use report::{Report, Run};
use updates::Crowd;

/// How long a bot may take to start.
const START: Duration = Duration::from_secs(30);
/// A second answer may still be under way when all is answered.
const LATE: Duration = Duration::from_millis(150);

#[derive(Parser)]
struct Options {
    /// How the bot gets its updates, and whether it gets them as fast as it can or one at a time
    #[arg(long, value_enum)]
    mode: Mode,
    /// Presses
    #[arg(long, default_value_t = 20_000, value_parser = positive)]
    presses: usize,
    /// Chats that they come from
    #[arg(long, default_value_t = 1000, value_parser = positive)]
    chats: usize,
    /// People who press in each chat
    #[arg(long, default_value_t = 1, value_parser = positive)]
    users: usize,
    /// Connections to the webhook
    #[arg(long, default_value_t = 40, value_parser = positive)]
    connections: usize,
    /// How long every method but getUpdates takes, as over a network
    #[arg(long, default_value_t = 0)]
    delay_ms: u64,
    /// Give up after so long without an answer
    #[arg(long, default_value_t = 10)]
    stall_s: u64,
    /// What the report calls the bot
    #[arg(long, default_value = "")]
    name: String,
    /// The bot
    #[arg(last = true, required = true)]
    command: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Mode {
    Poll,
    Webhook,
    PollLatency,
    WebhookLatency,
}

fn positive(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("0 of something measures nothing".to_owned()),
        Ok(number) => Ok(number),
        Err(error) => Err(format!("{error}")),
    }
}

// One thread, so that the bot has the rest of the machine.
#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<ExitCode> {
    LocalSet::new().run_until(measure(Options::parse())).await
}

async fn measure(options: Options) -> io::Result<ExitCode> {
    let by_webhook = matches!(options.mode, Mode::Webhook | Mode::WebhookLatency);
    let one_by_one = matches!(options.mode, Mode::PollLatency | Mode::WebhookLatency);
    let crowd = Crowd {
        chats: options.chats,
        users: options.users,
    };
    let delay = Duration::from_millis(options.delay_ms);
    let desk = Desk::new(crowd, options.presses, one_by_one, delay);

    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let api = format!("http://{}", listener.local_addr()?);
    // Free now; that nobody else takes it before the bot does cannot be had without the bot's help.
    let port = TcpListener::bind(("127.0.0.1", 0)).await?.local_addr()?.port();
    tokio::task::spawn_local(api::serve(desk.clone(), listener));
    let mut bot = Bot::start(
        &options.command,
        [
            ("API_BASE", api),
            ("TOKEN", api::TOKEN.to_owned()),
            ("MODE", if by_webhook { "webhook" } else { "poll" }.to_owned()),
            ("WEBHOOK_PORT", port.to_string()),
        ],
    )?;

    let hand_out = async {
        if by_webhook {
            webhook::ready(port).await;
            // For the setWebhook that many bots call once they listen.
            sleep(Duration::from_millis(400)).await;
            let connections = if one_by_one { 1 } else { options.connections };
            webhook::start(&desk, port, connections, one_by_one);
        }
        desk.begun.notified().await;
    };
    let error = tokio::select! {
        () = hand_out => None,
        status = bot.ended() => Some(format!("the bot ended: {}", status?)),
        () = sleep(START) => Some("the bot took too long to start".to_owned()),
    };
    let begun = error.is_none().then(|| (Moment::now(&desk, &bot), bot.memory()));
    let error = match error {
        Some(error) => Some(error),
        None => tokio::select! {
            () = desk.complete.notified() => None,
            status = bot.ended() => Some(format!("the bot ended: {}", status?)),
            () = stall(&desk, Duration::from_secs(options.stall_s)) => Some("stalled".to_owned()),
        },
    };
    let (ended, memory) = (Moment::now(&desk, &bot), bot.memory());
    sleep(LATE).await;
    bot.end().await;

    let failed = error.is_some();
    let run = Run {
        name: options.name,
        warm_up: if one_by_one { options.presses / 10 } else { 0 },
        error,
        begun,
        ended,
        memory,
    };
    println!("{}", serde_json::to_string(&Report::new(&desk, run))?);
    Ok(if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// Ready when nothing has been answered for so long.
async fn stall(desk: &Desk, patience: Duration) {
    let (mut answered, mut since) = (0, Instant::now());
    while since.elapsed() < patience {
        sleep(Duration::from_millis(200)).await;
        let now = desk.with_ledger(|ledger| ledger.answered);
        if now != answered {
            (answered, since) = (now, Instant::now());
        }
    }
}
