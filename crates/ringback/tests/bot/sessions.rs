//! What is kept between updates, and when.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use ringback::session::{Scope, SessionData};
use ringback::{
    Bot, BoxError, CallbackQuery, Incoming, Outcome, Polling, Router, Session, Sessions, State, kinds,
};
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::server::{Running, Server};
use crate::watched::Watched;

const ANN: i64 = 7;
const BOB: i64 = 8;
const MINUTE: Duration = Duration::from_secs(60);

#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
struct Count {
    n: u32,
}

impl SessionData for Count {
    const NAME: &'static str = "count";
}

/// What a handler waits for, and says when it does.
#[derive(Default)]
struct Gate {
    reached: Notify,
    opened: Notify,
}

#[derive(Default, Clone)]
struct Reports(Arc<Mutex<Vec<String>>>);

impl Reports {
    fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

struct Bots {
    server: Server,
    store: Watched,
    reports: Reports,
    gate: Arc<Gate>,
    run: Running,
}

impl Bots {
    async fn start(router: Router) -> Self {
        Self::start_with(router, Watched::new()).await
    }

    async fn start_with(router: Router, store: Watched) -> Self {
        let server = Server::start().await;
        let (reports, gate) = (Reports::default(), Arc::new(Gate::default()));
        let told = reports.clone();
        let router = router
            .state(Sessions::new(store.clone()))
            .shared_state(Arc::clone(&gate));
        let run = server.run(router, |polling| {
            polling
                .fallback(|reason, answer| answer.text(format!("{reason:?}")))
                .on_error(move |report| {
                    told.0.lock().unwrap().push(report.to_string());
                    std::future::ready(())
                })
        });
        Bots {
            server,
            store,
            reports,
            gate,
            run,
        }
    }

    /// The texts of the answers to these presses, one after the other.
    async fn press(&self, presses: &[(i64, &str)]) -> Vec<String> {
        for (user, data) in presses {
            let before = self.server.answers().len();
            self.server.press(&format!("q{before}"), *user, data);
            self.server.until_calls("answerCallbackQuery", before + 1).await;
        }
        let answers = self.server.answers();
        let text = |answer: &Value| answer["text"].as_str().unwrap_or("—").to_owned();
        answers[answers.len() - presses.len()..]
            .iter()
            .map(text)
            .collect()
    }
}

/// Counts, and then does what the button says.
async fn count(
    query: CallbackQuery,
    mut count: Session<Count>,
    gate: State<Gate>,
) -> Result<Outcome, BoxError> {
    if query.data() == Some("look") {
        let text = format!("{} {}", count.n, count.is_new());
        return Ok(query.answer().text(text).into());
    }
    count.n += 1;
    let text = count.n.to_string();
    match query.data().unwrap_or_default() {
        "pass" => return Ok(query.pass()),
        "error" => return Err("on purpose".into()),
        "panic" => panic!("on purpose"),
        "clear" => count.clear(),
        "saved error" => {
            count.save().await?;
            return Err("on purpose".into());
        }
        "wait" => {
            gate.reached.notify_one();
            gate.opened.notified().await;
        }
        "update" => {
            count.save().await?;
            gate.reached.notify_one();
            gate.opened.notified().await;
            count.update(|count| count.n += 10).await?;
            return Ok(query.answer().text(count.n.to_string()).into());
        }
        "later" => {
            let (later, outcome) = query.answer_later();
            tokio::spawn(async move {
                gate.reached.notify_one();
                gate.opened.notified().await;
                let saved = count.save().await.map_err(|error| error.to_string());
                later
                    .answer_with(|answer| answer.text(format!("{saved:?}")))
                    .await;
            });
            return Ok(outcome);
        }
        _ => {}
    }
    // Not sent here: what is returned is sent when the session is saved.
    Ok(query.answer().text(text).into())
}

async fn also(query: CallbackQuery, mut count: Session<Count>) -> Outcome {
    count.n += 100;
    query.answer().text(count.n.to_string()).await
}

const KEY: &str = "session/42/count/c7u7";

#[tokio::test]
async fn what_a_handler_changes_is_there_for_the_next_one_of_the_same_user() {
    let bots = Bots::start(Router::new().callback(count)).await;
    let presses = [
        (ANN, "look"),
        (ANN, "up"),
        (ANN, "up"),
        (BOB, "up"),
        (ANN, "look"),
    ];
    assert_eq!(bots.press(&presses).await, ["0 true", "1", "2", "1", "2 false"]);
    assert_eq!(bots.store.text(KEY).await.as_deref(), Some(r#"{"n":2}"#));
    // Looking writes nothing.
    assert_eq!(bots.store.writes().len(), 3);
    assert_eq!(
        bots.press(&[(ANN, "clear"), (ANN, "look")]).await,
        ["3", "0 true"]
    );
    assert_eq!(bots.store.text(KEY).await, None);
    bots.run.stop().await;
    assert!(bots.reports.all().is_empty());
}

#[tokio::test]
async fn what_a_handler_that_fails_has_changed_is_not_kept() {
    let bots = Bots::start(Router::new().callback(count)).await;
    let presses = [
        (ANN, "up"),
        (ANN, "error"),
        (ANN, "panic"),
        (ANN, "look"),
        (ANN, "saved error"),
        (ANN, "look"),
    ];
    assert_eq!(
        bots.press(&presses).await,
        ["1", "Failed", "Failed", "1 false", "Failed", "2 false"]
    );
    bots.run.stop().await;
}

#[tokio::test]
async fn a_handler_that_passes_leaves_its_changes_to_the_next() {
    let bots = Bots::start(Router::new().callback(count).callback(also)).await;
    assert_eq!(
        bots.press(&[(ANN, "pass"), (ANN, "look")]).await,
        ["101", "101 false"]
    );
    assert_eq!(bots.store.reads(), 2, "once for each update");
    bots.run.stop().await;
}

#[tokio::test]
async fn an_answer_that_is_returned_is_sent_only_if_the_session_was_saved() {
    let bots = Bots::start(Router::new().callback(count).callback(also)).await;
    assert_eq!(bots.press(&[(ANN, "up")]).await, ["1"]);
    bots.store.go_down();
    assert_eq!(
        bots.press(&[(ANN, "up"), (ANN, "look"), (ANN, "pass")]).await,
        ["Failed", "1 false", "Failed"]
    );
    bots.run.stop().await;
    let reports = bots.reports.all();
    assert!(
        reports[0].ends_with("the store of the session count failed: the disk is full"),
        "{reports:?}"
    );
}

/// In one process, updates of one session wait for each other, whatever kind they are of.
#[tokio::test]
async fn a_press_and_a_message_at_once_lose_nothing() {
    async fn write(message: Incoming, mut count: Session<Count>) -> Result<(), BoxError> {
        count.n += 1;
        message.answer(count.n.to_string()).await?;
        Ok(())
    }
    let bots = Bots::start(Router::new().callback(count).message(write)).await;
    bots.server.press("q", ANN, "wait");
    bots.gate.reached.notified().await;
    bots.server.says(ANN, "hello");
    bots.server.says(BOB, "hello");
    // Bob does not wait for Ann, her own message does.
    let calls = bots.server.until_calls("sendMessage", 1).await;
    assert_eq!(
        (&calls[0]["chat_id"], &calls[0]["text"]),
        (&json!(BOB), &json!("1"))
    );
    bots.gate.opened.notify_one();
    bots.server.until_calls("answerCallbackQuery", 1).await;
    let calls = bots.server.until_calls("sendMessage", 2).await;
    assert_eq!(
        (&calls[1]["chat_id"], &calls[1]["text"]),
        (&json!(ANN), &json!("2"))
    );
    bots.run.stop().await;
}

#[tokio::test]
async fn another_process_loses_nothing_either() {
    let bots = Bots::start(Router::new().callback(count)).await;
    assert_eq!(bots.press(&[(ANN, "up")]).await, ["1"]);
    bots.server.press("q", ANN, "wait");
    bots.gate.reached.notified().await;
    bots.store.put(KEY, r#"{"n":50}"#).await;
    bots.gate.opened.notify_one();
    let answers = bots.server.until_calls("answerCallbackQuery", 2).await;
    assert_eq!(answers[1]["text"], json!("Failed"));
    assert_eq!(bots.press(&[(ANN, "up")]).await, ["51"]);

    // A change that is a function is made again on what the other has written.
    bots.server.press("q", ANN, "update");
    bots.gate.reached.notified().await;
    bots.store.put(KEY, r#"{"n":500}"#).await;
    bots.gate.opened.notify_one();
    let answers = bots.server.until_calls("answerCallbackQuery", 4).await;
    assert_eq!(answers[3]["text"], json!("510"));
    bots.run.stop().await;
    assert_eq!(bots.store.text(KEY).await.as_deref(), Some(r#"{"n":510}"#));
    let reports = bots.reports.all();
    assert_eq!(reports.len(), 1);
    assert!(
        reports[0].contains("was changed by another process"),
        "{reports:?}"
    );
}

#[tokio::test]
async fn a_task_that_outlives_its_handler_saves_by_itself() {
    let bots = Bots::start(Router::new().callback(count)).await;
    bots.server.press("q", ANN, "later");
    bots.gate.reached.notified().await;
    assert_eq!(bots.store.text(KEY).await, None);
    bots.gate.opened.notify_one();
    let answers = bots.server.until_calls("answerCallbackQuery", 1).await;
    assert_eq!(answers[0]["text"], json!("Ok(())"));
    assert_eq!(bots.press(&[(ANN, "look")]).await, ["1 false"]);
    bots.run.stop().await;
}

#[tokio::test]
async fn what_can_not_be_read_any_more_begins_anew_and_is_reported_once() {
    let store = Watched::new();
    store.put(KEY, r#"{"n":"a secret"}"#).await;
    let bots = Bots::start_with(Router::new().callback(count), store).await;
    assert_eq!(
        bots.press(&[(ANN, "look"), (ANN, "look"), (ANN, "up")]).await,
        ["0 false", "0 true", "1"]
    );
    bots.run.stop().await;
    let reports = bots.reports.all();
    assert_eq!(reports.len(), 1, "{reports:?}");
    assert!(
        reports[0].contains("the session count can't be read"),
        "{reports:?}"
    );
    assert!(!reports[0].contains("secret"), "{reports:?}");
}

#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
struct Taste(String);

impl SessionData for Taste {
    const NAME: &'static str = "taste";
    const SCOPE: Scope = Scope::User;
    const KEEP: Option<Duration> = Some(MINUTE);
}

#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
struct Votes(u32);

impl SessionData for Votes {
    const NAME: &'static str = "votes";
    const SCOPE: Scope = Scope::Chat;
}

#[tokio::test]
async fn a_session_is_whose_its_type_says_and_lasts_as_long() {
    async fn inline(
        query: CallbackQuery,
        mut taste: Session<Taste>,
        mut votes: Session<Votes>,
        mut count: Session<Count>,
    ) -> Outcome {
        votes.0 += 1;
        count.n += 1;
        "sweet".clone_into(&mut taste.0);
        query.answer().text(votes.0.to_string()).await
    }
    let bots = Bots::start(Router::new().callback(inline)).await;
    let group = json!({"id": -100, "type": "group", "title": "G"});
    for (id, user, message) in [
        ("1", ANN, json!({"message_id": 3, "date": 1, "chat": group})),
        ("2", BOB, json!({"message_id": 3, "date": 1, "chat": group})),
        ("3", ANN, Value::Null),
    ] {
        let mut query = json!({"id": id, "chat_instance": "1", "data": "x",
                               "from": {"id": user, "is_bot": false, "first_name": "A"}});
        if message.is_null() {
            query["inline_message_id"] = json!("abc");
        } else {
            query["message"] = message;
        }
        bots.server.update("callback_query", query);
        let count = id.parse().unwrap();
        bots.server.until_calls("answerCallbackQuery", count).await;
        let wait = async {
            while bots.store.writes().len() < 3 * count {
                tokio::task::yield_now().await
            }
        };
        tokio::time::timeout(MINUTE, wait).await.unwrap();
    }
    bots.run.stop().await;
    let writes = bots.store.writes();
    let kept = |name: &str| {
        writes
            .iter()
            .filter(|(key, _)| key.contains(name))
            .cloned()
            .collect::<Vec<_>>()
    };
    let keys = |name: &str| {
        kept(name)
            .into_iter()
            .map(|(key, _)| key.rsplit('/').next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(keys("votes"), ["c-100", "c-100", "c7"]);
    assert_eq!(keys("count"), ["c-100u7", "c-100u8", "c7u7"]);
    // Written again though nothing has changed: its time is renewed.
    assert_eq!(keys("taste"), ["u7", "u8", "u7"]);
    assert!(kept("taste").iter().all(|(_, keep)| *keep == Some(MINUTE)));
    assert!(kept("votes").iter().all(|(_, keep)| keep.is_none()));
    assert_eq!(
        bots.store.text("session/42/votes/c-100").await.as_deref(),
        Some("2")
    );
}

#[tokio::test]
async fn an_update_without_an_owner_has_no_session_and_is_at_no_state() {
    async fn post(_: Incoming, _: Session<Count>) {}
    async fn at(_: Incoming) {
        panic!("it is at no state");
    }
    let at = Router::new().at(|_: &Count| true, Router::new().on(kinds::CHANNEL_POST, at));
    let bots = Bots::start(at.on(kinds::CHANNEL_POST, post)).await;
    let chat = json!({"id": -5, "type": "channel", "title": "C"});
    bots.server.update(
        "channel_post",
        json!({"message_id": 1, "date": 1, "chat": chat, "text": "x"}),
    );
    let told = async {
        while bots.reports.all().is_empty() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(MINUTE, told).await.unwrap();
    bots.run.stop().await;
    let reports = bots.reports.all();
    assert!(
        reports[0].ends_with("the session count is of a user, and the update has none"),
        "{reports:?}"
    );
}

#[test]
fn a_router_must_have_a_place_for_sessions_and_no_name_twice() {
    #[derive(Default, serde::Serialize, serde::Deserialize)]
    struct Other;
    impl SessionData for Other {
        const NAME: &'static str = "count";
    }
    #[derive(Default, serde::Serialize, serde::Deserialize)]
    struct Odd;
    impl SessionData for Odd {
        const NAME: &'static str = "a/b";
    }
    async fn both(query: CallbackQuery, _: Session<Count>, _: Session<Other>, _: Session<Odd>) -> Outcome {
        query.answer().await
    }
    let build = |router| {
        Polling::new(Bot::new("1:a").unwrap(), router)
            .unwrap_err()
            .to_string()
    };
    assert!(build(Router::new().callback(count)).contains("Sessions"));
    let error = build(Router::new().callback(both).state(Sessions::memory(1)));
    assert!(
        error.contains("are both kept as \"count\"") && error.contains("kept as \"a/b\""),
        "{error}"
    );
}
