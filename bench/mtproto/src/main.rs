//! Presses over MTProto beside the same presses through the control API; key exchanges; idle connections.
//! See README.md for how to read the numbers.

#[path = "../../roundtrip/src/bot.rs"]
mod bot;
#[path = "../../roundtrip/src/http.rs"]
mod http;
mod idle;
mod presses;
#[path = "../../roundtrip/src/server.rs"]
#[allow(
    dead_code,
    reason = "this measures less than the bench that it is shared with"
)]
mod server;
mod stage;

use std::error::Error;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;
use tokio::task::LocalSet;

use presses::{Times, Way};
use stage::Stage;

const HELP: &str = "\
bench-mtproto [--server FILE] [--pressers N,N,…] [--seconds N] [--connections N] [--handshakes N] [--json FILE]

  --server FILE     the ringback binary to start (default target/release/ringback)
  --pressers LIST   how many presses are under way at once (default 1,64)
  --seconds N       how long each way is measured, in turns of a second (default 5)
  --connections N   how many connections stay idle (default 10000)
  --handshakes N    how many keys are made, one after the other and eight at once (default 200)
  --json FILE       write the results there too
";

struct Options {
    server: PathBuf,
    pressers: Vec<usize>,
    seconds: u64,
    connections: usize,
    handshakes: usize,
    json: Option<PathBuf>,
}

fn options() -> Result<Option<Options>, Box<dyn Error>> {
    let mut options = Options {
        server: "target/release/ringback".into(),
        pressers: vec![1, 64],
        seconds: 5,
        connections: 10_000,
        handshakes: 200,
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
            "--pressers" => {
                options.pressers = value.split(',').map(str::parse).collect::<Result<_, _>>()?;
            }
            "--seconds" => options.seconds = value.parse()?,
            "--connections" => options.connections = value.parse()?,
            "--handshakes" => options.handshakes = value.parse()?,
            "--json" => options.json = Some(value.into()),
            _ => return Err(format!("unknown option {flag}").into()),
        }
    }
    if options.pressers.contains(&0) || options.seconds == 0 {
        return Err("0 of something measures nothing".into());
    }
    Ok(Some(options))
}

// One thread, so that the server has the rest of the machine.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let Some(options) = options()? else {
        print!("{HELP}");
        return Ok(());
    };
    // Where it cannot be raised, fewer connections can be opened, and that is an error then.
    let _ = rlimit::increase_nofile_limit(u64::MAX);
    LocalSet::new().run_until(all(&options)).await
}

async fn all(options: &Options) -> Result<(), Box<dyn Error>> {
    let most = options.pressers.iter().copied().max().unwrap_or(1);
    let stage = Stage::start(&options.server, most).await?;
    let mut results = serde_json::Map::new();
    println!("| pressers | way | presses/s | p50 | p99 | max | server CPU each |");
    println!("|--:|---|--:|--:|--:|--:|--:|");
    for &pressers in &options.pressers {
        let (control, mtproto) = both(&stage, pressers, options.seconds).await?;
        for (way, times) in [("control API", &control), ("MTProto", &mtproto)] {
            println!("| {pressers} | {way} | {times} |");
        }
        let ratio = |part| mtproto.percentile(part).as_secs_f64() / control.percentile(part).as_secs_f64();
        let (p50, p99) = (ratio(0.5), ratio(0.99));
        let rate = mtproto.rate() / control.rate();
        println!("| {pressers} | MTProto ÷ control API | {rate:.2} | {p50:.2} | {p99:.2} | | |");
        results.insert(
            format!("presses_{pressers}"),
            json!({
                "control": control.json(), "mtproto": mtproto.json(),
                "rate_ratio": rate, "p50_ratio": p50, "p99_ratio": p99,
            }),
        );
    }
    println!();
    for at_once in [1, 8] {
        let each = stage.handshakes(options.handshakes, at_once).await?;
        let rate = 1.0 / each.as_secs_f64();
        println!("{rate:.0} key exchanges with a first call per second, {at_once} at once");
        results.insert(format!("handshakes_{at_once}"), json!({"per_second": rate}));
    }
    if options.connections > 0 {
        let idle = idle::measure(&stage, options.connections).await?;
        println!(
            "{:.2} KiB of the server's memory for each of {} idle connections ({:.2} KiB for its key)",
            idle.connection, options.connections, idle.key
        );
        results.insert(
            "idle".into(),
            json!({"connections": options.connections, "kib_each": idle.connection, "kib_key": idle.key}),
        );
    }
    if let Some(path) = &options.json {
        std::fs::write(path, serde_json::to_string_pretty(&results)?)?;
    }
    Ok(())
}

/// Both ways by turns, so that whatever else the machine does falls on both.
async fn both(stage: &Stage, pressers: usize, seconds: u64) -> Result<(Times, Times), Box<dyn Error>> {
    let (control, mtproto) = (
        Way::control(stage, pressers).await?,
        Way::mtproto(stage, pressers).await?,
    );
    let turn = Duration::from_secs(1);
    for way in [&control, &mtproto] {
        way.press(stage, turn).await?;
    }
    let (mut slow, mut fast) = (Times::default(), Times::default());
    for _ in 0..seconds {
        slow.add(control.press(stage, turn).await?);
        fast.add(mtproto.press(stage, turn).await?);
    }
    Ok((slow.sorted(), fast.sorted()))
}
