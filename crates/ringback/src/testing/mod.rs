//! A bot's tests: a whole Telegram in the test's own process, and people in it who write and press.
//!
//! ```
//! use ringback::testing::Telegram;
//! use ringback::{CallbackQuery, Incoming, Keyboard, Outcome, Router, BoxError, data::Json};
//!
//! async fn start(message: Incoming) -> Result<(), BoxError> {
//!     let keyboard = Keyboard::new().callback("Ping", &Json("ping".to_owned())).build()?;
//!     message.answer("A button:").with(|m| m.reply_markup(keyboard)).await?;
//!     Ok(())
//! }
//!
//! async fn ping(query: CallbackQuery<Json<String>>) -> Outcome {
//!     query.answer().text("pong").await
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let telegram = Telegram::start().await;
//! let ann = telegram.person("Ann").await;
//! telegram.run(Router::new().command("start", start).callback(ping)).await;
//!
//! ann.send("/start").await;
//! assert_eq!(ann.last().await.text(), "A button:");
//! assert_eq!(ann.press("Ping").await.text(), Some("pong"));
//! # }
//! ```
//!
//! It is the server that `ringback dev` runs, with its rules: a bot that works here knows them. Its clock stands still
//! until [`advance`](Telegram::advance) turns it, so that nothing depends on how fast the machine is. The clock is
//! Telegram's; the bot's own [deadline](crate::Polling::answer_within) runs on real time and can be set short.
//!
//! Everything here panics when the test is wrong: there is no such button, or the bot has not handled an update within
//! ten seconds.

#![allow(
    clippy::panic,
    clippy::expect_used,
    reason = "a test that can't go on fails, and says why"
)]

mod control;
mod inline;
mod person;

pub use inline::Offers;
pub use person::{Pending, Person, Press, Seen};

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ringback_server::{Config, Server};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use self::control::Control;
use crate::bot::Bot;
use crate::dispatch::Report;
use crate::error::Error;
use crate::outgoing::Limits;
use crate::poll::Polling;
use crate::router::Router;
use crate::webhook::Webhook;

/// How long a bot may take to handle an update, in real time.
const PATIENCE: Duration = Duration::from_secs(10);

/// The bot's name in every test.
const USERNAME: &str = "test_bot";

/// A local Telegram with one bot, @test_bot. It ends when it is dropped.
#[derive(Debug)]
pub struct Telegram {
    shared: Arc<Shared>,
    running: Mutex<Option<Running>>,
    _server: Server,
}

#[derive(Debug)]
struct Shared {
    control: Control,
    bot: Bot,
    token: String,
    runs: AtomicBool,
    reports: Mutex<Vec<Report>>,
}

#[derive(Debug)]
struct Running {
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<(), Error>>,
}

impl Telegram {
    /// Starts one on a free port. Its clock stands still, at the present: bots send times of day (`until_date`).
    ///
    /// # Panics
    /// There is no free port.
    pub async fn start() -> Telegram {
        let mut config = Config::default();
        config.port = 0;
        config.standing_clock = true;
        let server = Server::start(config)
            .await
            .expect("a port for the local Telegram");
        let control = Control::new(server.addr().to_string());
        let clock = control.get("/clock").await;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let to_now = now.saturating_sub(Duration::from_millis(clock["now"].as_u64().unwrap_or_default()));
        advance(&control, to_now).await;
        let made = control
            .post("/bots", json!({"username": USERNAME, "first_name": "Test bot"}))
            .await;
        let token = made["token"].as_str().unwrap_or_default().to_owned();
        // Nobody counts here, and a test should not wait.
        let bot = Bot::builder(&token)
            .server(server.url())
            .limits(Limits::none())
            .build()
            .expect("the bot's own token");
        let shared = Shared {
            control,
            bot,
            token,
            runs: AtomicBool::new(false),
            reports: Mutex::default(),
        };
        Telegram {
            shared: Arc::new(shared),
            running: Mutex::default(),
            _server: server,
        }
    }

    /// Where it listens, for other programs: `http://127.0.0.1:…`. The page at this address shows the chats.
    pub fn url(&self) -> String {
        self._server.url()
    }

    /// The bot, to send something without having been asked.
    pub fn bot(&self) -> &Bot {
        &self.shared.bot
    }

    /// The bot's token, for a bot that runs as a program of its own.
    pub fn token(&self) -> &str {
        &self.shared.token
    }

    /// Somebody new, who has never written to the bot.
    pub async fn person(&self, first_name: &str) -> Person {
        let made = self
            .shared
            .control
            .post("/users", json!({"first_name": first_name}))
            .await;
        let id = made["id"].as_i64().expect("a user's id");
        Person::new(Arc::clone(&self.shared), id, self.bot().id())
    }

    /// A new supergroup with the bot and these people; the first owns it. [`Person::in_chat`] goes there.
    ///
    /// As in Telegram's groups, a bot sees commands there, replies to its own messages, and presses; other messages
    /// only if it is an administrator: `telegram.promote(group, telegram.bot().id())`.
    pub async fn group(&self, title: &str, members: &[&Person]) -> i64 {
        let mut ids: Vec<i64> = members.iter().map(|person| person.id()).collect();
        ids.push(self.bot().id());
        let new = json!({"type": "supergroup", "title": title, "members": ids});
        let made = self.shared.control.post("/chats", new).await;
        made["id"].as_i64().expect("a chat's id")
    }

    /// Makes somebody (or the bot, by its id) an administrator of a group.
    pub async fn promote(&self, group: i64, user: i64) {
        self.rank(group, user, "administrator").await;
    }

    /// Makes an administrator a plain member again.
    pub async fn demote(&self, group: i64, user: i64) {
        self.rank(group, user, "member").await;
    }

    async fn rank(&self, group: i64, user: i64, status: &str) {
        let path = format!("/chats/{group}/members");
        let rank = json!({"user": user, "status": status});
        self.shared.control.post(&path, rank).await;
        self.shared.settled().await;
    }

    /// How often the bot has called this method: `"editMessageText"`. Answers that ride in a webhook's response count
    /// as well. The journal behind this keeps the latest hundred thousand entries.
    pub async fn calls(&self, method: &str) -> usize {
        let journal = self.shared.control.get("/events?since=0&limit=100000").await;
        let entries = journal["events"].as_array().map_or(&[][..], Vec::as_slice);
        let is_call = |entry: &&Value| entry["kind"] == "call" && entry["method"] == method;
        entries.iter().filter(is_call).count()
    }

    /// Runs the bot by polling, in the background.
    ///
    /// # Panics
    /// The router can't be used, or a bot runs already.
    pub async fn run(&self, router: Router) {
        self.run_with(router, |polling| polling).await;
    }

    /// The same with settings. An error handler is set already: see [`reports`](Self::reports).
    pub async fn run_with(&self, router: Router, set: impl FnOnce(Polling) -> Polling) {
        let polling = Polling::new(self.bot().clone(), router).unwrap_or_else(|error| panic!("{error}"));
        let shared = Arc::clone(&self.shared);
        let polling = set(polling
            .take_over_webhook()
            .on_error(move |report| shared.note(report)));
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(polling.run_until(until(stopped)));
        self.runs(Running { stop, task });
    }

    /// Runs the bot by webhook, in the background: its own server, registered with this Telegram.
    ///
    /// # Panics
    /// The router can't be used, or a bot runs already.
    pub async fn serve(&self, router: Router) {
        self.serve_with(router, |webhook| webhook).await;
    }

    /// The same with settings. Secret, address and error handler are set already.
    pub async fn serve_with(&self, router: Router, set: impl FnOnce(Webhook) -> Webhook) {
        let listener = TcpListener::bind(("127.0.0.1", 0))
            .await
            .expect("a port for the webhook");
        let address = listener.local_addr().expect("the port that was just bound");
        let webhook = Webhook::new(self.bot().clone(), router).unwrap_or_else(|error| panic!("{error}"));
        let shared = Arc::clone(&self.shared);
        let webhook = webhook
            .secret("test-secret")
            .url(format!("http://{address}/telegram"))
            .on_error(move |report| shared.note(report));
        let webhook = set(webhook);
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(webhook.run_on(listener, until(stopped)));
        self.runs(Running { stop, task });
        // From here on updates go to the webhook.
        self.receives(|how| how == "webhook").await;
    }

    /// Says that the bot runs by other means: mounted in a server of the test's own, or as another program. Waits
    /// until it receives updates; from here on people wait until it has handled theirs.
    ///
    /// # Panics
    /// It does not receive updates within ten seconds.
    pub async fn runs_elsewhere(&self) {
        self.receives(|how| how != "nothing").await;
        self.shared.runs.store(true, Ordering::Relaxed);
    }

    async fn receives(&self, wanted: impl Fn(&str) -> bool) {
        let end = Instant::now() + PATIENCE;
        loop {
            let bots = self.shared.control.get("/bots").await;
            if bots["bots"][0]["receives"].as_str().is_some_and(&wanted) {
                return;
            }
            assert!(Instant::now() < end, "the bot does not receive updates");
            sleep(Duration::from_millis(2)).await;
        }
    }

    fn runs(&self, running: Running) {
        let before = self.lock_running().replace(running);
        assert!(before.is_none(), "a bot runs already; stop() or kill() it first");
        self.shared.runs.store(true, Ordering::Relaxed);
    }

    /// Stops the bot as SIGTERM does: it drains first.
    ///
    /// # Panics
    /// The bot does not run, or ended with an error.
    pub async fn stop(&self) {
        let running = self.take_running();
        let _ = running.stop.send(());
        let ended = running
            .task
            .await
            .unwrap_or_else(|error| panic!("the bot's task: {error}"));
        ended.unwrap_or_else(|error| panic!("the bot ended: {error}"));
    }

    /// Ends the bot as SIGKILL does, as far as that is possible in one process: it receives nothing more and confirms
    /// nothing. Handlers that are at work go on.
    ///
    /// # Panics
    /// The bot does not run.
    pub async fn kill(&self) {
        let running = self.take_running();
        running.task.abort();
        let _ = running.task.await;
    }

    /// Waits until the bot has handled everything that was sent to it. [`Person`]'s methods have done so when they
    /// return.
    pub async fn settled(&self) {
        self.shared.settled().await;
    }

    /// Turns Telegram's clock forward; what is due by then has happened when this returns.
    pub async fn advance(&self, by: Duration) {
        advance(&self.shared.control, by).await;
    }

    /// Takes what the bot's error handler has been told since the last time.
    pub fn reports(&self) -> Vec<Report> {
        std::mem::take(&mut *self.shared.reports.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn take_running(&self) -> Running {
        self.shared.runs.store(false, Ordering::Relaxed);
        self.lock_running().take().expect("a bot that runs")
    }

    fn lock_running(&self) -> std::sync::MutexGuard<'_, Option<Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Telegram {
    fn drop(&mut self) {
        if let Some(running) = self.lock_running().take() {
            running.task.abort();
        }
    }
}

impl Shared {
    async fn settled(&self) {
        if !self.runs.load(Ordering::Relaxed) {
            return;
        }
        let end = Instant::now() + PATIENCE;
        loop {
            let bots = self.control.get("/bots").await;
            if bots["bots"][0]["pending_update_count"] == 0 {
                return;
            }
            assert!(
                Instant::now() < end,
                "the bot has not handled an update within {PATIENCE:?}"
            );
            sleep(Duration::from_millis(1)).await;
        }
    }

    fn note(&self, report: Report) -> std::future::Ready<()> {
        self.reports
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(report);
        std::future::ready(())
    }
}

async fn advance(control: &Control, by: Duration) {
    let by = json!({"by": format!("{}ms", by.as_millis())});
    control.post("/clock/advance", by).await;
}

async fn until(stopped: oneshot::Receiver<()>) {
    // Ready as well when the other end is dropped.
    let _ = stopped.await;
}
