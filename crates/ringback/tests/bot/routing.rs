//! What is wrong with a router shows when it is checked.

use ringback::data::{CallbackData, Claim, DataError, Json};
use ringback::{Bot, CallbackQuery, Outcome, Polling, Router, State};

use crate::server::Server;

struct Volume;
struct VolumeSet;

macro_rules! prefixed {
    ($type:ident, $prefix:literal) => {
        impl CallbackData for $type {
            const CLAIM: Claim = Claim::Prefix($prefix);

            fn decode(data: &str) -> Result<Option<Self>, DataError> {
                Ok(data.starts_with($prefix).then_some($type))
            }

            fn encode(&self) -> Result<String, DataError> {
                Ok($prefix.to_owned())
            }
        }
    };
}

prefixed!(Volume, "vol:");
prefixed!(VolumeSet, "vol:set:");

async fn volume(query: CallbackQuery<Volume>) -> Outcome {
    query.answer().await
}

async fn volume_set(query: CallbackQuery<VolumeSet>) -> Outcome {
    query.answer().await
}

async fn with_state(query: CallbackQuery, number: State<u64>) -> Outcome {
    query.answer().text(number.to_string()).await
}

fn build(router: Router) -> Result<Polling, ringback::BuildError> {
    Polling::new(Bot::new("1:a").unwrap(), router)
}

#[test]
fn two_types_can_not_claim_the_same_data() {
    let error = build(Router::new().callback(volume).callback(volume_set))
        .unwrap_err()
        .to_string();
    assert!(
        error.contains(
            r#"the prefix "vol:set:" of bot::routing::VolumeSet overlaps that of bot::routing::Volume"#
        ),
        "{error}"
    );
    // Handlers of one type are a chain.
    assert!(build(Router::new().callback(volume).callback(volume)).is_ok());
}

#[test]
fn a_state_that_nobody_gave_is_missed_at_once() {
    let error = build(Router::new().callback(with_state)).unwrap_err().to_string();
    assert!(error.contains("State<u64>"), "{error}");
    assert!(build(Router::new().callback(with_state).state(7_u64)).is_ok());
}

#[test]
fn a_command_that_nobody_can_write_is_missed_at_once() {
    async fn start(_: ringback::Incoming) {}
    for wrong in ["", "/", "turn up", "start@knob_bot", "start "] {
        let error = build(Router::new().command(wrong, start))
            .unwrap_err()
            .to_string();
        assert!(error.contains("a command is one word"), "{wrong:?}: {error}");
    }
    for right in ["start", "/start", "старт"] {
        assert!(build(Router::new().command(right, start)).is_ok(), "{right:?}");
    }
}

/// `#[handler]` looks at a handler and leaves it as it is: with extractors, patterns, a result, and for any type.
mod checked {
    use ringback::data::{Carried, Json};
    use ringback::{BoxError, CallbackQuery, Flow, Incoming, Outcome, Sender, State};

    #[ringback::handler]
    pub(super) async fn press(query: CallbackQuery<Json<u8>>, mut who: Sender) -> Result<Outcome, BoxError> {
        who.0.first_name.push('!');
        Ok(query.answer().text(who.first_name.clone()).await)
    }

    #[ringback::handler]
    pub(super) async fn any<D>(query: CallbackQuery<D>, _: State<u8>) -> Outcome
    where
        D: Carried + Sync + std::fmt::Debug,
    {
        let text = format!("{:?}", query.data());
        query.answer().text(text).await
    }

    #[ringback::handler]
    pub(super) async fn message(_: Incoming) -> Flow {
        Flow::Pass
    }
}

#[tokio::test]
async fn a_checked_handler_is_the_handler_that_it_was() {
    let server = Server::start().await;
    let router = Router::new()
        .callback(checked::press)
        .callback(checked::any::<Json<bool>>)
        .message(checked::message)
        .state(7_u8);
    let run = server.run(router, |polling| polling);
    server.press("1", 7, "5");
    server.press("2", 7, "true");
    server.says(7, "x");
    let answers = server.until_calls("answerCallbackQuery", 2).await;
    assert_eq!(
        (&answers[0]["text"], &answers[1]["text"]),
        (&"U7!".into(), &"Json(true)".into())
    );
    run.stop().await;
}
