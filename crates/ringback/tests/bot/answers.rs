//! Every press is answered once, whatever its handler does.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::server::Server;
use ringback::data::Json;
use ringback::{Answer, BoxError, CallbackQuery, Game, Outcome, Polling, Reason, Router};
use serde_json::{Value, json};

/// Collects what the error handler is told.
#[derive(Clone, Default)]
struct Reports(Arc<Mutex<Vec<String>>>);

impl Reports {
    fn collect(&self, polling: Polling) -> Polling {
        let reports = self.0.clone();
        polling.on_error(move |report| {
            reports.lock().unwrap().push(report.to_string());
            std::future::ready(())
        })
    }

    fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

/// Presses once, with this handler; the answers and the reports.
async fn press_once(router: Router, data: &str) -> (Vec<Value>, Vec<String>) {
    let server = Server::start().await;
    let reports = Reports::default();
    let run = server.run(router, |polling| {
        reports
            .collect(polling)
            .answer_within(Duration::from_millis(100))
            .fallback(|reason, answer| answer.text(format!("{reason:?}")))
    });
    server.press("q1", 7, data);
    server.until_calls("answerCallbackQuery", 1).await;
    run.stop().await;
    assert!(server.unconfirmed().is_empty());
    (server.answers(), reports.all())
}

fn fallback(reason: Reason) -> Vec<Value> {
    vec![json!({"callback_query_id": "q1", "text": format!("{reason:?}")})]
}

#[tokio::test]
async fn an_answer_says_what_it_was_told() {
    async fn handler(query: CallbackQuery) -> Outcome {
        assert_eq!(
            (query.id(), query.from().id, query.chat_instance()),
            ("q1", 7, "-7")
        );
        assert_eq!(
            (query.data(), query.game_short_name(), query.inline_message_id()),
            (Some("vol:up"), None, None)
        );
        let message = query.message().unwrap();
        assert_eq!((message.chat().id, message.message_id()), (7, 3));
        assert_eq!(message.accessible().unwrap().text.as_deref(), Some("Press"));
        let answer = query
            .answer()
            .alert("Louder")
            .url("t.me/knob_bot?start=x")
            .cache_time(Duration::from_secs(5));
        assert_eq!(answer.method().callback_query_id, "q1");
        answer.await
    }
    let (answers, reports) = press_once(Router::new().callback(handler), "vol:up").await;
    let expected = json!({
        "callback_query_id": "q1", "text": "Louder", "show_alert": true,
        "url": "t.me/knob_bot?start=x", "cache_time": 5,
    });
    assert_eq!(answers, [expected]);
    assert_eq!(reports, [""; 0]);
}

#[tokio::test]
async fn a_method_value_is_sent_by_the_dispatcher() {
    async fn handler(query: CallbackQuery) -> Answer {
        query.answer().text("Later, not never")
    }
    let (answers, _) = press_once(Router::new().callback(handler), "x").await;
    assert_eq!(
        answers,
        [json!({"callback_query_id": "q1", "text": "Later, not never"})]
    );
}

#[tokio::test]
async fn a_passed_query_is_the_next_handlers() {
    async fn first(query: CallbackQuery) -> Outcome {
        query.pass()
    }
    async fn second(query: CallbackQuery<Json<Value>>) -> Outcome {
        let text = query.data()["type"].to_string();
        query.answer().text(text).await
    }
    async fn third(_: CallbackQuery) -> Outcome {
        panic!("the second has answered")
    }
    let router = || Router::new().callback(first).callback(second);
    let (answers, _) = press_once(router().callback(third), r#"{"type":1}"#).await;
    assert_eq!(answers, [json!({"callback_query_id": "q1", "text": "1"})]);

    let (answers, reports) = press_once(router(), "not JSON").await;
    assert_eq!(answers, fallback(Reason::Unclaimed));
    assert_eq!(reports, [""; 0]);
}

#[tokio::test]
async fn a_panic_is_answered_and_reported() {
    async fn handler(query: CallbackQuery) -> Outcome {
        if query.from().id == 7 {
            panic!("the knob came off");
        }
        query.pass()
    }
    let (answers, reports) = press_once(Router::new().callback(handler), "x").await;
    assert_eq!(answers, fallback(Reason::Failed));
    assert_eq!(reports, ["update 1000: the handler panicked: the knob came off"]);
}

#[tokio::test]
async fn an_error_is_answered_and_reported() {
    async fn handler(query: CallbackQuery) -> Result<Outcome, BoxError> {
        let number: i32 = query.data().unwrap_or_default().parse()?;
        Ok(query.answer().text(format!("{number}")).await)
    }
    let (answers, reports) = press_once(Router::new().callback(handler), "x").await;
    assert_eq!(answers, fallback(Reason::Failed));
    assert_eq!(
        reports,
        ["update 1000: the handler failed: invalid digit found in string"]
    );
}

#[tokio::test]
async fn a_late_handler_is_answered_for_and_not_twice() {
    async fn handler(query: CallbackQuery) -> Outcome {
        tokio::time::sleep(Duration::from_millis(200)).await;
        query.answer().text("too late").await
    }
    let (answers, reports) = press_once(Router::new().callback(handler), "x").await;
    assert_eq!(answers, fallback(Reason::Late));
    assert_eq!(reports, ["update 1000: no answer from the handler within 100ms"]);
}

#[tokio::test]
async fn a_promise_is_kept_by_its_task_or_by_the_dispatcher() {
    async fn keeps(query: CallbackQuery) -> Outcome {
        let (later, outcome) = query.answer_later();
        tokio::spawn(async move { later.answer_with(|answer| answer.text("here")).await });
        outcome
    }
    let (answers, _) = press_once(Router::new().callback(keeps), "x").await;
    assert_eq!(answers, [json!({"callback_query_id": "q1", "text": "here"})]);

    async fn breaks(query: CallbackQuery) -> Outcome {
        let (later, outcome) = query.answer_later();
        drop(later);
        outcome
    }
    let (answers, _) = press_once(Router::new().callback(breaks), "x").await;
    assert_eq!(answers, fallback(Reason::Failed));

    // Wherever it is broken.
    async fn elsewhere(query: CallbackQuery) -> Outcome {
        let (later, outcome) = query.answer_later();
        std::thread::spawn(move || drop(later));
        outcome
    }
    let (answers, reports) = press_once(Router::new().callback(elsewhere), "x").await;
    assert_eq!(answers, fallback(Reason::Failed));
    assert_eq!(
        reports,
        ["update 1000: the answer that was to come later was dropped"]
    );

    async fn panics(query: CallbackQuery) -> Outcome {
        let (later, outcome) = query.answer_later();
        tokio::spawn(later.answer_with(|_| panic!("on purpose")));
        outcome
    }
    let (answers, _) = press_once(Router::new().callback(panics), "x").await;
    assert_eq!(answers, fallback(Reason::Failed));
}

#[tokio::test]
async fn a_promise_keeps_its_update_in_hand_until_the_server_has_the_answer() {
    async fn promises(query: CallbackQuery) -> Outcome {
        let (later, outcome) = query.answer_later();
        tokio::spawn(later.answer());
        outcome
    }
    let server = Server::start().await;
    server.hold("answerCallbackQuery");
    let update = server.press("q1", 7, "x");
    let run = server.run(Router::new().callback(promises), |polling| polling);
    server.until_calls("answerCallbackQuery", 1).await;
    // Polls that came when the handler had ended long ago.
    let polls = server.calls("getUpdates").len();
    server.until_calls("getUpdates", polls + 2).await;
    assert_eq!(server.unconfirmed(), [update]);
    server.release();
    run.stop().await;
    assert!(server.unconfirmed().is_empty());
    assert_eq!(server.answers().len(), 1);
}

#[tokio::test]
async fn a_refused_answer_is_made_good() {
    async fn handler(query: CallbackQuery) -> Outcome {
        let mut outcome = query.answer().text("x".repeat(300)).await;
        assert!(outcome.error().await.is_some());
        assert!(!outcome.is_answered().await);
        outcome
    }
    let server = Server::start().await;
    server.refuse(
        "answerCallbackQuery",
        400,
        "Bad Request: MESSAGE_TOO_LONG",
        json!({}),
    );
    let reports = Reports::default();
    let run = server.run(Router::new().callback(handler), |polling| {
        reports.collect(polling)
    });
    server.press("q1", 7, "x");
    let answers = server.until_calls("answerCallbackQuery", 2).await;
    run.stop().await;
    assert_eq!(answers[1], json!({"callback_query_id": "q1"}));
    let report =
        "update 1000: the answer was not sent: answerCallbackQuery: 400 Bad Request: MESSAGE_TOO_LONG";
    assert_eq!(reports.all(), [report]);
}

#[tokio::test]
async fn an_answer_that_was_taken_is_known_to_be() {
    async fn handler(query: CallbackQuery) -> Outcome {
        let mut outcome = query.answer().await;
        assert!(outcome.error().await.is_none());
        assert!(outcome.is_answered().await);
        outcome
    }
    let (answers, reports) = press_once(Router::new().callback(handler), "x").await;
    assert_eq!(answers, [json!({"callback_query_id": "q1"})]);
    assert_eq!(reports, [""; 0]);
}

/// Says where a query comes from.
async fn place(query: CallbackQuery) -> Outcome {
    let message = query.message().map(|message| {
        let text = message.accessible().map(|message| message.text.clone());
        (message.chat().id, message.message_id(), text)
    });
    let place = format!(
        "{message:?} {:?} {:?}",
        query.chat_id(),
        query.inline_message_id()
    );
    query.answer().text(place).await
}

#[tokio::test]
async fn a_message_may_be_there_in_full_in_name_only_or_not_at_all() {
    let server = Server::start().await;
    let run = server.run(Router::new().callback(place), |polling| polling);
    let chat = json!({"id": 7, "type": "private", "first_name": "A"});
    for (n, (key, value, place)) in [
        (
            "message",
            json!({"message_id": 3, "date": 1, "chat": chat, "text": "Press"}),
            r#"Some((7, 3, Some(Some("Press")))) Some(7) None"#,
        ),
        // Too old, or gone: its date is 0, and it has no content.
        (
            "message",
            json!({"message_id": 3, "date": 0, "chat": chat}),
            "Some((7, 3, None)) Some(7) None",
        ),
        ("inline_message_id", json!("AAQ"), r#"None None Some("AAQ")"#),
        ("extra", json!({"of": "a newer Bot API"}), "None None None"),
    ]
    .into_iter()
    .enumerate()
    {
        let mut query = json!({"id": "q", "from": {"id": 7, "is_bot": false, "first_name": "A"},
                               "chat_instance": "1", "data": "x"});
        query[key] = value;
        server.update("callback_query", query);
        let answers = server.until_calls("answerCallbackQuery", n + 1).await;
        assert_eq!(answers[n]["text"], place);
    }
    run.stop().await;
}

#[tokio::test]
async fn a_query_with_neither_data_nor_a_game_is_answered() {
    async fn data(query: CallbackQuery<Json<Value>>) -> Outcome {
        query.answer().text("data").await
    }
    async fn game(query: CallbackQuery<Game>) -> Outcome {
        query.answer().text("game").await
    }
    let server = Server::start().await;
    let router = Router::new().callback(data).callback(game);
    let run = server.run(router, |polling| {
        polling.fallback(|reason, answer| answer.text(format!("{reason:?}")))
    });
    let from = json!({"id": 7, "is_bot": false, "first_name": "A"});
    server.update(
        "callback_query",
        json!({"id": "q1", "from": from, "chat_instance": "1"}),
    );
    let answers = server.until_calls("answerCallbackQuery", 1).await;
    run.stop().await;
    assert_eq!(answers, fallback(Reason::Unclaimed));
}

#[tokio::test]
async fn a_query_shown_in_a_log_keeps_its_data_to_itself() {
    async fn handler(query: CallbackQuery) -> Outcome {
        let shown = format!("{query:?}");
        query.answer().text(shown).await
    }
    let (answers, _) = press_once(Router::new().callback(handler), "secret").await;
    let shown = answers[0]["text"].as_str().unwrap();
    assert!(shown.contains("q1") && !shown.contains("secret"), "{shown}");
}

/// Not a test: a bot whose handler fails, in a program without a `tracing` subscriber.
#[tokio::test]
#[ignore = "the program of the next test"]
async fn a_bot_that_fails() {
    async fn fails(_query: CallbackQuery) -> Result<Outcome, BoxError> {
        Err("on purpose".into())
    }
    let server = Server::start().await;
    let run = server.run(Router::new().callback(fails), |polling| polling);
    server.press("q1", 7, "x");
    server.until_calls("answerCallbackQuery", 1).await;
    run.stop().await;
}

#[test]
fn what_goes_wrong_is_written_where_nobody_listens_to_logs() {
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "answers::a_bot_that_fails", "--nocapture"])
        .output()
        .unwrap();
    let written = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{written}");
    assert!(
        written.contains("update 1000: the handler failed: on purpose"),
        "{written}"
    );
}

#[tokio::test]
async fn a_query_that_is_too_old_is_left_alone() {
    async fn handler(query: CallbackQuery) -> Outcome {
        query.answer().await
    }
    let server = Server::start().await;
    let text = "Bad Request: query is too old and response timeout expired or query ID is invalid";
    server.refuse("answerCallbackQuery", 400, text, json!({}));
    let reports = Reports::default();
    let run = server.run(Router::new().callback(handler), |polling| {
        reports.collect(polling)
    });
    server.press("q1", 7, "x");
    server.until_calls("answerCallbackQuery", 1).await;
    run.stop().await;
    assert_eq!(server.answers().len(), 1);
    assert_eq!(reports.all().len(), 1);
}

#[tokio::test]
async fn a_games_button_has_its_own_handler() {
    async fn data(query: CallbackQuery<Json<Value>>) -> Outcome {
        query.answer().text("data").await
    }
    async fn game(query: CallbackQuery<Game>) -> Outcome {
        assert_eq!(query.game_short_name(), Some("chess"));
        query.answer().url("https://example.org/chess").await
    }
    let server = Server::start().await;
    let run = server.run(Router::new().callback(data).callback(game), |polling| polling);
    let from = json!({"id": 7, "is_bot": false, "first_name": "A"});
    server.update(
        "callback_query",
        json!({"id": "g", "from": from, "inline_message_id": "i", "chat_instance": "1", "game_short_name": "chess"}),
    );
    let answers = server.until_calls("answerCallbackQuery", 1).await;
    run.stop().await;
    assert_eq!(
        answers,
        [json!({"callback_query_id": "g", "url": "https://example.org/chess"})]
    );
}

#[tokio::test]
async fn a_press_that_waits_behind_a_stuck_one_is_answered_in_time() {
    async fn stuck(query: CallbackQuery) -> Outcome {
        tokio::time::sleep(Duration::from_millis(300)).await;
        query.answer().await
    }
    let server = Server::start().await;
    let reports = Reports::default();
    let run = server.run(Router::new().callback(stuck), |polling| {
        reports.collect(polling).answer_within(Duration::from_millis(100))
    });
    let before = std::time::Instant::now();
    for n in 0..5 {
        server.press(&format!("q{n}"), 7, "x");
    }
    server.until_calls("answerCallbackQuery", 5).await;
    assert!(
        before.elapsed() < Duration::from_millis(290),
        "{:?}",
        before.elapsed()
    );
    run.stop().await;
    assert_eq!((server.answers().len(), reports.all().len()), (5, 5));
    assert!(server.unconfirmed().is_empty());
}

/// A thousand presses of thirteen users are answered once each, and each user's in order.
async fn many_users(set: impl FnOnce(Polling) -> Polling) {
    async fn echo(query: CallbackQuery) -> Outcome {
        let data = query.data().unwrap_or_default().to_owned();
        query.answer().text(data).await
    }
    let server = Server::start().await;
    let run = server.run(Router::new().callback(echo), set);
    for n in 0..1000 {
        server.press(&format!("{n}"), n % 13, &format!("{n}"));
    }
    server.until_calls("answerCallbackQuery", 1000).await;
    run.stop().await;
    let numbers: Vec<i64> = server
        .answers()
        .iter()
        .map(|answer| answer["text"].as_str().unwrap().parse().unwrap())
        .collect();
    assert_eq!(numbers.len(), 1000);
    for user in 0..13 {
        let of_user: Vec<_> = numbers.iter().filter(|n| **n % 13 == user).collect();
        assert!(of_user.is_sorted(), "user {user}: {of_user:?}");
    }
}

/// The server's threads race for what they read: only waiting for its responses helps.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_users_presses_are_answered_once_and_in_order() {
    many_users(Polling::strict_order).await;
}

#[tokio::test]
async fn a_panic_in_the_error_handler_does_not_stop_the_user() {
    async fn fails_once(query: CallbackQuery) -> Result<Outcome, BoxError> {
        if query.data() == Some("fail") {
            return Err("failed".into());
        }
        Ok(query.answer().text("fine").await)
    }
    let server = Server::start().await;
    let run = server.run(Router::new().callback(fails_once), |polling| {
        polling.on_error(|report| async move { panic!("{report}") })
    });
    server.press("1", 7, "fail");
    server.press("2", 7, "x");
    let answers = server.until_calls("answerCallbackQuery", 2).await;
    run.stop().await;
    assert_eq!(answers[0], json!({"callback_query_id": "1"}));
    assert_eq!(answers[1], json!({"callback_query_id": "2", "text": "fine"}));
    assert!(server.unconfirmed().is_empty());
}

#[tokio::test]
async fn a_routers_own_error_handler_is_told() {
    async fn fails(_query: CallbackQuery) -> Result<Outcome, BoxError> {
        Err("inner".into())
    }
    let told = Reports::default();
    let inner = told.0.clone();
    let router = Router::new().callback(fails).on_error(move |report| {
        inner.lock().unwrap().push(report.to_string());
        std::future::ready(())
    });
    let (answers, reports) = press_once(Router::new().merge(router), "x").await;
    assert_eq!(answers, fallback(Reason::Failed));
    assert_eq!(told.all(), ["update 1000: the handler failed: inner"]);
    assert_eq!(reports, [""; 0]);
}
