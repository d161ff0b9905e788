//! Menus and the guard against double taps.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use ringback::api::ParseMode;
use ringback::menu::{self, DoubleTap, Menu, Page};
use ringback::{BoxError, CallbackData, CallbackQuery, Context, Incoming, Outcome, Router, State};
use serde_json::{Value, json};

use crate::server::Server;

#[derive(CallbackData)]
#[callback_data(prefix = "m")]
enum Settings {
    Home,
    Sound { flip: bool },
    AskReset,
    Reset,
}

#[derive(Default)]
struct Flips(AtomicU32);

impl Menu for Settings {
    async fn page(&self, context: &Context) -> Result<Page, BoxError> {
        let flips = context.state::<Flips>().ok_or("no flips")?;
        Ok(match self {
            Settings::Home => Page::new("Home").button("Sound", &Settings::Sound { flip: false }),
            Settings::Sound { flip } => {
                let flips = flips.0.fetch_add(u32::from(*flip), Ordering::Relaxed) + u32::from(*flip);
                Page::new("Sound").toggle("Bells", flips % 2 == 1, &Settings::Sound { flip: true })
            }
            Settings::AskReset => {
                Page::confirm("Really?", ("Yes", &Settings::Reset), ("No", &Settings::Home))
            }
            Settings::Reset => return Err("can't".into()),
        })
    }

    fn back(&self) -> Option<Self> {
        matches!(self, Settings::Sound { .. }).then_some(Settings::Home)
    }
}

async fn settings(message: Incoming, context: Context) -> Result<(), BoxError> {
    menu::send(&message, &context, &Settings::Home).await
}

fn buttons(call: &Value) -> Vec<Vec<(String, String)>> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let rows = call["reply_markup"]["inline_keyboard"].as_array().unwrap();
    rows.iter()
        .map(|row| {
            let row = row.as_array().unwrap();
            row.iter()
                .map(|button| (text(&button["text"]), text(&button["callback_data"])))
                .collect()
        })
        .collect()
}

fn button(text: &str, data: &str) -> (String, String) {
    (text.to_owned(), data.to_owned())
}

#[tokio::test]
async fn pages_lead_to_pages_and_back() {
    let server = Server::start().await;
    let router = Router::new()
        .command("settings", settings)
        .callback(menu::open::<Settings>)
        .state(Flips::default());
    let run = server.run(router, |polling| polling.on_error(async |_| {}));
    server.says(7, "/settings");
    let sent = server.until_calls("sendMessage", 1).await;
    assert_eq!(buttons(&sent[0]), [[button("Sound", "m:sound:0")]]);

    for (n, (data, rows)) in [
        (
            "m:sound:0",
            vec![
                vec![button("Bells", "m:sound:1")],
                vec![button("‹ Back", "m:home")],
            ],
        ),
        (
            "m:sound:1",
            vec![
                vec![button("✓ Bells", "m:sound:1")],
                vec![button("‹ Back", "m:home")],
            ],
        ),
        ("m:home", vec![vec![button("Sound", "m:sound:0")]]),
        (
            "m:ask_reset",
            vec![vec![button("Yes", "m:reset"), button("No", "m:home")]],
        ),
    ]
    .into_iter()
    .enumerate()
    {
        server.press(&format!("q{n}"), 7, data);
        let edits = server.until_calls("editMessageText", n + 1).await;
        assert_eq!(buttons(&edits[n]), rows);
    }
    server.press("q9", 7, "m:reset");
    let answers = server.until_calls("answerCallbackQuery", 5).await;
    assert_eq!(answers[4], json!({"callback_query_id": "q9"}));
    run.stop().await;
}

#[tokio::test]
async fn a_pages_markup_is_read_when_it_is_sent_and_when_it_is_shown() {
    let page = || Page::new("<b>Home</b>").parse_mode(ParseMode::HTML);
    let server = Server::start().await;
    let send = move |message: Incoming| async move {
        page().send(&message)?.await?;
        Ok::<_, BoxError>(())
    };
    let show = move |query: CallbackQuery| async move {
        page().show(&query).await?;
        Ok::<_, BoxError>(query.answer())
    };
    let router = Router::new().command("start", send).callback(show);
    let run = server.run(router, |polling| polling);
    server.says(7, "/start");
    server.press("1", 7, "x");
    for method in ["sendMessage", "editMessageText"] {
        assert_eq!(server.until_calls(method, 1).await[0]["parse_mode"], "HTML");
    }
    run.stop().await;
}

#[tokio::test]
async fn a_page_that_is_shown_already_is_no_failure() {
    let server = Server::start().await;
    let router = Router::new()
        .callback(menu::open::<Settings>)
        .state(Flips::default());
    let reports = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&reports);
    let run = server.run(router, |polling| {
        polling.on_error(move |_| {
            count.fetch_add(1, Ordering::Relaxed);
            std::future::ready(())
        })
    });
    let same = "Bad Request: message is not modified: specified new message content and reply markup are exactly the \
                same as a current content and reply markup of the message";
    server.refuse("editMessageText", 400, same, json!({}));
    server.press("1", 7, "m:home");
    server.until_calls("editMessageText", 1).await;
    server.refuse(
        "editMessageText",
        400,
        "Bad Request: message to edit not found",
        json!({}),
    );
    server.press("2", 7, "m:home");
    server.until_calls("editMessageText", 2).await;
    run.stop().await;
    assert_eq!(server.answers().len(), 2);
    assert_eq!(reports.load(Ordering::Relaxed), 1);
}

async fn order(query: CallbackQuery, orders: State<Flips>) -> Result<Outcome, BoxError> {
    match query.raw_data() {
        Some("pass") => return Ok(query.pass()),
        Some("fail") if orders.0.fetch_add(1, Ordering::Relaxed) == 0 => return Err("not now".into()),
        _ => {}
    }
    let n = orders.0.fetch_add(1, Ordering::Relaxed) + 1;
    tokio::time::sleep(Duration::from_millis(20)).await;
    Ok(query.answer().text(format!("order {n}")).await)
}

async fn answers(taps: DoubleTap, presses: &[(i64, &str)]) -> Vec<String> {
    let server = Server::start().await;
    let orders = Arc::new(Flips::default());
    let router = Router::new()
        .callback(taps.text("again").guard(order))
        .shared_state(orders);
    let run = server.run(router, |polling| {
        polling
            .on_error(async |_| {})
            .fallback(|_, answer| answer.text("fallback"))
    });
    for (n, (user, data)) in presses.iter().enumerate() {
        server.press(&format!("q{n}"), *user, data);
    }
    let mut answers = server.until_calls("answerCallbackQuery", presses.len()).await;
    run.stop().await;
    answers.sort_by_key(|answer| answer["callback_query_id"].to_string());
    answers
        .into_iter()
        .map(|answer| answer["text"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_second_press_is_answered_and_does_nothing() {
    let taps = || DoubleTap::within(Duration::from_secs(60));
    assert_eq!(
        answers(taps(), &[(7, "a"), (7, "a"), (7, "b"), (7, "a")]).await,
        ["order 1", "again", "order 2", "again"]
    );
    // The other user's is no second press.
    let mut texts = answers(taps(), &[(7, "a"), (8, "a")]).await;
    texts.sort();
    assert_eq!(texts, ["order 1", "order 2"]);
    // What failed, or was passed on, may be tried again.
    assert_eq!(
        answers(taps(), &[(7, "fail"), (7, "fail"), (7, "fail")]).await,
        ["fallback", "order 3", "again"]
    );
    assert_eq!(
        answers(taps(), &[(7, "pass"), (7, "pass")]).await,
        ["fallback", "fallback"]
    );
}

#[tokio::test]
async fn an_unchanged_message_takes_one_press() {
    let taps = DoubleTap::within(Duration::ZERO);
    assert_eq!(
        answers(taps.clone(), &[(7, "a"), (7, "a")]).await,
        ["order 1", "order 2"]
    );
    let taps = DoubleTap::within(Duration::ZERO).same_message();
    assert_eq!(
        answers(taps, &[(7, "a"), (7, "a"), (7, "b")]).await,
        ["order 1", "again", "order 2"]
    );
}
