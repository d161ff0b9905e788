//! Webhooks, for real: the local Telegram sends, the bot's own server takes.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ::http::Request;
use bytes::Bytes;
use http_body_util::Full;
use ringback::testing::Telegram;
use ringback::{
    Answer, Bot, CallbackQuery, Incoming, Outcome, Reason, Router, State, Webhook, WebhookService,
};
use serde_json::{Value, json};

use crate::testing::router;

#[tokio::test]
async fn the_answer_rides_in_the_response() {
    let telegram = Telegram::start().await;
    let ann = telegram.person("Ann").await;
    telegram.serve(router()).await;
    ann.send("/start").await;
    assert_eq!(ann.press("Echo").await.text(), Some("echo"));
    // The user sees the answer at once; the handler goes on to its end.
    assert_eq!(ann.press("Edit").await.text(), Some("first"));
    telegram.stop().await;
    assert_eq!(ann.last().await.text(), "Edited");
    assert!(telegram.reports().is_empty());
}

#[tokio::test]
async fn what_comes_while_the_bot_is_down_is_answered_after_its_restart() {
    let telegram = Telegram::start().await;
    let ann = telegram.person("Ann").await;
    telegram.serve(router()).await;
    ann.send("/start").await;
    telegram.stop().await;
    let press = ann.begin_press("Echo").await;
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert!(press.now().await.is_pending());
    telegram.serve(router()).await;
    assert_eq!(press.end().await.text(), Some("echo"));
}

#[tokio::test]
async fn a_stop_waits_for_what_is_under_way() {
    let telegram = Telegram::start().await;
    let ann = telegram.person("Ann").await;
    telegram.serve(router()).await;
    ann.send("/start").await;
    let press = ann.begin_press("Slow").await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    telegram.stop().await;
    assert_eq!(press.end().await.text(), Some("slow"));
}

#[tokio::test]
async fn a_handler_that_hangs_is_answered_for_in_the_response() {
    let telegram = Telegram::start().await;
    let ann = telegram.person("Ann").await;
    telegram
        .serve_with(router(), |webhook| {
            webhook
                .answer_within(Duration::from_millis(50))
                .drain(Duration::from_millis(10))
                .fallback(|reason, answer| {
                    assert_eq!(reason, Reason::Late);
                    answer.text("It takes longer.")
                })
        })
        .await;
    ann.send("/start").await;
    assert_eq!(ann.press("Never").await.text(), Some("It takes longer."));
    telegram.stop().await;
    assert_eq!(telegram.reports().len(), 1);
}

/// A bot whose API server is nowhere: whatever it answers came in the response.
fn alone(router: Router) -> Webhook {
    let bot = Bot::builder("42:secret")
        .server("http://127.0.0.1:1")
        .build()
        .unwrap();
    Webhook::new(bot, router).unwrap().secret("right-secret")
}

async fn echo(query: CallbackQuery) -> Outcome {
    let data = query.data().unwrap_or_default().to_owned();
    query.answer().text(data).await
}

fn press(update: i64, data: &str) -> Value {
    json!({"update_id": update, "callback_query": {
        "id": update.to_string(), "from": {"id": 7, "is_bot": false, "first_name": "Ann"},
        "chat_instance": "-1", "data": data,
    }})
}

async fn post(service: &WebhookService, secret: &str, body: impl Into<Bytes>) -> (u16, Value) {
    let request = Request::post("/x")
        .header("X-Telegram-Bot-Api-Secret-Token", secret)
        .body(Full::new(body.into()))
        .unwrap();
    let response = service.handle(request).await;
    let status = response.status().as_u16();
    let body = response.into_body().into_bytes();
    (
        status,
        if body.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&body).unwrap()
        },
    )
}

#[tokio::test]
async fn no_call_is_made_for_an_answer() {
    let service = alone(Router::new().callback(echo)).service().unwrap();
    let (status, body) = post(&service, "right-secret", press(1, "hi").to_string()).await;
    assert_eq!(status, 200);
    assert_eq!(
        body,
        json!({"method": "answerCallbackQuery", "callback_query_id": "1", "text": "hi"})
    );
    // The fallback rides as well.
    let service = alone(Router::new()).service().unwrap();
    let (_, body) = post(&service, "right-secret", press(1, "hi").to_string()).await;
    assert_eq!(
        body,
        json!({"method": "answerCallbackQuery", "callback_query_id": "1"})
    );
}

#[tokio::test]
async fn a_returned_answer_rides_as_well() {
    async fn returned(query: CallbackQuery) -> Answer {
        query.answer().text("Returned.")
    }
    let service = alone(Router::new().callback(returned)).service().unwrap();
    let (_, body) = post(&service, "right-secret", press(1, "hi").to_string()).await;
    assert_eq!(
        body,
        json!({"method": "answerCallbackQuery", "callback_query_id": "1", "text": "Returned."})
    );
}

#[tokio::test]
async fn who_does_not_know_the_secret_is_turned_away() {
    let service = alone(Router::new().callback(echo)).service().unwrap();
    for wrong in ["wrong-secret", "", "right-secret2", "right-secre"] {
        assert_eq!(
            post(&service, wrong, press(1, "hi").to_string()).await,
            (401, Value::Null)
        );
    }
    let bare = Request::post("/")
        .body(Full::new(Bytes::from(press(1, "hi").to_string())))
        .unwrap();
    assert_eq!(service.handle(bare).await.status(), 401);
    let bot = Bot::new("42:secret").unwrap();
    let without = Webhook::new(bot.clone(), Router::new()).unwrap();
    assert!(without.service().unwrap_err().to_string().contains("secret"));
    let malformed = Webhook::new(bot, Router::new()).unwrap().secret("no spaces");
    assert!(!malformed.service().unwrap_err().to_string().contains("spaces"));
}

#[tokio::test]
async fn what_is_no_update_is_refused() {
    let service = alone(Router::new().callback(echo))
        .body_limit(1000)
        .service()
        .unwrap();
    assert_eq!(post(&service, "right-secret", "not JSON").await.0, 400);
    assert_eq!(post(&service, "right-secret", "{}").await.0, 400);
    assert_eq!(
        post(&service, "right-secret", press(1, &"x".repeat(1000)).to_string())
            .await
            .0,
        413
    );
    let get = Request::get("/").body(Full::<Bytes>::default()).unwrap();
    let response = service.handle(get).await;
    assert_eq!(
        (response.status().as_u16(), &response.headers()["allow"]),
        (405, &"POST".parse().unwrap())
    );
    // An update of another form is told about and taken: sent again it would be no better.
    let odd = json!({"update_id": 5, "callback_query": {"id": 5}});
    assert_eq!(
        post(&service, "right-secret", odd.to_string()).await,
        (200, Value::Null)
    );
}

#[tokio::test]
async fn an_update_that_is_sent_again_is_handled_once_and_answered_again() {
    let handled = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&handled);
    let router = Router::new().callback(move |query: CallbackQuery| {
        let count = Arc::clone(&count);
        async move {
            let n = count.fetch_add(1, Ordering::Relaxed) + 1;
            tokio::time::sleep(Duration::from_millis(50)).await;
            query.answer().text(n.to_string()).await
        }
    });
    let service = alone(router).service().unwrap();
    let update = press(1, "x").to_string();
    // Twice at once, and once more after.
    let (one, two) = tokio::join!(
        post(&service, "right-secret", update.clone()),
        post(&service, "right-secret", update.clone())
    );
    let three = post(&service, "right-secret", update).await;
    assert_eq!((&one, &one), (&two, &three));
    assert_eq!(one.1["text"], "1");
    assert_eq!(handled.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn one_users_presses_keep_their_order_and_others_do_not_wait() {
    type Log = Mutex<Vec<String>>;
    async fn slow(query: CallbackQuery, log: State<Log>) -> Outcome {
        let data = query.data().unwrap_or_default().to_owned();
        if data == "slow" {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let outcome = query.answer().await;
        log.lock().unwrap().push(data);
        outcome
    }
    let log = Arc::new(Log::default());
    let router = Router::new().callback(slow).shared_state(Arc::clone(&log));
    let service = alone(router).service().unwrap();
    let mut other = press(3, "another's");
    other["callback_query"]["from"]["id"] = 8.into();
    let sent = |update: Value| post(&service, "right-secret", update.to_string());
    tokio::join!(sent(press(1, "slow")), sent(press(2, "fast")), sent(other));
    assert_eq!(*log.lock().unwrap(), ["another's", "slow", "fast"]);
}

#[tokio::test]
async fn an_answer_that_would_be_refused_goes_by_a_call_and_is_reported() {
    async fn long(query: CallbackQuery) -> Outcome {
        query.answer().text("x".repeat(201)).await
    }
    let telegram = Telegram::start().await;
    let ann = telegram.person("Ann").await;
    async fn start(message: Incoming) -> Result<(), ringback::BoxError> {
        crate::testing::menu(message).await
    }
    telegram
        .serve(Router::new().command("start", start).callback(long))
        .await;
    ann.send("/start").await;
    // Refused; the empty fallback got through.
    let press = ann.press("Echo").await;
    assert!(press.is_answered() && press.text().is_none(), "{press:?}");
    telegram.stop().await;
    assert_eq!(telegram.reports().len(), 1);
}

#[tokio::test]
async fn it_is_a_tower_service() {
    use tower_service::Service;

    let mut service = alone(Router::new().callback(echo)).service().unwrap();
    std::future::poll_fn(|cx| Service::<Request<Full<Bytes>>>::poll_ready(&mut service, cx))
        .await
        .unwrap();
    let request = Request::post("/")
        .header("X-Telegram-Bot-Api-Secret-Token", "right-secret")
        .body(Full::new(Bytes::from(press(1, "hi").to_string())))
        .unwrap();
    let response = service.call(request).await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "application/json");
    assert!(service.drain(Duration::from_secs(1)).await);
}
