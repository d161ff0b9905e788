//! Presses whose data is sealed, stored, or of another time.

use std::time::Duration;

use ringback::data::{CallbackData, Carried, Claim, Codec, DataError, Keys, Read, Reading, Stash, to_data};
use ringback::store::{Store, StoreFuture, When};
use ringback::{Bot, CallbackQuery, Outcome, Polling, Reason, Router};
use serde_json::json;

use crate::server::{Running, Server};

const ANN: i64 = 7;
const BOB: i64 = 8;

#[derive(CallbackData, Debug)]
#[callback_data(prefix = "$", codec = "sealed", bind(user, chat))]
struct Buy {
    cents: u32,
}

#[derive(CallbackData, Debug)]
#[callback_data(prefix = "&", codec = "stored", bind(user))]
struct Transfer {
    to: String,
    notes: Vec<String>,
}

#[derive(CallbackData, Debug)]
#[callback_data(prefix = "page", version = 2)]
struct Page(u8);

async fn buy(query: CallbackQuery<Buy>) -> Outcome {
    let text = format!("sold for {}", query.data().cents);
    query.answer().text(text).await
}

async fn pass(query: CallbackQuery<Transfer>) -> Outcome {
    query.pass()
}

async fn transfer(query: CallbackQuery<Transfer>) -> Outcome {
    let text = format!("sent to {}", query.data().to);
    query.answer().text(text).await
}

fn run(server: &Server, router: Router) -> Running {
    server.run(router, |polling| {
        polling
            .on_error(async |_| {})
            .fallback(|reason, answer| match reason {
                Reason::Refused => answer.text("refused"),
                Reason::Outdated => answer.text("outdated"),
                Reason::Malformed => answer.text("malformed"),
                _ => answer.text("other"),
            })
    })
}

/// Presses one after the other; what each is answered with.
async fn press(server: &Server, presses: &[(i64, &str)]) -> Vec<String> {
    let mut texts = Vec::new();
    for (user, data) in presses {
        let before = server.answers().len();
        server.press(&format!("q{before}"), *user, data);
        let answers = server.until_calls("answerCallbackQuery", before + 1).await;
        texts.push(answers[before]["text"].as_str().unwrap_or_default().to_owned());
    }
    texts
}

#[tokio::test]
async fn a_sealed_button_works_for_its_user_in_its_chat() {
    let server = Server::start().await;
    let keys = Keys::new(&[1; 32]).unwrap();
    // In these tests a user presses in a private chat, which has the user's id.
    let own = to_data(&keys.seal(&Buy { cents: 990 }).user(ANN).chat(ANN)).unwrap();
    let elsewhere = to_data(&keys.seal(&Buy { cents: 990 }).user(ANN).chat(-1)).unwrap();
    let forged = to_data(
        &Keys::new(&[2; 32])
            .unwrap()
            .seal(&Buy { cents: 1 })
            .user(ANN)
            .chat(ANN),
    )
    .unwrap();
    let run = run(&server, Router::new().callback(buy).state(keys));
    let texts = press(
        &server,
        &[
            (ANN, &own),
            (BOB, &own),
            (ANN, &elsewhere),
            (ANN, &forged),
            (ANN, "$\0"),
            (ANN, "$"),
        ],
    )
    .await;
    run.stop().await;
    assert_eq!(
        texts,
        [
            "sold for 990",
            "refused",
            "refused",
            "refused",
            "malformed",
            "refused"
        ]
    );
}

#[tokio::test]
async fn a_stored_value_is_used_once_by_its_user() {
    let server = Server::start().await;
    let stash = Stash::memory(100);
    let value = Transfer {
        to: "Bob".into(),
        notes: vec!["much longer than a button".repeat(50); 3],
    };
    let once = to_data(&stash.put(&value).user(ANN).once().await.unwrap()).unwrap();
    let often = to_data(&stash.put(&value).user(ANN).await.unwrap()).unwrap();
    assert!(once != often && once.len() == 1 + 18);
    // A handler that passes it on does not use it up.
    let run = run(
        &server,
        Router::new().callback(pass).callback(transfer).state(stash),
    );
    let mut unknown = often.clone();
    unknown.truncate(often.len() - often.chars().last().map_or(0, char::len_utf8));
    let texts = press(
        &server,
        &[
            (BOB, &once),
            (ANN, &once),
            (ANN, &once),
            (ANN, &often),
            (ANN, &often),
            (BOB, &often),
        ],
    )
    .await;
    assert_eq!(
        texts,
        [
            "refused",
            "sent to Bob",
            "outdated",
            "sent to Bob",
            "sent to Bob",
            "refused"
        ]
    );
    let texts = press(&server, &[(ANN, "&"), (ANN, "&x"), (ANN, &unknown)]).await;
    assert_eq!(texts, ["malformed"; 3]);
    run.stop().await;
}

#[tokio::test]
async fn a_stored_value_expires() {
    let server = Server::start().await;
    let stash = Stash::memory(100);
    let value = Transfer {
        to: "Bob".into(),
        notes: vec![],
    };
    let put = stash.put(&value).user(ANN).keep(Duration::ZERO);
    let data = to_data(&put.await.unwrap()).unwrap();
    assert!(stash.put(&value).await.is_err(), "it is bound to nobody");
    let run = run(&server, Router::new().callback(transfer).state(stash));
    assert_eq!(press(&server, &[(ANN, &data)]).await, ["outdated"]);
    run.stop().await;
}

#[tokio::test]
async fn an_old_button_says_so_to_the_dispatcher_or_to_the_handler() {
    async fn page(query: CallbackQuery<Page>) -> Outcome {
        let text = query.data().0.to_string();
        query.answer().text(text).await
    }
    async fn any_page(query: CallbackQuery<Result<Page, DataError>>) -> Outcome {
        let text = match query.data() {
            Ok(page) => page.0.to_string(),
            Err(DataError::Outdated(_)) => "send /list again".to_owned(),
            Err(_) => "what?".to_owned(),
        };
        query.answer().text(text).await
    }
    let presses = [
        (ANN, "page~2:7"),
        (ANN, "page:7"),
        (ANN, "page~2:x"),
        (ANN, "pager:7"),
    ];

    let server = Server::start().await;
    let running = run(&server, Router::new().callback(page));
    assert_eq!(
        press(&server, &presses).await,
        ["7", "outdated", "malformed", "other"]
    );
    running.stop().await;

    let server = Server::start().await;
    let running = run(&server, Router::new().callback(any_page));
    assert_eq!(
        press(&server, &presses).await,
        ["7", "send /list again", "what?", "other"]
    );
    running.stop().await;
}

#[test]
fn keys_and_stores_are_missed_when_the_router_is_built() {
    let build = |router| Polling::new(Bot::new("1:a").unwrap(), router).map(drop);
    let error = build(Router::new().callback(buy)).unwrap_err().to_string();
    assert!(error.contains("Keys"), "{error}");
    let error = build(Router::new().callback(transfer)).unwrap_err().to_string();
    assert!(error.contains("Stash"), "{error}");
}

/// A store that can't be reached.
struct Down;

impl Store for Down {
    fn get<'a>(&'a self, _: &'a str) -> StoreFuture<'a, Option<Vec<u8>>> {
        Box::pin(async {
            tokio::task::yield_now().await;
            Err("down".into())
        })
    }

    fn set<'a>(&'a self, _: &'a str, _: &'a [u8], _: Option<Duration>, _: When<'a>) -> StoreFuture<'a, bool> {
        Box::pin(async { Err("down".into()) })
    }

    fn remove<'a>(&'a self, _: &'a str, _: Option<&'a [u8]>) -> StoreFuture<'a, bool> {
        Box::pin(async { panic!("nothing was found that could be removed") })
    }
}

#[tokio::test]
async fn a_store_that_is_down_is_no_old_button() {
    let server = Server::start().await;
    let stash = Stash::memory(1);
    let value = Transfer {
        to: "Bob".into(),
        notes: vec![],
    };
    let data = to_data(&stash.put(&value).user(ANN).await.unwrap()).unwrap();
    let down = Stash::new(Down);
    assert!(matches!(
        down.put(&value).user(ANN).await,
        Err(DataError::Unavailable(_))
    ));
    let run = run(&server, Router::new().callback(transfer).state(down));
    server.press("1", ANN, &data);
    let answers = server.until_calls("answerCallbackQuery", 1).await;
    assert_eq!(answers[0], json!({"callback_query_id": "1", "text": "other"}));
    run.stop().await;
}

/// A codec of one's own: `own:7` is for the user 7.
struct Own;

struct OwnButton(String);

impl Codec<OwnButton> for Own {
    const CLAIM: Claim = Claim::Prefix("own:");

    fn read(data: &str, press: &Reading<'_>) -> Read<OwnButton> {
        Read::Now(match data == format!("own:{}", press.user()) {
            true => Ok(Some(OwnButton(format!(
                "{:?} {}",
                press.chat(),
                press.query_id()
            )))),
            false => Err(DataError::Refused("another user's")),
        })
    }
}

impl Carried for OwnButton {
    type Codec = Own;
}

#[tokio::test]
async fn a_codec_can_be_anybodys() {
    async fn own(query: CallbackQuery<OwnButton>) -> Outcome {
        let text = query.data().0.clone();
        query.answer().text(text).await
    }
    let server = Server::start().await;
    let run = run(&server, Router::new().callback(own));
    let texts = press(&server, &[(ANN, "own:7"), (BOB, "own:7")]).await;
    run.stop().await;
    assert_eq!(texts, ["Some(7) q0", "refused"]);
}
