//! Handlers that are chosen by where a conversation stands.

use ringback::data::Json;
use ringback::session::SessionData;
use ringback::{CallbackQuery, Dialogue, Error, Flow, Incoming, Outcome, Router, Sessions, filter};
use serde_json::json;

use crate::server::{Running, Server};
use crate::watched::Watched;

const ANN: i64 = 7;
const BOB: i64 = 8;

#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
enum SignUp {
    #[default]
    Nothing,
    Name,
    Age {
        name: String,
    },
    Sure {
        name: String,
        age: u8,
    },
}

impl SessionData for SignUp {
    const NAME: &'static str = "sign-up";
}

async fn begin(message: Incoming, mut dialogue: Dialogue<SignUp>) -> Result<(), Error> {
    dialogue.go(SignUp::Name);
    message.answer("Name?").await?;
    Ok(())
}

async fn name(message: Incoming, mut dialogue: Dialogue<SignUp>) -> Result<(), Error> {
    let name = message.text.clone().unwrap_or_default();
    message.answer(format!("Age, {name}?")).await?;
    dialogue.go(SignUp::Age { name });
    Ok(())
}

async fn age(message: Incoming, mut dialogue: Dialogue<SignUp>) -> Result<Flow, Error> {
    let Some(age) = message.text.as_deref().and_then(|text| text.parse().ok()) else {
        return Ok(Flow::Pass);
    };
    if let SignUp::Age { name } = dialogue.take() {
        dialogue.go(SignUp::Sure { name, age });
    }
    message.answer("Sure?").await?;
    Ok(Flow::Done)
}

async fn sure(query: CallbackQuery<Json<bool>>, mut dialogue: Dialogue<SignUp>) -> Outcome {
    let text = match dialogue.take() {
        SignUp::Sure { name, age } if query.data().0 => format!("{name}, {age}"),
        _ => "another time".to_owned(),
    };
    query.answer().text(text).await
}

async fn what(message: Incoming) -> Result<(), Error> {
    message.answer("What?").await?;
    Ok(())
}

fn router(store: &Watched) -> Router {
    Router::new()
        .command("signup", begin)
        .at(
            |state: &SignUp| matches!(state, SignUp::Name),
            Router::new().message(name),
        )
        .nest(
            filter::text(),
            Router::new().at(
                |state: &SignUp| matches!(state, SignUp::Age { .. }),
                Router::new().message(age),
            ),
        )
        .at(
            |state: &SignUp| matches!(state, SignUp::Sure { .. }),
            Router::new().callback(sure),
        )
        .message(what)
        .state(Sessions::new(store.clone()))
}

fn run(server: &Server, store: &Watched) -> Running {
    server.run(router(store), |polling| {
        polling.fallback(|reason, answer| answer.text(format!("{reason:?}")))
    })
}

/// What the bot says to this; it says one thing.
async fn says(server: &Server, user: i64, text: &str) -> String {
    let before = server.calls("sendMessage").len();
    server.says(user, text);
    let calls = server.until_calls("sendMessage", before + 1).await;
    assert_eq!(calls[before]["chat_id"], json!(user));
    calls[before]["text"].as_str().unwrap().to_owned()
}

async fn presses(server: &Server, user: i64, data: &str) -> String {
    let before = server.answers().len();
    server.press(&format!("q{before}"), user, data);
    let answers = server.until_calls("answerCallbackQuery", before + 1).await;
    answers[before]["text"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn each_user_is_led_through_and_a_restart_is_not_noticed() {
    let (server, store) = (Server::start().await, Watched::new());
    let bot = run(&server, &store);
    assert_eq!(says(&server, ANN, "hello").await, "What?");
    assert_eq!(says(&server, ANN, "/signup").await, "Name?");
    assert_eq!(says(&server, BOB, "Bob").await, "What?");
    assert_eq!(
        presses(&server, ANN, "true").await,
        "Unclaimed",
        "it is not her turn to press"
    );
    assert_eq!(says(&server, ANN, "Ann").await, "Age, Ann?");
    assert_eq!(says(&server, BOB, "/signup").await, "Name?");
    bot.stop().await;

    let bot = run(&server, &store);
    assert_eq!(
        says(&server, ANN, "many").await,
        "What?",
        "a handler that passes leaves the state"
    );
    assert_eq!(says(&server, ANN, "30").await, "Sure?");
    assert_eq!(says(&server, BOB, "Bob").await, "Age, Bob?");
    assert_eq!(presses(&server, BOB, "true").await, "Unclaimed");
    assert_eq!(presses(&server, ANN, "true").await, "Ann, 30");
    assert_eq!(presses(&server, ANN, "true").await, "Unclaimed", "it is over");
    assert_eq!(says(&server, ANN, "31").await, "What?");
    bot.stop().await;
    assert_eq!(store.text("session/42/sign-up/c7u7").await, None);
}

#[tokio::test]
async fn only_routes_that_ask_for_a_state_pay_for_it() {
    let (server, store) = (Server::start().await, Watched::new());
    let bot = run(&server, &store);
    assert_eq!(says(&server, ANN, "/signup").await, "Name?");
    assert_eq!(store.reads(), 1);
    // Three routes ask, the store is asked once.
    assert_eq!(says(&server, ANN, "Ann").await, "Age, Ann?");
    assert_eq!(store.reads(), 2);
    bot.stop().await;

    async fn any(query: CallbackQuery) -> Outcome {
        query.answer().text("any").await
    }
    let elsewhere = |_: &ringback::Context| false;
    let asking = Router::new().at(|_: &SignUp| true, Router::new().callback(any));
    let router = Router::new()
        .callback(any)
        .nest(elsewhere, asking)
        .state(Sessions::new(store.clone()));
    let bot = server.run(router, |polling| polling);
    assert_eq!(presses(&server, ANN, "x").await, "any");
    bot.stop().await;
    assert_eq!(store.reads(), 2);
}

#[tokio::test]
async fn a_state_that_is_no_more_is_the_first_one() {
    let (server, store) = (Server::start().await, Watched::new());
    store
        .put("session/42/sign-up/c7u7", r#"{"Email":{"name":"Ann"}}"#)
        .await;
    let bot = run(&server, &store);
    assert_eq!(says(&server, ANN, "ann@example.org").await, "What?");
    assert_eq!(says(&server, ANN, "/signup").await, "Name?");
    assert_eq!(says(&server, ANN, "Ann").await, "Age, Ann?");
    bot.stop().await;
    let kept = store.text("session/42/sign-up/c7u7").await;
    assert_eq!(kept.as_deref(), Some(r#"{"Age":{"name":"Ann"}}"#));
}
