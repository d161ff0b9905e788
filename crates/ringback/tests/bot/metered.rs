//! What is counted and measured: each metric that the documents name, and each value of its labels.

use std::collections::BTreeSet;
use std::time::Duration;

use ringback::data::{Keys, to_data};
use ringback::{Bot, CallbackData, CallbackQuery, Incoming, Outcome, Retry, Router, Webhook, WebhookService};
use serde_json::{Value, json};

use crate::counts::Counts;
use crate::server::Server;

#[derive(CallbackData)]
#[callback_data(prefix = "p", version = 2)]
enum Press {
    Answer,
    Fail,
    Hang,
}

#[derive(CallbackData)]
#[callback_data(prefix = "$", codec = "sealed")]
struct Right;

async fn press(query: CallbackQuery<Press>) -> Result<Outcome, ringback::BoxError> {
    match query.data() {
        Press::Answer => Ok(query.answer().await),
        Press::Fail => Err("on purpose".into()),
        Press::Hang => std::future::pending().await,
    }
}

async fn right(query: CallbackQuery<Right>) -> Outcome {
    query.answer().await
}

async fn message(_: Incoming) {}

fn service(address: &str, by_call: bool) -> WebhookService {
    let keys = Keys::new(&[7; 32]).unwrap();
    let router = Router::new()
        .callback(press)
        .callback(right)
        .message(message)
        .state(keys);
    let bot = Bot::builder("42:secret").server(address).retry(Retry::none());
    let webhook = Webhook::new(bot.build().unwrap(), router).unwrap();
    let webhook = webhook.without_secret().answer_within(Duration::from_millis(50));
    let webhook = webhook.on_error(|_| std::future::ready(()));
    match by_call {
        true => webhook.answer_by_call().service().unwrap(),
        false => webhook.service().unwrap(),
    }
}

/// Gives the bot an update, and waits until it is done with it.
async fn give(service: &WebhookService, kind: &str, content: Value) {
    static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
    let id = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let update = json!({"update_id": id, kind: content}).to_string();
    let body = http_body_util::Full::<bytes::Bytes>::from(update);
    let response = service.handle(http::Request::post("/").body(body).unwrap()).await;
    assert_eq!(response.status(), 200);
}

async fn give_press(service: &WebhookService, data: &str) {
    let from = json!({"id": 7, "is_bot": false, "first_name": "Ann"});
    let query = json!({"id": data, "from": from, "chat_instance": "1", "data": data});
    give(service, "callback_query", query).await;
}

#[tokio::test]
async fn every_metric_that_is_documented_is_counted_with_each_of_its_labels() {
    let counts = Counts::default();
    let _guard = metrics::set_default_local_recorder(&counts);
    let server = Server::start().await;
    let riding = service(&server.address(), false);
    let chat = json!({"id": 7, "type": "private", "first_name": "Ann"});
    give(
        &riding,
        "message",
        json!({"message_id": 1, "date": 1, "chat": chat}),
    )
    .await;
    let forged = to_data(&Keys::new(&[8; 32]).unwrap().seal(&Right)).unwrap();
    // Answered; and for each reason why it is not.
    for data in [
        "p~2:answer",
        "nonsense",
        "p~2:what",
        "p:answer",
        &forged,
        "p~2:fail",
        "p~2:hang",
    ] {
        give_press(&riding, data).await;
    }

    let calling = service(&server.address(), true);
    let done = async || assert!(calling.drain(Duration::from_secs(10)).await);
    give_press(&calling, "p~2:answer").await;
    done().await;
    let too_long = "Bad Request: MESSAGE_TOO_LONG";
    server.refuse("answerCallbackQuery", 400, too_long, json!({}));
    give_press(&calling, "p~2:answer").await; // and the fallback for what was refused
    done().await;
    server.refuse(
        "answerCallbackQuery",
        500,
        "Internal Server Error: restart",
        json!({}),
    );
    give_press(&calling, "p~2:answer").await;
    done().await;
    let nobody = service("http://127.0.0.1:1", true);
    give_press(&nobody, "p~2:answer").await;
    assert!(nobody.drain(Duration::from_secs(10)).await);

    assert_eq!(
        counts.all(),
        [
            r#"ringback_answer_seconds[] 9"#,
            r#"ringback_answers_failed_total["refused"] 1"#,
            r#"ringback_answers_failed_total["unconfirmed"] 1"#,
            r#"ringback_answers_failed_total["unsent"] 1"#,
            r#"ringback_answers_total["fallback", "call"] 1"#,
            r#"ringback_answers_total["fallback", "response"] 6"#,
            r#"ringback_answers_total["handler", "call"] 1"#,
            r#"ringback_answers_total["handler", "response"] 1"#,
            r#"ringback_fallbacks_total["failed"] 2"#,
            r#"ringback_fallbacks_total["late"] 1"#,
            r#"ringback_fallbacks_total["malformed"] 1"#,
            r#"ringback_fallbacks_total["outdated"] 1"#,
            r#"ringback_fallbacks_total["refused"] 1"#,
            r#"ringback_fallbacks_total["unclaimed"] 1"#,
            r#"ringback_updates_total["callback_query"] 11"#,
            r#"ringback_updates_total["message"] 1"#,
        ]
    );

    let counted: BTreeSet<_> = counts.all().iter().map(|line| name(line).to_owned()).collect();
    for document in [
        include_str!("../../../../docs/src/deployment.md"),
        include_str!("../../src/lib.rs"),
        include_str!("../../src/meter.rs"),
    ] {
        let words = document.split(|letter: char| !letter.is_ascii_lowercase() && letter != '_');
        let metrics = words.filter(|word| word.starts_with("ringback_"));
        let metrics = metrics.filter(|word| word.ends_with("_total") || word.ends_with("_seconds"));
        let named: BTreeSet<_> = metrics.map(str::to_owned).collect();
        assert_eq!(named, counted);
    }
}

fn name(line: &str) -> &str {
    line.split('[').next().unwrap_or(line)
}
