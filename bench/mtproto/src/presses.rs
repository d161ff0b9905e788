//! Presses: the same ones, two ways.

use std::cell::RefCell;
use std::error::Error;
use std::fmt;
use std::io;
use std::rc::Rc;
use std::time::{Duration, Instant};

use memchr::memmem;
use ringback_client::{Client, Peer, Press};
use serde_json::{Value, json};

use crate::http::Connection;
use crate::stage::Stage;

/// Who presses, and how.
#[derive(Clone)]
enum Hand {
    /// Over HTTP, with this body.
    Control(Rc<RefCell<Connection>>, String),
    /// As a client, in this chat, this message.
    Mtproto(Client, Peer, i32),
}

/// Several hands of one kind.
pub(crate) struct Way(Vec<Hand>);

impl Way {
    pub(crate) async fn control(stage: &Stage, pressers: usize) -> Result<Self, Box<dyn Error>> {
        let mut hands = Vec::new();
        for user in stage.people.iter().take(pressers) {
            let body = format!(
                r#"{{"from":{user},"chat":{},"button":{{"data":"+"}}}}"#,
                stage.bot
            );
            let connection = Connection::open(stage.server.address).await?;
            hands.push(Hand::Control(Rc::new(RefCell::new(connection)), body));
        }
        Ok(Self(hands))
    }

    pub(crate) async fn mtproto(stage: &Stage, pressers: usize) -> Result<Self, Box<dyn Error>> {
        let mut hands = Vec::new();
        for user in stage.people.iter().take(pressers) {
            let session = stage.session(*user).await?;
            let client = Client::builder().session(session).connect().await?;
            let bot = client.resolve("bench_bot").await?;
            let history = client.history(&bot, 10).await?;
            let menu = history.iter().find(|message| !message.buttons.is_empty());
            let id = menu.ok_or("no keyboard")?.id;
            hands.push(Hand::Mtproto(client, bot, id));
        }
        Ok(Self(hands))
    }

    /// Presses for that long, each hand one at a time.
    pub(crate) async fn press(&self, stage: &Stage, length: Duration) -> Result<Times, Box<dyn Error>> {
        let cpu = stage.server.cpu();
        let begun = Instant::now();
        let hands: Vec<_> = self
            .0
            .iter()
            .cloned()
            .map(|hand| {
                tokio::task::spawn_local(async move {
                    let mut times = Vec::new();
                    while begun.elapsed() < length {
                        let start = Instant::now();
                        hand.press().await?;
                        times.push(start.elapsed());
                    }
                    io::Result::Ok(times)
                })
            })
            .collect();
        let mut times = Vec::new();
        for hand in hands {
            times.extend(hand.await??);
        }
        let spent = stage
            .server
            .cpu()
            .zip(cpu)
            .map(|(after, before)| after.saturating_sub(before));
        Ok(Times {
            times,
            took: begun.elapsed(),
            cpu: spent.unwrap_or_default(),
        })
    }
}

impl Hand {
    #[allow(
        clippy::await_holding_refcell_ref,
        reason = "each connection has one user, one press at a time"
    )]
    async fn press(&self) -> io::Result<()> {
        match self {
            Self::Control(connection, body) => {
                let mut connection = connection.borrow_mut();
                let response = connection.post("/_ringback/v1/presses", body).await?;
                if memmem::find(response.body, br#""answered""#).is_none() {
                    let text = String::from_utf8_lossy(response.body).into_owned();
                    return Err(io::Error::other(format!("a press was not answered: {text}")));
                }
            }
            Self::Mtproto(client, bot, id) => {
                let answer = client.press((bot, *id), Press::data("+")).await;
                answer.map_err(io::Error::other)?;
            }
        }
        Ok(())
    }
}

/// How long presses took.
#[derive(Default)]
pub(crate) struct Times {
    times: Vec<Duration>,
    took: Duration,
    cpu: Duration,
}

impl Times {
    pub(crate) fn add(&mut self, more: Times) {
        self.times.extend(more.times);
        self.took += more.took;
        self.cpu += more.cpu;
    }

    pub(crate) fn sorted(mut self) -> Self {
        self.times.sort_unstable();
        self
    }

    pub(crate) fn rate(&self) -> f64 {
        self.times.len() as f64 / self.took.as_secs_f64()
    }

    /// The times are sorted.
    pub(crate) fn percentile(&self, part: f64) -> Duration {
        let last = self.times.len().saturating_sub(1);
        let at = (last as f64 * part).round() as usize;
        self.times.get(at).copied().unwrap_or_default()
    }

    fn cpu_each(&self) -> f64 {
        self.cpu.as_micros() as f64 / self.times.len().max(1) as f64
    }

    pub(crate) fn json(&self) -> Value {
        json!({
            "presses": self.times.len(), "per_second": self.rate(),
            "p50_us": self.percentile(0.5).as_micros(), "p99_us": self.percentile(0.99).as_micros(),
            "max_us": self.percentile(1.0).as_micros(), "server_cpu_us": self.cpu_each(),
        })
    }
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:.0} | {} µs | {} µs | {} µs | {:.1} µs",
            self.rate(),
            self.percentile(0.5).as_micros(),
            self.percentile(0.99).as_micros(),
            self.percentile(1.0).as_micros(),
            self.cpu_each(),
        )
    }
}
