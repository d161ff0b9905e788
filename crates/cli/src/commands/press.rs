//! `ringback press`: a user presses a button.

use crate::args::{Format, Press};
use crate::control::Control;
use crate::failure::Failure;
use crate::output;
use serde_json::{Value, json};
use std::process::ExitCode;

pub(crate) async fn run(format: Format, args: Press) -> Result<ExitCode, Failure> {
    let control = Control::new(&args.url);
    let mut body = json!({"from": args.from, "chat": args.chat, "button": {"text": args.button}});
    if let Some(message) = args.message {
        body["message_id"] = message.into();
    }
    let press = control.post("/presses", body).await?;
    output::result(format, &press, || in_words(&press));
    Ok(match press["outcome"].as_str() {
        Some("answered" | "cached") => ExitCode::SUCCESS,
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
