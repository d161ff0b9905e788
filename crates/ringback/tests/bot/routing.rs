//! What is wrong with a router shows when it is checked.

use ringback::data::{CallbackData, Claim, DataError};
use ringback::{Bot, CallbackQuery, Outcome, Polling, Router, State};

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
