//! Writing results: for people or for programs.

use crate::args::Format;
use crate::failure::Failure;
use serde_json::json;
use std::io::Write as _;

/// Writes a result.
pub(crate) fn result(format: Format, value: &serde_json::Value, text: impl FnOnce() -> String) {
    let line = match format {
        Format::Json => value.to_string(),
        Format::Text => text(),
    };
    // Whoever closed the pipe has read enough.
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Writes why it failed and what to do.
pub(crate) fn failure(format: Format, failure: &Failure) {
    let hint = failure.hint();
    match format {
        Format::Json => {
            let mut error = json!({"message": failure.to_string(), "hint": hint});
            if let Some((code, name)) = failure.rpc() {
                error["code"] = code.into();
                error["name"] = name.into();
            }
            let _ = writeln!(std::io::stdout(), "{}", json!({"error": error}));
        }
        Format::Text => {
            let mut stderr = std::io::stderr();
            let _ = writeln!(stderr, "error: {failure}");
            if let Some(hint) = hint {
                let _ = writeln!(stderr, "  {hint}");
            }
        }
    }
}
