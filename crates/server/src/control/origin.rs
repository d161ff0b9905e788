//! Who may ask: not any web page that happens to be open in a browser on this machine.

use super::error::Failure;
use crate::app::App;
use hyper::StatusCode;
use hyper::header::{HOST, HeaderMap, ORIGIN};
use std::net::IpAddr;

/// Refuses what a page of another origin sends. Programs send no `Origin`; browsers always do when a page
/// changes something.
pub(super) fn check(app: &App, headers: &HeaderMap) -> Result<(), Failure> {
    let Some(origin) = headers.get(ORIGIN) else {
        return Ok(());
    };
    let origin = origin.to_str().unwrap_or("?");
    let host = headers
        .get(HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    if is_own(origin, host, app.addr.ip().is_loopback()) {
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

/// Whether a page of `origin` came from here. A name that is not this machine's own does not count on loopback:
/// anybody can let theirs point to 127.0.0.1.
fn is_own(origin: &str, host: &str, loopback: bool) -> bool {
    let same = ["http://", "https://"]
        .iter()
        .any(|scheme| origin.strip_prefix(scheme) == Some(host));
    if !same || host.is_empty() {
        return false;
    }
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let name = name.trim_start_matches('[').trim_end_matches(']');
    !loopback || name.parse::<IpAddr>().is_ok() || name == "localhost" || name.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_own_pages() {
        for own in [
            "127.0.0.1:8081",
            "localhost:8081",
            "[::1]:8081",
            "demo.localhost",
            "127.0.0.1",
        ] {
            assert!(is_own(&format!("http://{own}"), own, true), "{own}");
        }
        for (origin, host) in [
            ("http://evil.example", "127.0.0.1:8081"),
            ("http://evil.example:8081", "evil.example:8081"),
            ("http://127.0.0.1:3000", "127.0.0.1:8081"),
            ("null", "127.0.0.1:8081"),
            ("http://", ""),
            ("", ""),
        ] {
            assert!(!is_own(origin, host, true), "{origin} {host}");
        }
        assert!(is_own("http://ringback:8081", "ringback:8081", false));
    }
}
