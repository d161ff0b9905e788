//! The journal, live and as a list.

use crate::client::Local;
use crate::schema;
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::body::Incoming;
use serde_json::{Value, json};
use std::time::Duration;

/// A reader of the stream.
struct Stream {
    body: Incoming,
    text: String,
}

impl Stream {
    async fn open(local: &Local, query: &str, last: Option<&str>) -> Stream {
        let mut request = Request::get(format!("{}/_ringback/v1/events{query}", local.server.url()));
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = local.raw(request.body(Full::default()).unwrap()).await;
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Stream {
            body: response.into_body(),
            text: String::new(),
        }
    }

    /// The next event: its id, its name and its entry.
    async fn next(&mut self) -> (u64, String, Value) {
        loop {
            while let Some((block, rest)) = self
                .text
                .split_once("\n\n")
                .map(|(block, rest)| (block.to_owned(), rest.to_owned()))
            {
                self.text = rest;
                let field = |name: &str| {
                    block
                        .lines()
                        .find_map(|line| line.strip_prefix(name))
                        .map(str::to_owned)
                };
                if let Some(data) = field("data: ") {
                    let entry: Value = serde_json::from_str(&data).unwrap();
                    schema::check_named("Entry", &entry);
                    let (id, name) = (field("id: ").unwrap().parse().unwrap(), field("event: ").unwrap());
                    assert_eq!(
                        (entry["seq"].as_u64(), entry["kind"].as_str()),
                        (Some(id), Some(name.as_str()))
                    );
                    return (id, name, entry);
                }
            }
            let frame = tokio::time::timeout(Duration::from_secs(10), self.body.frame())
                .await
                .expect("an event in time");
            self.text
                .push_str(std::str::from_utf8(&frame.unwrap().unwrap().into_data().unwrap()).unwrap());
        }
    }
}

#[tokio::test]
async fn from_the_beginning_and_live() {
    let local = Local::start().await;
    let mut stream = Stream::open(&local, "?since=0", None).await;
    assert_eq!(stream.next().await.1, "user_created");
    let (id, name, entry) = stream.next().await;
    assert_eq!(
        (id, name.as_str(), &entry["user"]["username"]),
        (2, "bot_created", &json!("volume_bot"))
    );
    let mut live = Stream::open(&local, "", None).await;
    local
        .post(
            "/messages",
            json!({"from": local.ann, "chat": local.bot, "text": "hi"}),
        )
        .await;
    for stream in [&mut stream, &mut live] {
        let (id, name, entry) = stream.next().await;
        assert_eq!(
            (id, name.as_str(), &entry["text"]),
            (3, "message_sent", &json!("hi"))
        );
        assert_eq!(
            entry["chat"],
            json!({"type": "private", "users": [local.ann, local.bot]})
        );
    }
    // As a browser connects again.
    let mut again = Stream::open(&local, "?since=0", Some("2")).await;
    assert_eq!(again.next().await.0, 3);
}

#[tokio::test]
async fn one_journey_and_its_causes() {
    let local = Local::start().await;
    local
        .keyboard(json!([[{"text": "Up", "callback_data": "up"}]]))
        .await;
    let since = local.get("/events").await["next"].clone();
    let bot = async {
        let query = local.next_press().await;
        local
            .call(
                "answerCallbackQuery",
                json!({"callback_query_id": query["id"], "text": "Louder"}),
            )
            .await;
    };
    let (press, ()) = tokio::join!(local.press(json!({"text": "Up"})), bot);
    let events = local.get(&format!("/events?since={since}")).await;
    let events = events["events"].as_array().unwrap();
    let at = |kind: &str| {
        events
            .iter()
            .find(|entry| entry["kind"] == kind && entry["update"] != "message")
            .unwrap_or_else(|| panic!("no {kind}"))
    };
    for (kind, cause) in [
        ("update_queued", "press"),
        ("update_delivered", "update_queued"),
        ("call", "update_delivered"),
        ("answered", "call"),
        ("response", "call"),
    ] {
        assert_eq!(at(kind)["cause"], at(cause)["seq"], "{kind}");
    }
    for kind in [
        "press",
        "update_queued",
        "update_delivered",
        "call",
        "answered",
        "press_finished",
    ] {
        assert_eq!(at(kind)["press_id"], press["id"], "{kind}");
    }
    assert_eq!(at("call")["params"]["text"], "Louder");
    assert_eq!(
        (&at("response")["ok"], &at("response")["result"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(at("press_finished")["answer"], press["answer"]);
}

#[tokio::test]
async fn as_a_list() {
    let local = Local::start().await;
    assert_eq!(local.get("/events").await, json!({"events": [], "next": 2}));
    let first = local.get("/events?since=0&limit=1").await;
    assert_eq!(
        (first["events"].as_array().unwrap().len(), &first["next"]),
        (1, &json!(1))
    );
    assert_eq!(local.get("/events?since=1").await["events"][0]["seq"], 2);
    // A number from another life of the server: “next” says where this one is.
    assert_eq!(
        local.get("/events?since=1000").await,
        json!({"events": [], "next": 2})
    );
}

#[tokio::test]
async fn a_reset_is_told() {
    let local = Local::start().await;
    let mut reader = Stream::open(&local, "?since=1", None).await;
    assert_eq!(reader.next().await.0, 2);
    local.post("/reset", Value::Null).await;
    let (id, name, _) = reader.next().await;
    assert_eq!((id, name.as_str()), (3, "reset"));
    // Who was not there misses what is forgotten, and is told so; who wants all that is kept is not.
    let (id, name, gap) = Stream::open(&local, "?since=1", None).await.next().await;
    assert_eq!(
        (id, name.as_str(), &gap["from"], &gap["missed"]),
        (2, "gap", &json!(3), &json!(1))
    );
    assert_eq!(
        Stream::open(&local, "?since=0", None).await.next().await.1,
        "reset"
    );
}

#[tokio::test]
async fn who_does_not_read_is_in_nobodys_way() {
    let local = Local::start().await;
    let mut lazy = Stream::open(&local, "?since=0", None).await;
    // More than any socket's buffers take.
    let padding = "x".repeat(500_000);
    for _ in 0..40 {
        local.call("getMe", json!({ "padding": padding })).await;
    }
    let arrived = tokio::time::Instant::now();
    local
        .post(
            "/messages",
            json!({"from": local.ann, "chat": local.bot, "text": "hi"}),
        )
        .await;
    assert!(arrived.elapsed() < Duration::from_secs(5));
    let next = local.get("/events").await["next"].as_u64().unwrap();
    let mut last = 0;
    while last < next {
        let (id, _, _) = lazy.next().await;
        assert_eq!(id, last + 1);
        last = id;
    }
}
