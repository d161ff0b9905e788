//! What is counted and measured, through the `metrics` facade. Without the feature `metrics` nothing is.
//!
//! | metric | |
//! |---|---|
//! | `ringback_updates_total{kind}` | updates taken up |
//! | `ringback_answers_total{by, via}` | queries answered, `by` the `handler` or the `fallback`, `via` a `call` or the webhook's `response` |
//! | `ringback_answer_seconds` | from an update's receipt to the moment its answer was taken |
//! | `ringback_fallbacks_total{reason}` | queries that the dispatcher answered |
//! | `ringback_answers_failed_total{reason}` | answers that did not get through: `refused` by the server, `unsent`, or `unconfirmed`: sent, and nobody knows |

use std::time::Duration;

use crate::dispatch::Reason;
use crate::error::Error;

#[cfg(feature = "metrics")]
pub(crate) fn update(kind: &'static str) {
    metrics::counter!("ringback_updates_total", "kind" => kind).increment(1);
}

#[cfg(feature = "metrics")]
pub(crate) fn answered(fallback: bool, via: &'static str, after: Duration) {
    let by = if fallback { "fallback" } else { "handler" };
    metrics::counter!("ringback_answers_total", "by" => by, "via" => via).increment(1);
    metrics::histogram!("ringback_answer_seconds").record(after.as_secs_f64());
}

#[cfg(feature = "metrics")]
pub(crate) fn fallback(reason: Reason) {
    let reason = match reason {
        Reason::Unclaimed => "unclaimed",
        Reason::Malformed => "malformed",
        Reason::Outdated => "outdated",
        Reason::Refused => "refused",
        Reason::Failed => "failed",
        Reason::Late => "late",
    };
    metrics::counter!("ringback_fallbacks_total", "reason" => reason).increment(1);
}

#[cfg(feature = "metrics")]
pub(crate) fn failed(error: &Error) {
    let reason = match error {
        error if error.is_uncertain() => "unconfirmed",
        Error::Api(_) => "refused",
        _ => "unsent",
    };
    metrics::counter!("ringback_answers_failed_total", "reason" => reason).increment(1);
}

#[cfg(not(feature = "metrics"))]
mod nothing {
    use super::{Duration, Error, Reason};

    pub(crate) fn update(_: &'static str) {}
    pub(crate) fn answered(_: bool, _: &'static str, _: Duration) {}
    pub(crate) fn fallback(_: Reason) {}
    pub(crate) fn failed(_: &Error) {}
}

#[cfg(not(feature = "metrics"))]
pub(crate) use nothing::{answered, failed, fallback, update};
