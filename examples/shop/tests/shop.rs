//! What the people in the chat see.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    dead_code,
    reason = "a test may panic; the server can do more"
)]

#[path = "../../../crates/ringback/tests/bot/server.rs"]
mod server;

use std::sync::Arc;

use ringback::data::{Keys, Stash};
use serde_json::Value;
use server::{Running, Server};
use shop::{Sales, fallback, router};

const ANN: i64 = 8951984;
const BOB: i64 = 7;

struct Shop {
    server: Server,
    run: Running,
    sales: Arc<Sales>,
    keys: Keys,
}

async fn open() -> Shop {
    let server = Server::start().await;
    let sales = Arc::new(Sales::default());
    let keys = Keys::new(&[7; 32]).unwrap();
    let router = router(keys.clone(), Stash::memory(100)).shared_state(Arc::clone(&sales));
    let run = server.run(router, |polling| {
        polling
            .on_error(async |_| {})
            .fallback(|reason, answer| answer.text(fallback(reason)))
    });
    Shop {
        server,
        run,
        sales,
        keys,
    }
}

/// What the last call put on the message's buttons: texts and data.
async fn buttons(shop: &Shop, method: &str, calls: usize) -> Vec<(String, String)> {
    let calls = shop.server.until_calls(method, calls).await;
    let rows = calls.last().unwrap()["reply_markup"]["inline_keyboard"]
        .as_array()
        .unwrap()
        .clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    rows.iter()
        .flat_map(|row| row.as_array().unwrap())
        .map(|button| (text(&button["text"]), text(&button["callback_data"])))
        .collect()
}

async fn answer(shop: &Shop, user: i64, data: &str) -> Option<String> {
    let before = shop.server.answers().len();
    shop.server.press(&format!("q{before}"), user, data);
    let answers = shop.server.until_calls("answerCallbackQuery", before + 1).await;
    answers[before]["text"].as_str().map(str::to_owned)
}

#[tokio::test]
async fn what_is_offered_is_sold_once() {
    let shop = open().await;
    shop.server.says(ANN, "/shop");
    let offers = buttons(&shop, "sendMessage", 1).await;
    let texts: Vec<&str> = offers.iter().map(|(text, _)| text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "A mug for 9.90",
            "A pot for 24.90",
            "Black tea for 4.50",
            "· 1 ·",
            "2",
            "3"
        ]
    );

    assert_eq!(answer(&shop, ANN, &offers[5].1).await, None);
    let last = buttons(&shop, "editMessageText", 1).await;
    assert_eq!(last[0].0, "A tray for 18.90");

    assert_eq!(answer(&shop, ANN, &offers[0].1).await, None);
    let confirm = buttons(&shop, "editMessageText", 2).await;
    assert_eq!((&*confirm[0].0, &*confirm[1].0), ("Buy", "No"));

    let over = Some("This offer is over. Send /shop for a new one.".to_owned());
    assert_eq!(
        answer(&shop, ANN, &confirm[0].1).await,
        Some("It is yours.".to_owned())
    );
    assert_eq!(answer(&shop, ANN, &confirm[0].1).await, over);
    shop.run.stop().await;
    assert_eq!(shop.sales.all(), [(ANN, 0, 990)]);
}

#[tokio::test]
async fn an_offer_is_for_one_user_and_can_not_be_made_up() {
    let shop = open().await;
    shop.server.says(ANN, "/shop");
    let offers = buttons(&shop, "sendMessage", 1).await;
    let others = Some("This offer is somebody else's.".to_owned());
    assert_eq!(answer(&shop, BOB, &offers[0].1).await, others);

    // Whatever is changed in it, it is no offer any more.
    for at in offers[0].1.char_indices().map(|(at, _)| at).skip(1) {
        let (head, tail) = offers[0].1.split_at(at);
        let mut tail: Vec<char> = tail.chars().collect();
        tail[0] = if tail[0] == 'x' { 'y' } else { 'x' };
        let forged = format!("{head}{}", tail.into_iter().collect::<String>());
        let said = answer(&shop, ANN, &forged).await;
        assert!(
            said == others || said.as_deref() == Some("This button is out of date."),
            "{said:?}"
        );
    }

    // The second question is Ann's alone, too.
    assert_eq!(answer(&shop, ANN, &offers[1].1).await, None);
    let confirm = buttons(&shop, "editMessageText", 1).await;
    assert_eq!(answer(&shop, BOB, &confirm[0].1).await, others);
    assert_eq!(answer(&shop, ANN, &confirm[1].1).await, None);
    shop.run.stop().await;
    assert!(shop.sales.all().is_empty());
}
