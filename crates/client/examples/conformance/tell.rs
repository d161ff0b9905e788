//! What all sides share: telling a step, the control API, and waiting for an update.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ringback_client::tl::types;
use ringback_client::{Error, Message, PressError, Update, Updates};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

pub(crate) type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

const PATIENCE: Duration = Duration::from_secs(60);

const JSON: &str = "application/json";

static FAILED: AtomicBool = AtomicBool::new(false);

/// One step, told.
pub(crate) fn say(step: &str, ok: bool, about: &str) {
    if !ok {
        FAILED.store(true, Ordering::Relaxed);
    }
    println!(
        "{}",
        json!({"client": "ringback", "step": step, "ok": ok, "about": about})
    );
}

pub(crate) fn all_held() -> bool {
    !FAILED.load(Ordering::Relaxed)
}

pub(crate) fn variable(name: &str) -> Outcome<String> {
    Ok(std::env::var(name).map_err(|_| format!("{name} is not set"))?)
}

pub(crate) fn number(name: &str) -> Outcome<i64> {
    Ok(variable(name)?.parse()?)
}

/// The server's control API, for what neither a user nor a bot can do.
pub(crate) async fn control(method: &str, path: &str, body: &Value) -> Outcome<Value> {
    let url = variable("CONTROL")? + path;
    http(method, &url, JSON, body.to_string().as_bytes()).await
}

/// What a bot on the Bot API does meanwhile: the result.
pub(crate) async fn bot(method: &str, fields: &Value) -> Outcome<Value> {
    let url = variable("BOT_API")? + method;
    let mut answer = http("POST", &url, JSON, fields.to_string().as_bytes()).await?;
    Ok(answer["result"].take())
}

pub(crate) async fn http(method: &str, url: &str, kind: &str, body: &[u8]) -> Outcome<Value> {
    let rest = url.strip_prefix("http://").ok_or("this is no http address")?;
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let mut stream = TcpStream::connect(authority).await?;
    let head = format!(
        "{method} /{path} HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or("no answer")?;
    if !head.starts_with("HTTP/1.1 2") {
        // The path may have a bot's token in it.
        return Err(format!("{method}: {answer}").into());
    }
    Ok(serde_json::from_str(body).unwrap_or(Value::Null))
}

pub(crate) async fn faults(rules: Value) -> Outcome {
    control("PUT", "/faults", &json!({"faults": rules})).await?;
    Ok(())
}

/// The call must fail with this name, and for a press be the variant that has it.
pub(crate) fn refused<T>(step: &str, answer: Result<T, PressError>, code: i32, name: &str) {
    match answer {
        Err(error) => {
            let documented = !matches!(error, PressError::Client(_));
            let fits = (error.code(), error.name()) == (Some(code), Some(name));
            say(step, fits && documented, &format!("{error:?}"));
        }
        Ok(_) => say(step, false, "there is an answer"),
    }
}

/// The same for a call without errors of its own.
pub(crate) fn refused_call<T>(step: &str, answer: Result<T, Error>, name: &str) {
    match answer {
        Err(error) => {
            let fits = error.rpc().is_some_and(|rpc| rpc.message.starts_with(name));
            say(step, fits, &error.to_string());
        }
        Ok(_) => say(step, false, "there is an answer"),
    }
}

pub(crate) async fn within<T>(what: &str, work: impl Future<Output = T>) -> Outcome<T> {
    Ok(timeout(PATIENCE, work)
        .await
        .map_err(|_| format!("no {what} in time"))?)
}

/// The next incoming message; edits too, if `edits`.
pub(crate) async fn incoming(updates: &mut Updates, edits: bool) -> Outcome<Message> {
    loop {
        match within("message", updates.next()).await?? {
            Update::NewMessage(message) if !message.outgoing => return Ok(*message),
            Update::EditedMessage(message) if edits => return Ok(*message),
            _ => {}
        }
    }
}

/// The next update that `pick` wants.
pub(crate) async fn update<T>(
    updates: &mut Updates,
    pick: impl Fn(&types::Update) -> Option<T>,
) -> Outcome<T> {
    loop {
        if let Update::Other(update) = within("update", updates.next()).await??
            && let Some(found) = pick(&update)
        {
            return Ok(found);
        }
    }
}
