//! `/faults`: what is to go wrong with API calls.

use super::error::Failure;
use super::routes::distance;
use super::{Ask, Outcome, json};
use crate::app::App;
use ringback_world::calls::SetFaults;
use ringback_world::{Error, FaultRule};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

/// Longer delays than this would only look like a server that hangs.
const MAX_DELAY_MS: u64 = 600_000;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Faults {
    faults: Vec<Rule>,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
struct Rule {
    method: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error_code: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retry_after: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    delay_ms: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    times: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    probability: Option<f64>,
}

/// `GET /faults`: those that are still in force.
pub(super) fn read(app: &Arc<App>, _: &Ask) -> Outcome {
    let locked = app.hub.lock();
    json(&Faults {
        faults: locked.world().faults().iter().map(to_wire).collect(),
    })
}

/// `PUT /faults`: in place of all there were.
pub(super) fn replace(app: &Arc<App>, ask: &Ask) -> Outcome {
    let new: Faults = ask.body()?;
    let faults = new.faults.into_iter().map(from_wire).collect::<Result<_, _>>()?;
    app.hub.call(None, SetFaults { faults })?;
    read(app, ask)
}

/// `DELETE /faults`: nothing goes wrong any more.
pub(super) fn clear(app: &Arc<App>, ask: &Ask) -> Outcome {
    app.hub.call(None, SetFaults { faults: Vec::new() })?;
    read(app, ask)
}

fn from_wire(rule: Rule) -> Result<FaultRule, Failure> {
    let method = method(&rule.method)?;
    let code = rule
        .error_code
        .or(rule.retry_after.map(|_| 429))
        .or(rule.description.as_ref().map(|_| 400));
    if let Some(code) = code.filter(|code| !(400..=599).contains(code)) {
        return Err(Failure::bad_request(format!(
            "“error_code” is {code}, but an error has a code from 400 to 599"
        )));
    }
    if rule.retry_after.is_some() && code != Some(429) {
        return Err(Failure::bad_request(
            "“retry_after” goes with the error code 429 only",
        ));
    }
    if rule.delay_ms.is_some_and(|ms| ms > MAX_DELAY_MS) {
        return Err(Failure::bad_request(format!(
            "“delay_ms” may be up to {MAX_DELAY_MS}"
        )));
    }
    if code.is_none() && rule.delay_ms.is_none_or(|ms| ms == 0) {
        return Err(Failure::bad_request(
            "A fault needs an “error_code”, a “retry_after” or a “delay_ms”: this one does nothing",
        ));
    }
    let probability = rule.probability.unwrap_or(1.0);
    if !(0.0..=1.0).contains(&probability) {
        return Err(Failure::bad_request(format!(
            "“probability” is {probability}, but must be from 0 to 1"
        )));
    }
    let error = code.map(|code| {
        let retry_after = (code == 429).then(|| rule.retry_after.unwrap_or(1));
        let description = rule
            .description
            .unwrap_or_else(|| default_description(code, retry_after));
        Error::Fault {
            code,
            description,
            retry_after,
        }
    });
    Ok(FaultRule {
        method,
        error,
        delay: Duration::from_millis(rule.delay_ms.unwrap_or(0)),
        times: rule.times,
        per_mille: (probability * 1000.0).round() as u32,
        tried: 0,
    })
}

/// The method's name as Telegram writes it, or `*`.
fn method(name: &str) -> Result<String, Failure> {
    let methods = ringback_botapi::METHODS;
    if name == "*" {
        return Ok(name.to_owned());
    }
    if let Some(known) = methods.iter().find(|known| known.eq_ignore_ascii_case(name)) {
        return Ok((*known).to_owned());
    }
    // MTProto's calls have a group before their name.
    if is_mtproto(name) {
        return Ok(name.to_owned());
    }
    let closest = methods
        .iter()
        .min_by_key(|known| distance(known, name))
        .copied()
        .unwrap_or("*");
    Err(
        Failure::bad_request(format!("The Bot API has no method “{name}”"))
            .hint(format!("“{closest}” is close; “*” means every method.")),
    )
}

/// Whether this is the form of an MTProto call's name, as in `messages.sendMessage`.
fn is_mtproto(name: &str) -> bool {
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
    name.split_once('.')
        .is_some_and(|(group, call)| is_word(group) && is_word(call))
}

/// What Telegram says with such a code.
fn default_description(code: u16, retry_after: Option<u32>) -> String {
    let error = match (code, retry_after) {
        (429, Some(seconds)) => Error::Flood { seconds },
        (401, _) => Error::Unauthorized,
        (403, _) => Error::BotBlocked,
        (404, _) => return "Not Found".into(),
        (409, _) => Error::OtherGetUpdates,
        (502, _) => return "Bad Gateway".into(),
        (500.., _) => return "Internal Server Error: restart".into(),
        _ => return "Bad Request: fault".into(),
    };
    error.bot_api().description
}

fn to_wire(rule: &FaultRule) -> Rule {
    let error = rule.error.as_ref().map(Error::bot_api);
    Rule {
        method: rule.method.clone(),
        error_code: error.as_ref().map(|error| error.code),
        retry_after: error.as_ref().and_then(|error| error.retry_after),
        description: error.map(|error| error.description),
        delay_ms: u64::try_from(rule.delay.as_millis()).ok().filter(|ms| *ms > 0),
        times: rule.times,
        probability: (rule.per_mille < 1000).then(|| f64::from(rule.per_mille) / 1000.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        for (given, kept) in [
            (
                r#"{"method":"sendmessage","error_code":500}"#,
                r#"{"method":"sendMessage","error_code":500,"description":"Internal Server Error: restart"}"#,
            ),
            (
                r#"{"method":"*","retry_after":3,"times":2}"#,
                r#"{"method":"*","error_code":429,"description":"Too Many Requests: retry after 3","retry_after":3,"times":2}"#,
            ),
            (
                r#"{"method":"getUpdates","delay_ms":50,"probability":0.25}"#,
                r#"{"method":"getUpdates","delay_ms":50,"probability":0.25}"#,
            ),
        ] {
            let rule = from_wire(serde_json::from_str(given).unwrap()).unwrap();
            assert_eq!(serde_json::to_string(&to_wire(&rule)).unwrap(), kept);
            // What is shown can be given again.
            assert_eq!(from_wire(serde_json::from_str(kept).unwrap()).unwrap(), rule);
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for (bad, word) in [
            (r#"{"method":"sendMesage","error_code":500}"#, "no method"),
            (r#"{"method":"*"}"#, "does nothing"),
            (r#"{"method":"*","error_code":200}"#, "400 to 599"),
            (r#"{"method":"*","error_code":500,"retry_after":1}"#, "429 only"),
            (r#"{"method":"*","delay_ms":9999999}"#, "up to"),
            (r#"{"method":"*","delay_ms":1,"probability":1.5}"#, "from 0 to 1"),
        ] {
            let failure = from_wire(serde_json::from_str(bad).unwrap()).unwrap_err();
            assert!(failure.message.contains(word), "{bad}: {}", failure.message);
        }
    }
}
