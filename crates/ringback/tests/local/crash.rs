//! A bot in a process of its own, which is killed, told to stop, and started again.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use ringback::store::{FileStore, Store, StoreFuture, When};
use ringback::testing::{Pending, Person, Press, Telegram};
use ringback::{Bot, BoxError, CallbackQuery, Outcome, Polling, Reason, Router, State, Webhook};

/// Where the bot writes what its handler does.
struct Diary(PathBuf);

impl Diary {
    fn new(name: &str) -> Self {
        let file = std::env::temp_dir().join(format!("ringback-{name}-{}", std::process::id()));
        let _ = std::fs::remove_file(&file);
        Diary(file)
    }

    fn note(&self, line: &str) {
        use std::io::Write;
        let mut file = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.0)
            .unwrap();
        writeln!(file, "{line}").unwrap();
    }

    fn lines(&self) -> Vec<String> {
        let text = std::fs::read_to_string(&self.0).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    async fn until(&self, line: &str) {
        let end = Instant::now() + Duration::from_secs(10);
        while !self.lines().iter().any(|own| own == line) {
            assert!(Instant::now() < end, "{line} did not happen: {:?}", self.lines());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

async fn handler(query: CallbackQuery, diary: State<Diary>) -> Result<Outcome, BoxError> {
    let data = query.data().unwrap_or_default().trim_matches('"').to_owned();
    diary.note(&format!("start {data}"));
    match data.as_str() {
        "slow" => tokio::time::sleep(Duration::from_millis(700)).await,
        "late" => tokio::time::sleep(Duration::from_millis(2000)).await,
        "never" => std::future::pending().await,
        "panic" => panic!("on purpose"),
        "error" => return Err("on purpose".into()),
        _ => {}
    }
    diary.note(&format!("end {data}"));
    Ok(query.answer().text(data).await)
}

/// The same, with the answer left to a task.
async fn later(query: CallbackQuery, diary: State<Diary>) -> Outcome {
    let data = query.data().unwrap_or_default().trim_matches('"').to_owned();
    let (later, outcome) = query.answer_later();
    diary.note(&format!("start {data}"));
    tokio::spawn(async move {
        match data.as_str() {
            "slow" => tokio::time::sleep(Duration::from_millis(200)).await,
            "never" => std::future::pending().await,
            _ => {}
        }
        diary.note(&format!("end {data}"));
        later.answer_with(|answer| answer.text(data)).await;
    });
    outcome
}

/// A file that notes what was marked. After the first mark of `echo`'s answer it says nothing any more, as if the
/// program were stopped there.
struct Noting {
    store: FileStore,
    diary: Diary,
}

impl Store for Noting {
    fn get<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<Vec<u8>>> {
        self.store.get(key)
    }

    fn set<'a>(
        &'a self,
        key: &'a str,
        value: &'a [u8],
        keep: Option<Duration>,
        when: When<'a>,
    ) -> StoreFuture<'a, bool> {
        Box::pin(async move {
            let set = self.store.set(key, value, keep, when).await?;
            self.diary.note("marked");
            if String::from_utf8_lossy(value).contains("echo") {
                std::future::pending::<()>().await;
            }
            Ok(set)
        })
    }

    fn remove<'a>(&'a self, key: &'a str, only: Option<&'a [u8]>) -> StoreFuture<'a, bool> {
        self.store.remove(key, only)
    }
}

/// Not a test: the bot, as the tests below start it.
#[test]
#[ignore = "the bot of the other tests, in a process of its own"]
fn the_bot() {
    let Ok(token) = std::env::var("CRASH_TOKEN") else {
        return;
    };
    let var = |name: &str| std::env::var(name).unwrap();
    let bot = Bot::builder(&token).server(var("CRASH_SERVER")).build().unwrap();
    let router = match std::env::var("CRASH_LATER") {
        Ok(_) => Router::new().callback(later),
        Err(_) => Router::new().callback(handler),
    };
    let router = router.state(Diary(var("CRASH_DIARY").into()));
    // A run with the file that the others use, too.
    let marks = std::env::var("CRASH_MARKS").ok();
    let marks = marks.map(|file| Noting {
        store: FileStore::open(file).unwrap(),
        diary: Diary(var("CRASH_DIARY").into()),
    });
    let drain = Duration::from_millis(std::env::var("CRASH_DRAIN").map_or(10_000, |ms| ms.parse().unwrap()));
    let within = Duration::from_millis(std::env::var("CRASH_WITHIN").map_or(1500, |ms| ms.parse().unwrap()));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let fallback =
        |reason: Reason, answer: ringback::api::AnswerCallbackQuery| answer.text(format!("{reason:?}"));
    let ended = match std::env::var("CRASH_PORT") {
        Ok(port) => {
            let mut webhook = Webhook::new(bot, router).unwrap();
            if let Some(marks) = marks {
                webhook = webhook.dedupe(marks);
            }
            runtime.block_on(
                webhook
                    .drain(drain)
                    .secret("crash")
                    .url(format!("http://127.0.0.1:{port}/hook"))
                    .answer_within(within)
                    .fallback(fallback)
                    .run(([127, 0, 0, 1], port.parse().unwrap())),
            )
        }
        Err(_) => {
            let mut polling = Polling::new(bot, router).unwrap();
            if let Ok(file) = std::env::var("CRASH_INBOX") {
                polling = polling.inbox(file).unwrap();
            }
            if let Some(marks) = marks {
                polling = polling.dedupe(marks);
            }
            runtime.block_on(
                polling
                    .answer_within(within)
                    .drain(drain)
                    .fallback(fallback)
                    .run(),
            )
        }
    };
    ended.unwrap();
    std::process::exit(0);
}

/// How the bot receives.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Way {
    Polling,
    Inbox,
    Webhook,
}

struct Scene {
    telegram: Telegram,
    ann: Person,
    ben: Person,
    diary: Diary,
    port: Option<u16>,
    inbox: Option<PathBuf>,
    /// More of what the bot is told.
    env: Vec<(&'static str, String)>,
}

impl Scene {
    async fn new(name: &str, way: Way) -> Self {
        let telegram = Telegram::start().await;
        let (ann, ben) = (telegram.person("Ann").await, telegram.person("Ben").await);
        // The bot may write to her, and there is a keyboard.
        telegram.run(crate::testing::router()).await;
        ann.send("/start").await;
        ben.send("/start").await;
        telegram.stop().await;
        let port = (way == Way::Webhook).then(|| {
            let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
            listener.local_addr().unwrap().port()
        });
        let diary = Diary::new(&format!("{name}-{way:?}"));
        let inbox = (way == Way::Inbox).then(|| diary.0.with_extension("inbox"));
        Scene {
            telegram,
            ann,
            ben,
            diary,
            port,
            inbox,
            env: Vec::new(),
        }
    }

    fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.env.push((name, value.to_string()));
        self
    }

    fn with_marks(self) -> Self {
        let file = self.diary.0.with_extension("marks");
        let _ = std::fs::remove_file(&file);
        self.with("CRASH_MARKS", file.display())
    }

    /// Starts the bot. A webhook that was not there is tried again after a while: the clock is turned until it is.
    async fn again(&self) -> Child {
        let bot = self.spawn();
        if let Some(port) = self.port {
            while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
        bot
    }

    async fn end(&self, press: Pending) -> Press {
        for _ in 0..40 {
            let now = press.now().await;
            if !now.is_pending() {
                return now;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
            if self.port.is_some() {
                self.telegram.advance(Duration::from_millis(200)).await;
            }
        }
        press.end().await
    }

    fn spawn(&self) -> Child {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["--ignored", "--exact", "crash::the_bot", "--nocapture"])
            .env("CRASH_TOKEN", self.telegram.token())
            .env("CRASH_SERVER", self.telegram.url())
            .env("CRASH_DIARY", &self.diary.0)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if let Some(port) = self.port {
            command.env("CRASH_PORT", port.to_string());
        }
        if let Some(inbox) = &self.inbox {
            command.env("CRASH_INBOX", inbox);
        }
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        command.spawn().unwrap()
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.diary.0);
        for file in ["inbox", "inbox.lock", "marks"] {
            let _ = std::fs::remove_file(self.diary.0.with_extension(file));
        }
    }
}

/// A call, or what rides in a webhook's response.
const ANSWER: &str = "answerCallbackQuery";

fn count(lines: &[String], line: &str) -> usize {
    lines.iter().filter(|own| *own == line).count()
}

async fn killed(way: Way) {
    let scene = Scene::new("kill", way).await;
    let mut bot = scene.spawn();
    let press = scene.ann.begin_press("Slow").await;
    scene.diary.until("start slow").await;
    bot.kill().unwrap();
    bot.wait().unwrap();
    assert!(press.now().await.is_pending());

    let mut bot = scene.again().await;
    let answer = scene.end(press).await;
    assert_eq!(answer.text(), Some("slow"));
    let lines = scene.diary.lines();
    assert_eq!(
        (count(&lines, "start slow"), count(&lines, "end slow")),
        (2, 1),
        "{lines:?}"
    );
    bot.kill().unwrap();
    bot.wait().unwrap();
}

#[tokio::test]
async fn killed_in_the_middle_of_a_handler_a_polling_bot_handles_the_press_after_its_restart() {
    killed(Way::Polling).await;
}

#[tokio::test]
async fn killed_in_the_middle_of_a_handler_a_webhook_bot_handles_the_press_after_its_restart() {
    killed(Way::Webhook).await;
}

#[tokio::test]
async fn killed_in_the_middle_of_a_handler_a_bot_with_an_inbox_handles_the_press_after_its_restart() {
    killed(Way::Inbox).await;
}

/// Tells the bot to stop, and sees that it does.
async fn terminate(mut bot: Child) {
    let told = Command::new("kill")
        .args(["-TERM", &bot.id().to_string()])
        .status()
        .unwrap();
    assert!(told.success());
    let ended = tokio::task::spawn_blocking(move || bot.wait().unwrap())
        .await
        .unwrap();
    assert!(ended.success(), "{ended}");
}

async fn told_to_stop(way: Way) {
    let scene = Scene::new("stop", way).await;
    let bot = scene.spawn();
    let press = scene.ann.begin_press("Slow").await;
    scene.diary.until("start slow").await;
    terminate(bot).await;
    assert_eq!(press.end().await.text(), Some("slow"));

    // The next run gets only what is new.
    let mut bot = scene.again().await;
    let press = scene.ann.begin_press("Echo").await;
    assert_eq!(scene.end(press).await.text(), Some("echo"));
    scene.diary.until("end echo").await;
    assert_eq!(
        scene.diary.lines(),
        ["start slow", "end slow", "start echo", "end echo"]
    );
    bot.kill().unwrap();
    bot.wait().unwrap();
}

#[tokio::test]
async fn told_to_stop_a_polling_bot_drains_and_confirms() {
    told_to_stop(Way::Polling).await;
}

#[tokio::test]
async fn told_to_stop_a_webhook_bot_drains() {
    told_to_stop(Way::Webhook).await;
}

#[tokio::test]
async fn told_to_stop_a_bot_with_an_inbox_drains() {
    told_to_stop(Way::Inbox).await;
}

async fn misbehaving(way: Way) {
    let scene = Scene::new("misbehave", way).await;
    let mut bot = scene.spawn();
    for (data, answer) in [("panic", "Failed"), ("error", "Failed"), ("never", "Late")] {
        let press = scene.ann.forge(data).await;
        assert_eq!(press.text(), Some(answer), "{data}");
    }
    // Still the same process. The user's next press waits for the one that never ends: another's does not.
    scene.ben.send("/start").await;
    let lines = scene.diary.lines();
    assert_eq!(lines, ["start panic", "start error", "start never"]);
    assert_eq!(scene.telegram.calls(ANSWER).await, 3);
    assert!(bot.try_wait().unwrap().is_none());
    bot.kill().unwrap();
    bot.wait().unwrap();
}

#[tokio::test]
async fn whatever_a_handler_does_each_press_is_answered_once_by_polling() {
    misbehaving(Way::Polling).await;
}

#[tokio::test]
async fn whatever_a_handler_does_each_press_is_answered_once_by_webhook() {
    misbehaving(Way::Webhook).await;
}

#[tokio::test]
async fn whatever_a_handler_does_each_press_is_answered_once_with_an_inbox() {
    misbehaving(Way::Inbox).await;
}

async fn late(way: Way) {
    let scene = Scene::new("late", way).await;
    let mut bot = scene.spawn();
    // The dispatcher answers at 1.5 s, the handler at 2 s; and that does no harm.
    assert_eq!(scene.ann.forge("late").await.text(), Some("Late"));
    scene.diary.until("end late").await;
    let press = scene.ann.begin_press("Echo").await;
    assert_eq!(press.end().await.text(), Some("echo"));
    assert!(bot.try_wait().unwrap().is_none());
    terminate(bot).await;
    // What the handler said after its time was not sent.
    assert_eq!(scene.telegram.calls(ANSWER).await, 2);
    // Nothing is left for the next run: not of what was late, either.
    let mut bot = scene.again().await;
    let press = scene.ann.begin_press("Slow").await;
    assert_eq!(scene.end(press).await.text(), Some("slow"));
    let lines = scene.diary.lines();
    assert_eq!(
        (count(&lines, "start late"), count(&lines, "start echo")),
        (1, 1),
        "{lines:?}"
    );
    bot.kill().unwrap();
    bot.wait().unwrap();
}

#[tokio::test]
async fn a_late_answer_does_no_harm_by_polling() {
    late(Way::Polling).await;
}

#[tokio::test]
async fn a_late_answer_does_no_harm_with_an_inbox() {
    late(Way::Inbox).await;
}

#[tokio::test]
async fn a_late_answer_does_no_harm_by_webhook() {
    late(Way::Webhook).await;
}

/// One press is stuck, others are done, and the process dies: only the stuck one is handled again.
#[tokio::test]
async fn killed_beside_a_handler_that_is_stuck_an_inbox_forgets_neither_it_nor_the_others() {
    let scene = Scene::new("beside", Way::Inbox).await;
    let mut bot = scene.spawn();
    let never = scene.ann.forge("never").await;
    assert_eq!(never.text(), Some("Late"));
    for n in 0..5 {
        assert_eq!(
            scene.ben.forge(&format!("b{n}")).await.text(),
            Some(format!("b{n}").as_str())
        );
    }
    // The last one's mark is in the file when the file has not grown for a while.
    let inbox = scene.inbox.clone().unwrap();
    let length = || std::fs::metadata(&inbox).unwrap().len();
    let mut last = 0;
    while last != length() {
        last = length();
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    bot.kill().unwrap();
    bot.wait().unwrap();
    let mut bot = scene.again().await;
    let end = Instant::now() + Duration::from_secs(10);
    while count(&scene.diary.lines(), "start never") < 2 {
        assert!(Instant::now() < end, "{:?}", scene.diary.lines());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(scene.ben.forge("more").await.text(), Some("more"));
    let lines = scene.diary.lines();
    for n in 0..5 {
        assert_eq!(count(&lines, &format!("start b{n}")), 1, "{lines:?}");
    }
    bot.kill().unwrap();
    bot.wait().unwrap();
}

/// Told to stop while a task owes an answer: the task may give it.
async fn told_to_stop_with_a_later(way: Way) {
    let scene = Scene::new("stop-later", way).await.with("CRASH_LATER", 1);
    let bot = scene.spawn();
    let press = scene.ann.begin_press("Slow").await;
    scene.diary.until("start slow").await;
    terminate(bot).await;
    assert_eq!(press.end().await.text(), Some("slow"));
    nothing_is_left(&scene, &["start slow", "end slow"]).await;
}

/// The next run gets only what is new.
async fn nothing_is_left(scene: &Scene, before: &[&str]) {
    let mut bot = scene.again().await;
    let press = scene.ann.begin_press("Echo").await;
    assert_eq!(scene.end(press).await.text(), Some("echo"));
    bot.kill().unwrap();
    bot.wait().unwrap();
    assert_eq!(
        scene.diary.lines(),
        [before, &["start echo", "end echo"]].concat()
    );
}

#[tokio::test]
async fn told_to_stop_a_polling_bot_waits_for_an_answer_that_is_owed() {
    told_to_stop_with_a_later(Way::Polling).await;
}

#[tokio::test]
async fn told_to_stop_a_webhook_bot_waits_for_an_answer_that_is_owed() {
    told_to_stop_with_a_later(Way::Webhook).await;
}

#[tokio::test]
async fn told_to_stop_a_bot_with_an_inbox_waits_for_an_answer_that_is_owed() {
    told_to_stop_with_a_later(Way::Inbox).await;
}

/// Told to stop while a task owes an answer that never comes: the fallback is given when the time for draining is over,
/// which is before the deadline.
async fn told_to_stop_with_a_later_that_never_answers(way: Way) {
    let scene = Scene::new("stop-never", way).await;
    let scene = scene
        .with("CRASH_LATER", 1)
        .with("CRASH_DRAIN", 100)
        .with("CRASH_WITHIN", 60_000);
    let bot = scene.spawn();
    let press = scene.ann.begin_press("Never").await;
    scene.diary.until("start never").await;
    terminate(bot).await;
    assert_eq!(press.end().await.text(), Some("Late"));
    nothing_is_left(&scene, &["start never"]).await;
}

#[tokio::test]
async fn told_to_stop_a_polling_bot_gives_an_answer_that_is_owed_for_good() {
    told_to_stop_with_a_later_that_never_answers(Way::Polling).await;
}

#[tokio::test]
async fn told_to_stop_a_webhook_bot_gives_an_answer_that_is_owed_for_good() {
    told_to_stop_with_a_later_that_never_answers(Way::Webhook).await;
}

#[tokio::test]
async fn told_to_stop_a_bot_with_an_inbox_gives_an_answer_that_is_owed_for_good() {
    told_to_stop_with_a_later_that_never_answers(Way::Inbox).await;
}

/// Killed while a task owes an answer: the press is handled again.
async fn killed_with_a_later(way: Way) {
    let scene = Scene::new("kill-later", way).await.with("CRASH_LATER", 1);
    // The first run never answers and is not near its deadline.
    let mut bot = scene.spawn();
    let press = scene.ann.begin_press("Never").await;
    scene.diary.until("start never").await;
    // A later press is done meanwhile, and does not take this one with it.
    assert_eq!(scene.ben.press("Echo").await.text(), Some("echo"));
    bot.kill().unwrap();
    bot.wait().unwrap();
    assert!(press.now().await.is_pending());

    // The next one does not know tasks: its deadline is the first run's, and its answer the fallback.
    let mut bot = scene.again().await;
    assert_eq!(scene.end(press).await.text(), Some("Late"));
    let lines = scene.diary.lines();
    assert_eq!(count(&lines, "start never"), 2, "{lines:?}");
    bot.kill().unwrap();
    bot.wait().unwrap();
}

#[tokio::test]
async fn killed_while_an_answer_is_owed_a_polling_bot_handles_the_press_after_its_restart() {
    killed_with_a_later(Way::Polling).await;
}

#[tokio::test]
async fn killed_while_an_answer_is_owed_a_webhook_bot_handles_the_press_after_its_restart() {
    killed_with_a_later(Way::Webhook).await;
}

#[tokio::test]
async fn killed_while_an_answer_is_owed_a_bot_with_an_inbox_handles_the_press_after_its_restart() {
    killed_with_a_later(Way::Inbox).await;
}

/// One press is handled and can't be confirmed, for one before it is stuck; the program dies.
#[tokio::test]
async fn killed_between_handling_and_confirming_a_polling_bot_with_marks_does_not_handle_again() {
    let scene = Scene::new("marks", Way::Polling).await.with_marks();
    let mut bot = scene.spawn();
    let never = scene.ann.begin_press("Never").await;
    scene.diary.until("start never").await;
    assert_eq!(scene.ben.forge("one").await.text(), Some("one"));
    scene.diary.until("marked").await;
    bot.kill().unwrap();
    bot.wait().unwrap();
    assert!(never.now().await.is_pending());

    let mut bot = scene.again().await;
    assert_eq!(scene.end(never).await.text(), Some("Late"));
    assert_eq!(scene.ben.forge("two").await.text(), Some("two"));
    let lines = scene.diary.lines();
    let counts = ["start never", "start one", "start two"].map(|line| count(&lines, line));
    assert_eq!(counts, [2, 1, 1], "{lines:?}");
    bot.kill().unwrap();
    bot.wait().unwrap();
}

/// The answer is to ride in the response; the program dies when it has been marked and before the response goes.
#[tokio::test]
async fn killed_between_mark_and_response_a_webhook_bot_gives_the_answer_without_handling_again() {
    let scene = Scene::new("marks", Way::Webhook).await.with_marks();
    let mut bot = scene.spawn();
    let press = scene.ann.begin_press("Echo").await;
    scene.diary.until("marked").await;
    bot.kill().unwrap();
    bot.wait().unwrap();
    assert!(press.now().await.is_pending());

    let mut bot = scene.again().await;
    assert_eq!(scene.end(press).await.text(), Some("echo"));
    assert_eq!(scene.diary.lines(), ["start echo", "end echo", "marked"]);
    bot.kill().unwrap();
    bot.wait().unwrap();
}
