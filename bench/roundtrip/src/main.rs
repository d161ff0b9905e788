//! Round trips from press to answer: how many a second, how long each takes, and what an idle chat costs.
//! See README.md for how to read the numbers.

mod bot;
mod http;
mod server;

use std::cell::{Cell, RefCell};
use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::{Duration, Instant};

use memchr::memmem;
use serde_json::{Value, json};
use tokio::task::LocalSet;

use bot::Bot;
use http::Connection;
use server::Server;

const HELP: &str = "\
bench-roundtrip [--server FILE] [--chats N,N,…] [--pressers N,N,…] [--seconds N] [--json FILE]

  --server FILE    the ringback binary to start (default target/release/ringback)
  --chats LIST     how many chats there are; each count gets a server of its own (default 1,1000,100000)
  --pressers LIST  how many presses are under way at once (default 1,64)
  --seconds N      how long each measurement takes, after one second to warm up (default 5)
  --json FILE      write the results there too
";

struct Options {
    server: PathBuf,
    chats: Vec<usize>,
    pressers: Vec<usize>,
    seconds: u64,
    json: Option<PathBuf>,
}

fn options() -> Result<Option<Options>, Box<dyn Error>> {
    let mut options = Options {
        server: "target/release/ringback".into(),
        chats: vec![1, 1000, 100_000],
        pressers: vec![1, 64],
        seconds: 5,
        json: None,
    };
    let mut args = std::env::args().skip(1);
    while let Some(flag) = args.next() {
        if matches!(flag.as_str(), "--help" | "-h") {
            return Ok(None);
        }
        let value = args.next().ok_or_else(|| format!("{flag} needs a value"))?;
        match flag.as_str() {
            "--server" => options.server = value.into(),
            "--chats" => options.chats = list(&value)?,
            "--pressers" => options.pressers = list(&value)?,
            "--seconds" => options.seconds = value.parse()?,
            "--json" => options.json = Some(value.into()),
            _ => return Err(format!("unknown option {flag}").into()),
        }
    }
    Ok(Some(options))
}

fn list(text: &str) -> Result<Vec<usize>, Box<dyn Error>> {
    let numbers = text.split(',').map(str::parse).collect::<Result<Vec<_>, _>>()?;
    if numbers.contains(&0) {
        Err("0 of something measures nothing".into())
    } else {
        Ok(numbers)
    }
}

// One thread, so that the server has the rest of the machine.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let Some(options) = options()? else {
        print!("{HELP}");
        return Ok(());
    };
    println!(
        "| chats | pressers | round trips/s | p50 | p99 | max | server CPU each | generator CPU each | KiB per idle chat |"
    );
    println!("|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    let mut results = Vec::new();
    for &chats in &options.chats {
        LocalSet::new()
            .run_until(population(&options, chats, &mut results))
            .await?;
    }
    if let Some(path) = &options.json {
        std::fs::write(path, serde_json::to_string_pretty(&results)?)?;
    }
    Ok(())
}

/// One server with that many chats: what they cost at rest, then the presses.
async fn population(options: &Options, chats: usize, results: &mut Vec<Value>) -> Result<(), Box<dyn Error>> {
    let server = Server::start(&options.server)?;
    let mut control = Connection::open(server.address).await?;
    let made = control
        .post_ok("/_ringback/v1/bots", r#"{"username":"bench_bot"}"#)
        .await?;
    let made: Value = serde_json::from_str(&made)?;
    let (bot_id, token) = (
        made["id"].as_i64().ok_or("the bot has no id")?,
        made["token"].as_str().ok_or("the bot has no token")?,
    );
    let bot = Bot::start(server.address, token, 16).await?;
    // The first chat pays for what is made on first use.
    let mut users = people(server.address, bot_id, 1, &bot).await?;
    let before = server.memory();
    users.extend(people(server.address, bot_id, chats - 1, &bot).await?);
    let idle = match (before, server.memory()) {
        (Some(before), Some(after)) if chats > 1 => {
            Some(after.saturating_sub(before) as f64 / 1024.0 / (chats - 1) as f64)
        }
        _ => None,
    };
    for &pressers in &options.pressers {
        measure(&server, bot_id, &users, pressers, Duration::from_secs(1)).await?;
        let measured = measure(
            &server,
            bot_id,
            &users,
            pressers,
            Duration::from_secs(options.seconds),
        )
        .await?;
        println!(
            "| {chats} | {pressers} | {:.0} | {} | {} | {} | {} | {} | {} |",
            measured.rate(),
            micros(measured.percentile(0.50)),
            micros(measured.percentile(0.99)),
            micros(measured.percentile(1.0)),
            measured.each(measured.server_cpu),
            measured.each(measured.own_cpu),
            idle.map_or("–".to_owned(), |idle| format!("{idle:.2}")),
        );
        results.push(json!({
            "chats": chats, "pressers": pressers, "round_trips": measured.times.len(), "per_second": measured.rate(),
            "p50_us": measured.percentile(0.50).as_micros(), "p99_us": measured.percentile(0.99).as_micros(),
            "max_us": measured.percentile(1.0).as_micros(), "kib_per_idle_chat": idle,
            "server_cpu_us": measured.server_cpu.map(|cpu| cpu.as_micros() as f64 / measured.times.len() as f64),
        }));
    }
    Ok(())
}

/// Makes people who have each written to the bot and got its keyboard: their ids.
async fn people(
    address: SocketAddr,
    bot_id: i64,
    count: usize,
    bot: &Bot,
) -> Result<Vec<i64>, Box<dyn Error>> {
    const HANDS: usize = 16;
    let wanted = bot.greeted.get() + count;
    let left = Rc::new(Cell::new(count));
    let ids = Rc::new(RefCell::new(Vec::with_capacity(count)));
    let mut hands = Vec::new();
    for _ in 0..HANDS.min(count) {
        let mut connection = Connection::open(address).await?;
        let (left, ids) = (Rc::clone(&left), Rc::clone(&ids));
        hands.push(tokio::task::spawn_local(async move {
            while let Some(now) = left.get().checked_sub(1) {
                left.set(now);
                let made = connection
                    .post_ok("/_ringback/v1/users", r#"{"first_name":"Idle"}"#)
                    .await?;
                let made: Value = serde_json::from_str(&made)?;
                let id = made["id"]
                    .as_i64()
                    .ok_or_else(|| io::Error::other("a user without an id"))?;
                let body = format!(r#"{{"from":{id},"chat":{bot_id},"text":"/start"}}"#);
                connection.post_ok("/_ringback/v1/messages", &body).await?;
                ids.borrow_mut().push(id);
            }
            io::Result::Ok(())
        }));
    }
    for hand in hands {
        hand.await??;
    }
    let mut seen = bot.greeted.get();
    let mut patience = Instant::now() + Duration::from_secs(30);
    while bot.greeted.get() < wanted {
        tokio::time::sleep(Duration::from_millis(5)).await;
        if bot.greeted.get() > seen {
            seen = bot.greeted.get();
            patience = Instant::now() + Duration::from_secs(30);
        } else if Instant::now() > patience {
            return Err(format!("the bot has sent {seen} keyboards of {wanted} and no more").into());
        }
    }
    Ok(ids.take())
}

struct Measured {
    times: Vec<Duration>,
    took: Duration,
    server_cpu: Option<Duration>,
    own_cpu: Option<Duration>,
}

impl Measured {
    fn rate(&self) -> f64 {
        self.times.len() as f64 / self.took.as_secs_f64()
    }

    /// The times are sorted.
    fn percentile(&self, part: f64) -> Duration {
        let last = self.times.len().saturating_sub(1);
        self.times
            .get((last as f64 * part).round() as usize)
            .copied()
            .unwrap_or_default()
    }

    fn each(&self, cpu: Option<Duration>) -> String {
        cpu.map_or("–".to_owned(), |cpu| {
            format!("{:.1} µs", cpu.as_micros() as f64 / self.times.len() as f64)
        })
    }
}

fn micros(time: Duration) -> String {
    format!("{} µs", time.as_micros())
}

/// Presses for that long: each presser has people of its own, as far as there are enough, and one press under way.
async fn measure(
    server: &Server,
    bot_id: i64,
    users: &[i64],
    pressers: usize,
    length: Duration,
) -> Result<Measured, Box<dyn Error>> {
    let (server_cpu, own_cpu) = (server.cpu(), server::cpu("self"));
    let begun = Instant::now();
    let mut hands = Vec::new();
    for presser in 0..pressers {
        let mut connection = Connection::open(server.address).await?;
        let mut mine: Vec<i64> = users.iter().copied().skip(presser).step_by(pressers).collect();
        if mine.is_empty() {
            mine.push(users[presser % users.len()]);
        }
        hands.push(tokio::task::spawn_local(async move {
            let mut times = Vec::new();
            for user in mine.iter().cycle() {
                let start = Instant::now();
                if start.duration_since(begun) >= length {
                    break;
                }
                let body = format!(r#"{{"from":{user},"chat":{bot_id},"button":{{"data":"+"}}}}"#);
                let response = connection.post("/_ringback/v1/presses", &body).await?;
                times.push(start.elapsed());
                if memmem::find(response.body, br#""answered""#).is_none() {
                    let text = String::from_utf8_lossy(response.body).into_owned();
                    return Err(io::Error::other(format!(
                        "a press was not answered: {} {text}",
                        response.status
                    )));
                }
            }
            Ok(times)
        }));
    }
    let mut times = Vec::new();
    for hand in hands {
        times.extend(hand.await??);
    }
    let took = begun.elapsed();
    let spent = |before: Option<Duration>, after: Option<Duration>| Some(after?.saturating_sub(before?));
    times.sort_unstable();
    Ok(Measured {
        times,
        took,
        server_cpu: spent(server_cpu, server.cpu()),
        own_cpu: spent(own_cpu, server::cpu("self")),
    })
}
