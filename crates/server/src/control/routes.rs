//! Every route of the control API, and which one a request means.

use super::{Ask, MAX_BODY, Outcome};
use super::{
    bots, chats, clock, events, faults, files, inline, messages, mtproto, openapi, presses, settings,
    snapshot, users,
};
use crate::app::App;
use std::pin::Pin;
use std::sync::Arc;

/// An answer that may take its time.
pub(super) type Later<'a> = Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>;

enum Run {
    Now(fn(&Arc<App>, &Ask) -> Outcome),
    Later(for<'a> fn(&'a Arc<App>, &'a Ask) -> Later<'a>),
}

/// One route: a method, a path with `{…}` where anything may stand, and who answers.
pub(super) struct Route {
    pub method: &'static str,
    pub path: &'static str,
    pub max_body: usize,
    run: Run,
}

impl Route {
    pub(super) async fn run(&self, app: &Arc<App>, ask: &Ask) -> Outcome {
        match self.run {
            Run::Now(run) => run(app, ask),
            Run::Later(run) => run(app, ask).await,
        }
    }
}

const fn now(method: &'static str, path: &'static str, run: fn(&Arc<App>, &Ask) -> Outcome) -> Route {
    Route {
        method,
        path,
        max_body: MAX_BODY,
        run: Run::Now(run),
    }
}

const fn later(
    method: &'static str,
    path: &'static str,
    run: for<'a> fn(&'a Arc<App>, &'a Ask) -> Later<'a>,
) -> Route {
    Route {
        method,
        path,
        max_body: MAX_BODY,
        run: Run::Later(run),
    }
}

/// All there are.
pub(super) static ROUTES: &[Route] = &[
    now("GET", "/openapi.json", openapi::document),
    now("POST", "/bots", bots::create),
    now("GET", "/bots", bots::list),
    now("POST", "/users", users::create),
    now("GET", "/users", users::list),
    now("GET", "/users/{id}", users::one),
    now("POST", "/users/{id}/block", users::block),
    now("POST", "/users/{id}/unblock", users::unblock),
    now("POST", "/users/{id}/sessions", mtproto::sessions),
    now("GET", "/users/{id}/login_code", mtproto::login_code),
    now("POST", "/chats", chats::create),
    now("GET", "/chats", chats::list),
    now("POST", "/chats/{id}/members", chats::add_member),
    now("DELETE", "/chats/{id}/members/{user}", chats::remove_member),
    now("POST", "/messages", messages::send),
    now("GET", "/messages", messages::list),
    now("POST", "/messages/edit", messages::edit),
    now("POST", "/messages/delete", messages::delete),
    later("POST", "/presses", presses::create),
    now("GET", "/presses/{id}", presses::one),
    later("POST", "/inline_queries", inline::ask),
    now("POST", "/inline_messages", inline::send),
    now("GET", "/files/{file_id}", files::one),
    now("GET", "/events", events::read),
    now("GET", "/clock", clock::read),
    later("POST", "/clock/advance", clock::advance),
    now("GET", "/faults", faults::read),
    now("PUT", "/faults", faults::replace),
    now("DELETE", "/faults", faults::clear),
    now("GET", "/snapshot", snapshot::read),
    Route {
        method: "PUT",
        path: "/snapshot",
        max_body: 64 * MAX_BODY,
        run: Run::Now(snapshot::replace),
    },
    now("POST", "/reset", snapshot::reset),
    now("GET", "/settings", settings::read),
    now("PATCH", "/settings", settings::change),
    now("GET", "/mtproto", mtproto::about),
];

/// Where a request leads.
pub(super) enum Found {
    /// There, with what stands in the places of `{…}`.
    Route(&'static Route, Vec<String>),
    /// The path is one, but only for these methods.
    OtherMethods(Vec<&'static str>),
    /// Nowhere; in words, what is close.
    Nothing(String),
}

pub(super) fn find(method: &str, path: &str) -> Found {
    let mut others = Vec::new();
    for route in ROUTES {
        if let Some(parts) = fits(route.path, path) {
            if route.method == method {
                return Found::Route(route, parts);
            }
            others.push(route.method);
        }
    }
    if others.is_empty() {
        Found::Nothing(closest(path))
    } else {
        Found::OtherMethods(others)
    }
}

/// What stands in the places of `{…}`, if the path has the pattern's form. A slash at the end does not matter.
fn fits(pattern: &str, path: &str) -> Option<Vec<String>> {
    let path = path.strip_suffix('/').unwrap_or(path);
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    let mut parts = Vec::new();
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(parts),
            (Some(place), Some(part)) if place.starts_with('{') && !part.is_empty() => {
                parts.push(unescape(part))
            }
            (Some(word), Some(part)) if word == part => {}
            _ => return None,
        }
    }
}

/// `%40` and the like. A `+` stays what it is.
fn unescape(part: &str) -> String {
    let pair = format!("x={}", part.replace('+', "%2B"));
    form_urlencoded::parse(pair.as_bytes())
        .next()
        .map_or_else(String::new, |(_, value)| value.into_owned())
}

fn closest(path: &str) -> String {
    let mut routes: Vec<_> = ROUTES
        .iter()
        .map(|route| (distance(route.path, path), route))
        .collect();
    routes.sort_by_key(|(distance, _)| *distance);
    let names: Vec<_> = routes
        .iter()
        .take(3)
        .map(|(_, route)| format!("{} {}", route.method, route.path))
        .collect();
    format!(
        "The closest are {}. GET /openapi.json lists all.",
        names.join(", ")
    )
}

/// How many letters differ (Levenshtein), of paths up to a sensible length.
pub(super) fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(64).enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let change = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_is_found_by_its_own_path() {
        for route in ROUTES {
            let path: String = route
                .path
                .replace("{id}", "7")
                .replace("{user}", "%40ann")
                .replace("{file_id}", "a+b");
            let Found::Route(found, parts) = find(route.method, &path) else {
                panic!("{path}")
            };
            assert!(std::ptr::eq(found, route), "{} {path}", route.method);
            assert_eq!(parts.len(), route.path.matches('{').count());
        }
        let Found::Route(_, parts) = find("DELETE", "/chats/-5/members/%40ann/") else {
            panic!()
        };
        assert_eq!(parts, ["-5", "@ann"]);
        let Found::Route(_, parts) = find("GET", "/files/a+b") else {
            panic!()
        };
        assert_eq!(parts, ["a+b"]);
    }

    #[test]
    fn what_is_not_there() {
        let Found::OtherMethods(methods) = find("PUT", "/bots") else {
            panic!()
        };
        assert_eq!(methods, ["POST", "GET"]);
        let Found::Nothing(close) = find("GET", "/bot") else {
            panic!()
        };
        assert!(close.contains("GET /bots"), "{close}");
        for path in ["", "/", "/users//block", "/nothing/at/all"] {
            assert!(matches!(find("GET", path), Found::Nothing(_)), "{path}");
        }
    }
}
