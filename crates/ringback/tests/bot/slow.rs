//! A server that takes an answer and says nothing. Sockets are real here, and time is turned by hand.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ringback::api::{AnswerCallbackQuery, SendMessage};
use ringback::{ApiErrorKind, Bot, CallbackQuery, Error, Failure, Outcome, Reason, Router, Webhook};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::{Instant, advance};

const OK: &str = r#"{"ok":true,"result":true}"#;
const TOO_OLD: &str = r#"{"ok":false,"error_code":400,"description":
    "Bad Request: query is too old and response timeout expired or query ID is invalid"}"#;
/// A try to answer, and as much as timers are inexact by.
const TRY: Duration = Duration::from_millis(5002);
/// The longest pause before a second try.
const PAUSE: Duration = Duration::from_millis(200);

/// Tokio's clock, stopped. Paused alone it would jump ahead whenever all tasks wait for a socket; as long as a blocking
/// task runs it does not.
struct Stopped {
    _release: std::sync::mpsc::Sender<()>,
}

fn stop_time() -> Stopped {
    tokio::time::pause();
    let (_release, released) = std::sync::mpsc::channel::<()>();
    tokio::task::spawn_blocking(move || {
        let _ = released.recv();
    });
    Stopped { _release }
}

/// Lets everything happen that needs no time.
async fn until(what: &str, happened: impl Fn() -> bool) {
    let start = std::time::Instant::now();
    while !happened() {
        assert!(start.elapsed() < Duration::from_secs(10), "{what}");
        tokio::task::yield_now().await;
    }
}

/// The same, when there is nothing to see it by.
async fn settled() {
    for _ in 0..300 {
        tokio::task::yield_now().await;
    }
}

/// Turns the clock to so long after the start.
async fn turn_to(start: Instant, after: Duration) {
    advance(after.saturating_sub(start.elapsed())).await;
    settled().await;
}

/// What a server says to a request, by the connection's number and the request's number on it, both from 0. Nothing: it
/// goes on listening.
type Script = fn(usize, usize) -> Option<&'static str>;

#[derive(Default)]
struct Seen {
    connections: AtomicUsize,
    /// The connection and the body of each request.
    requests: Mutex<Vec<(usize, String)>>,
}

impl Seen {
    fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }

    fn requests(&self) -> usize {
        self.requests.lock().unwrap().len()
    }

    /// A new connection is made, given its time, and used.
    async fn connected(&self, connections: usize, requests: usize) {
        until("a connection", || self.connections() == connections).await;
        let start = std::time::Instant::now();
        while self.requests() < requests {
            assert!(start.elapsed() < Duration::from_secs(10), "a request");
            settled().await;
            advance(Duration::from_millis(1)).await;
        }
        assert_eq!((self.connections(), self.requests()), (connections, requests));
    }
}

async fn server(script: Script) -> (String, Arc<Seen>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let seen = Arc::new(Seen::default());
    let all = Arc::clone(&seen);
    tokio::spawn(async move {
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            let connection = all.connections.fetch_add(1, Ordering::Relaxed);
            let seen = Arc::clone(&all);
            tokio::spawn(async move {
                let mut request = [0; 4096];
                for number in 0.. {
                    let Ok(read @ 1..) = socket.read(&mut request).await else {
                        return;
                    };
                    let text = String::from_utf8_lossy(&request[..read]);
                    let body = text.split_once("\r\n\r\n").unwrap().1.to_owned();
                    seen.requests.lock().unwrap().push((connection, body));
                    if let Some(says) = script(connection, number) {
                        let response =
                            format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{says}", says.len());
                        socket.write_all(response.as_bytes()).await.unwrap();
                    }
                }
            });
        }
    });
    (address, seen)
}

fn bot(address: &str) -> Bot {
    Bot::builder("42:secret").server(address).build().unwrap()
}

fn answer(bot: &Bot, id: &str) -> JoinHandle<Result<bool, Error>> {
    let (bot, answer) = (bot.clone(), AnswerCallbackQuery::new(id));
    tokio::spawn(async move { bot.send(answer).await })
}

#[tokio::test]
async fn an_answer_is_given_up_on_after_five_seconds_and_sent_again() {
    let _stopped = stop_time();
    let (address, seen) = server(|connection, _| (connection > 0).then_some(OK)).await;
    let bot = bot(&address);
    let start = Instant::now();
    let sending = answer(&bot, "1");
    seen.connected(1, 1).await;
    turn_to(start, Duration::from_millis(4995)).await;
    assert_eq!((seen.requests(), sending.is_finished()), (1, false));
    turn_to(start, Duration::from_millis(5005)).await;
    advance(PAUSE).await;
    seen.connected(2, 2).await;
    until("the answer", || sending.is_finished()).await;
    assert!(sending.await.unwrap().unwrap());
    assert!(
        start.elapsed() < Duration::from_millis(5400),
        "{:?}",
        start.elapsed()
    );
    let requests = seen.requests.lock().unwrap().clone();
    assert_eq!(requests[0].1, requests[1].1);
}

#[tokio::test]
async fn what_else_is_called_has_half_a_minute() {
    let _stopped = stop_time();
    let (address, seen) = server(|_, _| None).await;
    let bot = bot(&address);
    let start = Instant::now();
    let sending = tokio::spawn(async move { bot.send(SendMessage::new(1, "x")).await });
    seen.connected(1, 1).await;
    turn_to(start, Duration::from_millis(29_900)).await;
    assert!(!sending.is_finished());
    turn_to(start, Duration::from_millis(30_100)).await;
    until("the end", || sending.is_finished()).await;
    let error = sending.await.unwrap().unwrap_err();
    assert!(
        matches!(error, Error::Timeout { .. }) && error.is_uncertain(),
        "{error}"
    );
    assert_eq!(seen.requests(), 1);
}

#[tokio::test]
async fn no_try_begins_when_nobody_waits_any_more() {
    let _stopped = stop_time();
    let (address, seen) = server(|_, _| None).await;
    let bot = bot(&address);
    let start = Instant::now();
    let sending = answer(&bot, "1");
    for n in 1..=2 {
        seen.connected(n, n).await;
        advance(TRY).await;
        settled().await;
        advance(PAUSE).await;
    }
    until("the end", || sending.is_finished()).await;
    let error = sending.await.unwrap().unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }), "{error}");
    assert_eq!(seen.requests(), 2);
    assert!(start.elapsed() < Duration::from_secs(11));
}

#[tokio::test]
async fn a_query_that_is_not_known_any_more_was_perhaps_answered() {
    let _stopped = stop_time();
    let (address, seen) = server(|connection, _| (connection > 0).then_some(TOO_OLD)).await;
    let bot = bot(&address);
    let sending = answer(&bot, "1");
    seen.connected(1, 1).await;
    advance(TRY).await;
    settled().await;
    advance(PAUSE).await;
    seen.connected(2, 2).await;
    until("the end", || sending.is_finished()).await;
    let error = sending.await.unwrap().unwrap_err();
    assert!(
        matches!(error, Error::Timeout { .. }) && error.is_uncertain(),
        "{error}"
    );

    // Said to the first try it is the truth.
    let error = bot.send(AnswerCallbackQuery::new("2")).await.unwrap_err();
    assert!(
        error.is(ApiErrorKind::QueryTooOld) && !error.is_uncertain(),
        "{error}"
    );
    assert_eq!((seen.connections(), seen.requests()), (2, 3));
}

/// A network that has forgotten its connections without a word: the next try does not wait on another of them.
#[tokio::test]
async fn the_second_try_goes_over_a_new_connection() {
    let _stopped = stop_time();
    let (address, seen) = server(|connection, request| (request == 0 || connection > 1).then_some(OK)).await;
    let bot = bot(&address);
    let first = [answer(&bot, "1"), answer(&bot, "2")];
    seen.connected(2, 2).await;
    for sending in first {
        until("the first answers", || sending.is_finished()).await;
        assert!(sending.await.unwrap().unwrap());
    }
    let sending = answer(&bot, "3");
    until("the third", || seen.requests() == 3).await;
    advance(TRY).await;
    settled().await;
    advance(PAUSE).await;
    seen.connected(3, 4).await;
    until("the third answer", || sending.is_finished()).await;
    assert!(sending.await.unwrap().unwrap());
    let over: Vec<_> = seen
        .requests
        .lock()
        .unwrap()
        .iter()
        .map(|(over, _)| *over)
        .collect();
    assert_eq!(over[3], 2);
}

#[tokio::test]
async fn a_press_is_answered_once_and_its_doubtful_end_reported() {
    async fn press(query: CallbackQuery) -> Outcome {
        query.answer().text("Saved.").await
    }
    let _stopped = stop_time();
    let (address, seen) = server(|connection, _| (connection > 0).then_some(TOO_OLD)).await;
    let reports = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&reports);
    let service = Webhook::new(bot(&address), Router::new().callback(press))
        .unwrap()
        .without_secret()
        .answer_by_call()
        .fallback(|reason: Reason, answer| answer.text(format!("{reason:?}")))
        .on_error(move |report| {
            told.lock().unwrap().push(report);
            std::future::ready(())
        })
        .service()
        .unwrap();
    let from = json!({"id": 7, "is_bot": false, "first_name": "Ann"});
    let query = json!({"id": "q", "from": from, "chat_instance": "1", "data": "x"});
    let update = json!({"update_id": 1, "callback_query": query}).to_string();
    let request = http::Request::post("/").body(http_body_util::Full::<bytes::Bytes>::from(update));
    let handling = tokio::spawn(async move { service.handle(request.unwrap()).await.status() });
    seen.connected(1, 1).await;
    advance(TRY).await;
    settled().await;
    advance(PAUSE).await;
    seen.connected(2, 2).await;
    until("the response", || handling.is_finished()).await;
    assert_eq!(handling.await.unwrap(), 200);

    until("the report", || !reports.lock().unwrap().is_empty()).await;
    let reports = std::mem::take(&mut *reports.lock().unwrap());
    assert!(
        matches!(reports[0].failure, Failure::Unconfirmed(_)),
        "{reports:?}"
    );
    assert_eq!((reports.len(), seen.requests()), (1, 2));
    let requests = seen.requests.lock().unwrap();
    assert!(
        requests.iter().all(|(_, body)| body.contains("Saved.")),
        "{requests:?}"
    );
}
