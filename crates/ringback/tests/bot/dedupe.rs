//! What was handled, and is written down in a store, against a scripted server.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use ringback::store::{MemoryStore, Store, StoreFuture, When};
use ringback::{
    Bot, CallbackQuery, Failure, Incoming, Outcome, Router, Sessions, State, Webhook, WebhookService,
};
use serde_json::{Value, json};

use crate::server::Server;

/// A store that counts what it is asked, and fails if told so.
struct Counting {
    store: MemoryStore,
    gets: AtomicUsize,
    sets: AtomicUsize,
    mood: Mood,
}

#[derive(Clone, Copy, PartialEq)]
enum Mood {
    Well,
    Failing,
    Panicking,
    /// Writes take for ever.
    Silent,
}

impl Counting {
    fn new(mood: Mood) -> Arc<Self> {
        Arc::new(Counting {
            store: MemoryStore::new(1000),
            gets: AtomicUsize::new(0),
            sets: AtomicUsize::new(0),
            mood,
        })
    }

    fn asked(&self) -> (usize, usize) {
        (
            self.gets.load(Ordering::Relaxed),
            self.sets.load(Ordering::Relaxed),
        )
    }

    fn check(&self) -> Result<(), ringback::BoxError> {
        match self.mood {
            Mood::Well | Mood::Silent => Ok(()),
            Mood::Failing => Err("out of order".into()),
            Mood::Panicking => panic!("on purpose"),
        }
    }
}

impl Store for Counting {
    fn get<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<Vec<u8>>> {
        Box::pin(async move {
            self.gets.fetch_add(1, Ordering::Relaxed);
            self.check()?;
            self.store.get(key).await
        })
    }

    fn set<'a>(
        &'a self,
        key: &'a str,
        value: &'a [u8],
        keep: Option<Duration>,
        when: When<'a>,
    ) -> StoreFuture<'a, bool> {
        Box::pin(async move {
            self.sets.fetch_add(1, Ordering::Relaxed);
            self.check()?;
            if self.mood == Mood::Silent {
                std::future::pending::<()>().await;
            }
            assert_eq!(keep, Some(Duration::from_secs(24 * 3600)));
            self.store.set(key, value, keep, when).await
        })
    }

    fn remove<'a>(&'a self, key: &'a str, only: Option<&'a [u8]>) -> StoreFuture<'a, bool> {
        self.store.remove(key, only)
    }
}

/// What handlers were called for.
#[derive(Default)]
struct Handled(Mutex<Vec<String>>);

async fn echo(query: CallbackQuery, handled: State<Arc<Handled>>) -> Outcome {
    let data = query.data().unwrap_or_default().to_owned();
    handled.0.lock().unwrap().push(data.clone());
    query.answer().text(data).await
}

async fn message(message: Incoming, handled: State<Arc<Handled>>) -> Result<(), ringback::BoxError> {
    let text = message.text.clone().unwrap_or_default();
    handled.0.lock().unwrap().push(text);
    Ok(())
}

fn router(handled: &Arc<Handled>) -> Router {
    Router::new()
        .callback(echo)
        .message(message)
        .state(Arc::clone(handled))
}

#[tokio::test]
async fn what_was_handled_is_not_handled_by_the_next_run() {
    let server = Server::start().await;
    let (store, handled) = (Counting::new(Mood::Well), Arc::new(Handled::default()));
    server.press("a", 7, "one");
    server.says(7, "two");
    let run = server.run(router(&handled), |polling| polling.dedupe(Arc::clone(&store)));
    while store.asked() != (2, 2) {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    run.stop().await;
    assert!(server.unconfirmed().is_empty());

    // All of it comes again (this server counts from the same number), and one press under another number, too.
    let server = Server::start().await;
    server.press("a", 7, "one");
    server.says(7, "two");
    server.press("a", 7, "one");
    server.press("b", 7, "three");
    let run = server.run(router(&handled), |polling| polling.dedupe(Arc::clone(&store)));
    server.until_calls("answerCallbackQuery", 1).await;
    run.stop().await;
    assert!(server.unconfirmed().is_empty());
    let mut all = handled.0.lock().unwrap().clone();
    all.sort();
    assert_eq!(all, ["one", "three", "two"]);
    assert_eq!(server.answers().len(), 1);
    // Asked for each of four, written for the new one.
    assert_eq!(store.asked(), (6, 3));
}

#[tokio::test]
async fn another_press_under_a_known_number_is_another() {
    let (store, handled) = (Counting::new(Mood::Well), Arc::new(Handled::default()));
    for query in ["a", "b"] {
        // Servers count from 1000.
        let server = Server::start().await;
        assert_eq!(server.press(query, 7, query), 1000);
        let run = server.run(router(&handled), |polling| polling.dedupe(Arc::clone(&store)));
        server.until_calls("answerCallbackQuery", 1).await;
        run.stop().await;
    }
    assert_eq!(*handled.0.lock().unwrap(), ["a", "b"]);
}

#[tokio::test]
async fn a_store_that_fails_holds_up_nothing_and_is_reported() {
    for mood in [Mood::Failing, Mood::Panicking] {
        let server = Server::start().await;
        let (store, handled) = (Counting::new(mood), Arc::new(Handled::default()));
        let reports = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&reports);
        server.press("a", 7, "one");
        let run = server.run(router(&handled), |polling| {
            polling.dedupe(Arc::clone(&store)).on_error(move |report| {
                let is_it = matches!(report.failure, Failure::Dedupe(_)) && report.update_id == Some(1000);
                count.fetch_add(usize::from(is_it), Ordering::Relaxed);
                std::future::ready(())
            })
        });
        server.until_calls("answerCallbackQuery", 1).await;
        run.stop().await;
        assert!(server.unconfirmed().is_empty());
        assert_eq!((store.asked(), reports.load(Ordering::Relaxed)), ((1, 1), 2));
    }
}

#[tokio::test]
async fn the_end_waits_for_marks() {
    let server = Server::start().await;
    let (store, handled) = (Counting::new(Mood::Well), Arc::new(Handled::default()));
    server.hold("answerCallbackQuery");
    for n in 0..50 {
        server.press(&n.to_string(), n, "x");
    }
    let run = server.run(router(&handled), |polling| polling.dedupe(Arc::clone(&store)));
    server.until_calls("answerCallbackQuery", 50).await;
    // Nothing is marked whose answer has not been taken.
    assert_eq!(store.asked(), (50, 0));
    server.release();
    run.stop().await;
    assert_eq!(store.asked(), (50, 50));
    assert!(server.unconfirmed().is_empty());
}

#[tokio::test]
async fn no_store_is_asked_that_was_not_given_for_it() {
    let server = Server::start().await;
    let (store, handled) = (Counting::new(Mood::Well), Arc::new(Handled::default()));
    server.press("a", 7, "one");
    let router = router(&handled).state(Sessions::new(Arc::clone(&store)));
    let run = server.run(router, |polling| polling);
    server.until_calls("answerCallbackQuery", 1).await;
    run.stop().await;
    assert_eq!(store.asked(), (0, 0));
}

/// A bot whose API server is nowhere: whatever it answers came in the response.
fn hook(handled: &Arc<Handled>, store: &Arc<Counting>) -> WebhookService {
    hook_of(handled, store, "http://127.0.0.1:1")
}

fn hook_of(handled: &Arc<Handled>, store: &Arc<Counting>, server: &str) -> WebhookService {
    let bot = Bot::builder("42:secret").server(server).build().unwrap();
    let webhook = Webhook::new(bot, router(handled)).unwrap();
    webhook
        .without_secret()
        .dedupe(Arc::clone(store))
        .service()
        .unwrap()
}

async fn post(service: &WebhookService, update: i64, data: &str) -> Value {
    let update = json!({"update_id": update, "callback_query": {
        "id": update.to_string(), "from": {"id": 7, "is_bot": false, "first_name": "Ann"},
        "chat_instance": "-1", "data": data,
    }});
    let body = Full::new(Bytes::from(update.to_string()));
    let response = service.handle(Request::post("/").body(body).unwrap()).await;
    assert_eq!(response.status(), 200);
    serde_json::from_slice(&response.into_body().into_bytes()).unwrap()
}

#[tokio::test]
async fn another_instance_gives_the_same_answer_and_does_not_handle_again() {
    let (store, handled) = (Counting::new(Mood::Well), Arc::new(Handled::default()));
    let (one, two) = (hook(&handled, &store), hook(&handled, &store));
    let first = post(&one, 5, "x").await;
    assert_eq!(first["text"], "x");
    assert_eq!(store.asked(), (1, 1));
    assert_eq!(post(&two, 5, "x").await, first);
    assert_eq!(store.asked(), (2, 1));
    assert_eq!(*handled.0.lock().unwrap(), ["x"]);
    assert_eq!(post(&two, 6, "y").await["text"], "y");
    assert!(one.drain(Duration::from_secs(5)).await && two.drain(Duration::from_secs(5)).await);
    assert_eq!(store.asked(), (3, 2));
}

#[tokio::test]
async fn a_store_that_fails_holds_up_no_response() {
    for mood in [Mood::Failing, Mood::Panicking] {
        let (store, handled) = (Counting::new(mood), Arc::new(Handled::default()));
        assert_eq!(post(&hook(&handled, &store), 5, "x").await["text"], "x");
        assert_eq!(store.asked(), (1, 1));
    }
}

#[tokio::test]
async fn an_answer_whose_sender_hangs_up_while_it_is_marked_goes_by_a_call() {
    let server = Server::start().await;
    let (store, handled) = (Counting::new(Mood::Silent), Arc::new(Handled::default()));
    let service = hook_of(&handled, &store, &server.address());
    let asking = service.clone();
    let asking = tokio::spawn(async move { post(&asking, 5, "x").await });
    while store.asked().1 == 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    asking.abort();
    let answers = server.until_calls("answerCallbackQuery", 1).await;
    assert_eq!(answers, [json!({"callback_query_id": "5", "text": "x"})]);
    assert_eq!(*handled.0.lock().unwrap(), ["x"]);
}
