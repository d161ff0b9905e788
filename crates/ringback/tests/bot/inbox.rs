//! The durable inbox against a scripted server.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::server::Server;
use ringback::{CallbackQuery, Failure, InboxError, Incoming, Outcome, Polling, Router, State};

struct File(PathBuf);

impl File {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("ringback-bot-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir(&path).unwrap();
        File(path)
    }

    fn set(&self) -> impl FnOnce(Polling) -> Polling {
        let path = self.0.join("inbox");
        move |polling| polling.drain(Duration::from_millis(20)).inbox(path).unwrap()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Answers with the data, except that `stuck` never ends.
async fn handler(query: CallbackQuery) -> Outcome {
    let data = query.data().unwrap_or_default().to_owned();
    if data == "stuck" {
        return std::future::pending().await;
    }
    query.answer().text(data).await
}

async fn echo(query: CallbackQuery) -> Outcome {
    let data = query.data().unwrap_or_default().to_owned();
    query.answer().text(data).await
}

#[tokio::test]
async fn a_handler_that_is_stuck_holds_up_nothing_and_is_not_forgotten() {
    let server = Server::start().await;
    let file = File::new("stuck");
    server.press("0", 7, "stuck");
    for n in 1..=350 {
        server.press(&n.to_string(), 100 + n % 9, &n.to_string());
    }
    let run = server.run(Router::new().callback(handler), file.set());
    // More than three times the server's window, behind the one that is stuck.
    server.until_calls("answerCallbackQuery", 350).await;
    // The server need not keep anything.
    while !server.unconfirmed().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    run.stop().await;

    let run = server.run(Router::new().callback(echo), file.set());
    let answers = server.until_calls("answerCallbackQuery", 351).await;
    assert_eq!(answers[350]["text"], "stuck");
    run.stop().await;
    // And nothing is left.
    let run = server.run(Router::new().callback(echo), file.set());
    server.press("400", 7, "last");
    server.until_calls("answerCallbackQuery", 352).await;
    run.stop().await;
    assert_eq!(server.answers().len(), 352);
}

/// What handlers were called for, sorted: what a server is told may be one thing, what a bot does another.
#[derive(Clone, Default)]
struct Done(Arc<Mutex<Vec<String>>>);

impl Done {
    fn router(&self) -> Router {
        async fn press(query: CallbackQuery, done: State<Done>) -> Outcome {
            let data = query.data().unwrap_or_default().to_owned();
            done.0.lock().unwrap().push(format!("press {data}"));
            query.answer().text(data).await
        }
        async fn message(message: Incoming, done: State<Done>) {
            let text = message.text.clone().unwrap_or_default();
            done.0.lock().unwrap().push(format!("message {text}"));
        }
        Router::new().callback(press).message(message).state(self.clone())
    }

    /// Waits until this many were called, and for none in particular.
    async fn until(&self, count: usize) {
        while self.0.lock().unwrap().len() < count {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    fn all(&self) -> Vec<String> {
        let mut all = self.0.lock().unwrap().clone();
        all.sort();
        all
    }
}

/// A press is known by its query, under whatever number it comes; a message only by its number.
#[tokio::test]
async fn what_is_sent_again_is_not_handled_again() {
    let server = Server::start().await;
    let file = File::new("again");
    let done = Done::default();
    let mut expected = Vec::new();
    for n in 0..30 {
        server.press(&n.to_string(), n, &n.to_string());
        server.says(100 + n, &n.to_string());
        expected.extend([format!("press {n}"), format!("message {n}")]);
    }
    let run = server.run(done.router(), file.set());
    done.until(60).await;
    run.stop().await;
    // The server has forgotten what was confirmed to it, and what was pressed comes under another number, too.
    server.send_again();
    server.press("5", 5, "again");
    let run = server.run(done.router(), file.set());
    server.press("30", 7, "new");
    done.until(61).await;
    // Within one run as well.
    server.send_again();
    server.press("31", 7, "last");
    done.until(62).await;
    run.stop().await;
    // By a third run nothing is in hand that was left by the others.
    let run = server.run(done.router(), file.set());
    server.send_again();
    server.press("32", 7, "very last");
    done.until(63).await;
    run.stop().await;

    expected.extend(["press new", "press last", "press very last"].map(str::to_owned));
    expected.sort();
    assert_eq!(done.all(), expected);
    assert_eq!(server.answers().len(), 33);
    assert!(server.unconfirmed().is_empty());
}

#[tokio::test]
async fn more_than_may_be_in_hand_waits_at_the_server() {
    let server = Server::start().await;
    let file = File::new("bound");
    server.hold("answerCallbackQuery");
    for n in 0..250 {
        server.press(&n.to_string(), n, "x");
    }
    let set = file.set();
    let run = server.run(Router::new().callback(echo), |polling| set(polling).in_hand(120));
    server.until_calls("answerCallbackQuery", 120).await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(server.answers().len(), 120);
    let limits: Vec<_> = server
        .calls("getUpdates")
        .iter()
        .map(|call| call["limit"].as_i64())
        .collect();
    assert_eq!(limits, [None, Some(20)]);
    server.release();
    server.until_calls("answerCallbackQuery", 250).await;
    run.stop().await;
    assert!(server.unconfirmed().is_empty());
}

#[tokio::test]
async fn an_inbox_has_one_bot_and_one_process() {
    let server = Server::start().await;
    let file = File::new("mine");
    let path = file.0.join("inbox");
    let polling = || Polling::new(server.bot(), Router::new()).unwrap();
    let first = polling().inbox(&path).unwrap();
    let error = polling().inbox(&path).unwrap_err();
    assert!(matches!(error, InboxError::InUse { .. }));
    assert!(
        error
            .to_string()
            .ends_with("is in use: another process has it open"),
        "{error}"
    );
    drop(first);
    // The same again is no second one.
    drop(polling().inbox(&path).unwrap().inbox(&path).unwrap());
}

#[tokio::test]
async fn while_the_file_cannot_be_written_nothing_is_confirmed() {
    let server = Server::start().await;
    let file = File::new("full");
    let (reports, mut reported) = tokio::sync::mpsc::unbounded_channel();
    let set = file.set();
    let run = server.run(Router::new().callback(echo), |polling| {
        set(polling).on_error(move |report| {
            if let Failure::Inbox(error) = report.failure {
                let _ = reports.send(error);
            }
            std::future::ready(())
        })
    });
    server.until_calls("getUpdates", 1).await;
    // So large that it is to be written anew, which can't be done: the new file's name is taken.
    let obstacle = file.0.join("inbox.new");
    std::fs::create_dir(&obstacle).unwrap();
    server.update("message", serde_json::json!({"text": "x".repeat(5 << 20)}));
    while !server.unconfirmed().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    server.press("1", 7, "x");
    server.press("2", 7, "y");
    for _ in 0..3 {
        let told = tokio::time::timeout(Duration::from_secs(10), reported.recv()).await;
        assert!(told.unwrap().is_some());
    }
    assert!(!server.unconfirmed().is_empty());
    std::fs::remove_dir(&obstacle).unwrap();
    while !server.unconfirmed().is_empty() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    run.stop().await;
    assert_eq!(server.answers().len(), 2);
}
