//! Who may ask: not any web page that happens to be open in a browser on this machine.

use super::error::Failure;
use crate::app::App;
use hyper::StatusCode;
use hyper::header::{HOST, HeaderMap, ORIGIN};
use std::net::IpAddr;

/// Refuses what a page of another origin sends. Programs send no `Origin`; browsers always do when a page
/// changes something. When it only reads from the address that it came from they do not, so the name of that counts, too.
pub(super) fn check(app: &App, headers: &HeaderMap) -> Result<(), Failure> {
    let loopback = app.addr.ip().is_loopback();
    let host = headers.get(HOST).map(|host| host.to_str().unwrap_or("?"));
    if host.is_some_and(|host| loopback && !is_of_this_machine(host)) {
        return Err(Failure::new(
            StatusCode::FORBIDDEN,
            "foreign_host",
            "A name that is not this machine's own may belong to anybody".to_owned(),
        )
        .hint(format!("Ask {}, or another address of this machine.", app.url())));
    }
    let Some(origin) = headers.get(ORIGIN) else {
        return Ok(());
    };
    let origin = origin.to_str().unwrap_or("?");
    if is_own(origin, host.unwrap_or_default()) {
        return Ok(());
    }
    let message = format!("A page of {origin} may not use this server");
    Err(
        Failure::new(StatusCode::FORBIDDEN, "foreign_origin", message).hint(format!(
            "Open {} in the browser, or leave the Origin header away.",
            app.url()
        )),
    )
}

/// Whether a page of `origin` came from here.
fn is_own(origin: &str, host: &str) -> bool {
    let same = ["http://", "https://"]
        .iter()
        .any(|scheme| origin.strip_prefix(scheme) == Some(host));
    same && !host.is_empty()
}

/// Whether a `Host` names this machine and cannot name another: anybody can let a name of theirs point to 127.0.0.1.
fn is_of_this_machine(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let name = name
        .trim_start_matches('[')
        .trim_end_matches(']')
        .to_ascii_lowercase();
    name.parse::<IpAddr>().is_ok() || name == "localhost" || name.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_own_pages() {
        for own in ["127.0.0.1:8081", "ringback:8081"] {
            assert!(is_own(&format!("http://{own}"), own), "{own}");
        }
        for (origin, host) in [
            ("http://evil.example", "127.0.0.1:8081"),
            ("http://127.0.0.1:3000", "127.0.0.1:8081"),
            ("null", "127.0.0.1:8081"),
            ("http://", ""),
            ("", ""),
        ] {
            assert!(!is_own(origin, host), "{origin} {host}");
        }
    }

    #[test]
    fn only_its_own_names() {
        for own in [
            "127.0.0.1:8081",
            "localhost:8081",
            "[::1]:8081",
            "[::1]",
            "demo.localhost",
            "127.0.0.1",
            "LocalHost",
        ] {
            assert!(is_of_this_machine(own), "{own}");
        }
        for other in [
            "evil.example:8081",
            "evil.example",
            "localhost.evil.example",
            "",
            "?",
            ":8081",
        ] {
            assert!(!is_of_this_machine(other), "{other}");
        }
    }
}
