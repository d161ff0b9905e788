//! What an `answerCallbackQuery` costs over connections that are kept, and over HTTP/2. See README.md.

mod certificate;
mod clients;
mod server;

use std::cell::Cell;
use std::process::ExitCode;
use std::rc::Rc;
use std::time::{Duration, Instant};

use clients::{Client, Kind};
use tokio::task::LocalSet;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

const HELP: &str = "\
bench-http [--calls N] [--rounds N]

  --calls N    calls of each measurement (default 20000; a tenth of them more before it, to warm up)
  --rounds N   how often all is measured; the median counts (default 3)
";

/// A measurement does not take longer than about this: with a delay and few calls at once there are fewer.
const LONGEST: Duration = Duration::from_secs(8);

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), BoxError> {
    let (mut calls, mut rounds) = (20_000_u64, 3_usize);
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut number = || {
            args.next()
                .and_then(|value| value.parse::<u64>().ok())
                .filter(|n| *n > 0)
        };
        match arg.as_str() {
            "--calls" => calls = number().ok_or(HELP)?,
            "--rounds" => rounds = number().ok_or(HELP)?.try_into()?,
            _ => return Err(HELP.into()),
        }
    }
    let own = certificate::make()?;
    println!("| delay | calls at once | client | calls/s | client CPU µs/call | p50 ms | p99 ms |");
    println!("|---|---|---|---|---|---|---|");
    for delay in [Duration::ZERO, Duration::from_millis(30)] {
        let at = server::start(&own, delay)?;
        for together in [1, 64, 512] {
            let mut calls = calls;
            if !delay.is_zero() {
                calls = calls.min(together * (LONGEST.as_millis() / delay.as_millis()) as u64);
            }
            let mut measured: Vec<Vec<Measured>> = Kind::ALL.iter().map(|_| Vec::new()).collect();
            // In turn, so that what else the machine does meets all of them.
            for _ in 0..rounds {
                for (kind, list) in Kind::ALL.into_iter().zip(&mut measured) {
                    let client = async || Client::new(kind, at, &own).await;
                    list.push(measure(client, together, calls)?);
                }
            }
            for (kind, list) in Kind::ALL.into_iter().zip(&measured) {
                println!(
                    "| {} ms | {together} | {} | {:.0} | {:.1} | {:.2} | {:.2} |",
                    delay.as_millis(),
                    kind.name(),
                    median(list, |one| one.rate),
                    median(list, |one| one.cpu),
                    median(list, |one| one.p50),
                    median(list, |one| one.p99),
                );
            }
        }
    }
    Ok(())
}

struct Measured {
    /// Calls a second.
    rate: f64,
    /// Microseconds of this thread's processor time for each call.
    cpu: f64,
    /// Milliseconds.
    p50: f64,
    p99: f64,
}

fn median(list: &[Measured], of: impl Fn(&Measured) -> f64) -> f64 {
    let mut values: Vec<f64> = list.iter().map(of).collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// Sends calls, so many at once, all on this thread.
fn measure<F: Future<Output = Result<Client, BoxError>>>(
    client: impl FnOnce() -> F,
    together: u64,
    calls: u64,
) -> Result<Measured, BoxError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let local = LocalSet::new();
    local.block_on(&runtime, async {
        let client = Rc::new(client().await?);
        // Every connection is there before it counts.
        send(&client, together, (calls / 10).max(2 * together)).await?;
        let (begun, cpu) = (Instant::now(), own_cpu()?);
        let mut times = send(&client, together, calls).await?;
        let (took, cpu) = (begun.elapsed(), own_cpu()? - cpu);
        times.sort_unstable();
        let at = |part: f64| {
            let place = ((times.len() as f64 * part) as usize).min(times.len().saturating_sub(1));
            times.get(place).map_or(0.0, |time| time.as_secs_f64() * 1e3)
        };
        Ok(Measured {
            rate: calls as f64 / took.as_secs_f64(),
            cpu: cpu.as_secs_f64() * 1e6 / calls as f64,
            p50: at(0.5),
            p99: at(0.99),
        })
    })
}

async fn send(client: &Rc<Client>, together: u64, calls: u64) -> Result<Vec<Duration>, BoxError> {
    let left = Rc::new(Cell::new(calls));
    let tasks: Vec<_> = (0..together)
        .map(|_| {
            let (client, left) = (Rc::clone(client), Rc::clone(&left));
            tokio::task::spawn_local(async move {
                let mut times = Vec::new();
                while left.get() > 0 {
                    left.set(left.get() - 1);
                    let begun = Instant::now();
                    client.call(left.get()).await?;
                    times.push(begun.elapsed());
                }
                Ok::<_, BoxError>(times)
            })
        })
        .collect();
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await??);
    }
    Ok(times)
}

/// This thread's processor time so far, as Linux counts it.
fn own_cpu() -> Result<Duration, BoxError> {
    let counts = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds = counts.split(' ').next().unwrap_or_default();
    Ok(Duration::from_nanos(nanoseconds.parse()?))
}
