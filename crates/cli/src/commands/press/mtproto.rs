//! Over MTProto, as a user's client does it.

use super::{find, in_words};
use crate::args::{Format, Press};
use crate::control::Control;
use crate::failure::Failure;
use crate::{account, output, terminal};
use ringback_client::{Answer, ButtonKind, Client, Press as Finger, PressError, Target};
use serde_json::{Value, json};
use std::process::ExitCode;
use std::time::{Duration, Instant};

pub(super) async fn run(format: Format, args: Press) -> Result<ExitCode, Failure> {
    let builder = Client::builder()
        .device("ringback press")
        .press_timeout(args.timeout);
    let client = match (&args.session, &args.from) {
        (Some(file), _) => account::of_file(format, file, &args.sign_in, &args.at.url, builder).await?,
        (None, from) => {
            let from = from.as_deref().unwrap_or_default();
            let control = Control::new(&args.at.url);
            let ready = account::local(&control, from, builder);
            terminal::waiting(format, "connecting", ready).await?
        }
    };
    let chat = find::chat(&client, &args.chat).await?;
    let message = find::message(&client, &chat, args.message).await?;
    let (finger, label, asks) = aim(&message, &args)?;
    let finger = if asks || args.password {
        finger.password(account::password().await?.as_str())
    } else {
        finger
    };
    let begun = Instant::now();
    let press = client.press(Target::from(&message), finger);
    let answer = terminal::waiting(format, "waiting for the bot", press).await;
    let elapsed = begun.elapsed();
    let answer = answer.map_err(|error| telling(error, &label))?;
    let told = told(&args.chat, message.id, &label, &answer, elapsed);
    output::result(format, &told, || in_words(&told));
    Ok(ExitCode::SUCCESS)
}

/// One press of the newest keyboard in a chat, by a user of a local Telegram.
pub(crate) async fn once(control: &Control, from: &str, chat: &str, label: &str) -> Result<Value, Failure> {
    let client = account::local(control, from, Client::builder().device("ringback")).await?;
    let chat_of = find::chat(&client, chat).await?;
    let message = find::message(&client, &chat_of, None).await?;
    let button = find::by_label(&message, label)?;
    let begun = Instant::now();
    let answer = client.press(Target::from(&message), Finger::button(button)).await;
    let elapsed = begun.elapsed();
    let answer = answer.map_err(|error| telling(error, label))?;
    Ok(told(chat, message.id, label, &answer, elapsed))
}

/// What is pressed, how it is called, and whether it wants the password.
fn aim(message: &ringback_client::Message, args: &Press) -> Result<(Finger, String, bool), Failure> {
    let button = match (&args.data, &args.button, args.row, args.column) {
        (Some(data), ..) => return Ok((Finger::data(data.as_bytes()), "this data".into(), false)),
        (_, Some(label), ..) => find::by_label(message, label)?,
        (_, _, Some(row), Some(column)) => find::by_place(message, row, column)?,
        _ => return Ok((Finger::game(), "the game".into(), false)),
    };
    let asks = matches!(
        button.kind,
        ButtonKind::Callback {
            requires_password: true,
            ..
        }
    );
    Ok((Finger::button(button), format!("“{}”", button.text), asks))
}

fn telling(error: PressError, label: &str) -> Failure {
    match error {
        PressError::NotACallback => Failure::NotThere {
            message: format!("{label} asks no bot when it is pressed"),
            hint: "it opens an address or does something else in the client itself: press another one".into(),
        },
        error => error.into(),
    }
}

/// The same fields as a press of the control API has.
fn told(chat: &str, message: i32, label: &str, answer: &Answer, elapsed: Duration) -> Value {
    json!({
        "outcome": "answered",
        "chat": chat,
        "message_id": message,
        "button": label,
        "answer": {
            "text": answer.text,
            "show_alert": answer.alert,
            "url": answer.url,
            "native_ui": answer.native_ui,
            "cache_time": answer.cache_time.as_secs(),
        },
        "elapsed_ms": u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
    })
}
