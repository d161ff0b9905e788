//! Through the control API of a local Telegram.

use crate::account;
use crate::args::{Format, Press};
use crate::control::Control;
use crate::failure::{Failure, NO_ANSWER};
use crate::{output, terminal};
use serde_json::{Value, json};
use std::process::ExitCode;

pub(super) async fn run(format: Format, args: Press) -> Result<ExitCode, Failure> {
    let control = Control::new(&args.at.url);
    let button = match (&args.button, &args.data, args.row, args.column) {
        (Some(text), ..) => json!({"text": text}),
        (_, Some(data), ..) => json!({"data": data}),
        (_, _, Some(row), Some(column)) => json!({"row": row, "column": column}),
        _ => json!({"game": true}),
    };
    let mut body = json!({"from": args.from, "chat": args.chat, "button": button});
    if let Some(message) = args.message {
        body["message_id"] = message.into();
    }
    if args.password {
        body["password"] = account::password().await?.as_str().into();
    }
    let press = terminal::waiting(format, "waiting for the bot", control.post("/presses", body)).await?;
    output::result(format, &press, || in_words(&press));
    Ok(match press["outcome"].as_str() {
        Some("answered" | "cached") => ExitCode::SUCCESS,
        Some("timeout") => NO_ANSWER.into(),
        _ => ExitCode::FAILURE,
    })
}

/// What came of a press, in a line.
pub(crate) fn in_words(press: &Value) -> String {
    let after = format!("after {} ms", press["elapsed_ms"]);
    let answer = &press["answer"];
    let said = match (answer["text"].as_str(), answer["url"].as_str()) {
        (Some(text), _) if answer["show_alert"] == true => format!("alert {text:?}"),
        (Some(text), _) => format!("{text:?}"),
        (None, Some(url)) => format!("opens {url}"),
        (None, None) => "without a word".into(),
    };
    match press["outcome"].as_str() {
        Some("answered") => format!("answered {after}: {said}"),
        Some("cached") => format!("answered from the cache: {said}"),
        Some("timeout") => format!("no answer {after}"),
        _ => format!("refused: {}", press["error"]["message"].as_str().unwrap_or("?")),
    }
}
