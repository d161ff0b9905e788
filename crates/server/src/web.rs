//! The page: its files, built into the program.

use crate::bot_api;
use crate::http::{Body, full};
use hyper::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, ETAG, HeaderMap, HeaderName, HeaderValue, IF_NONE_MATCH,
    REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use hyper::{Response, StatusCode};
use ringback_world::Seed;

/// Everything the page loads comes from here, and nothing it shows can run.
const POLICY: &str = "default-src 'self'; img-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

struct File {
    name: &'static str,
    content: &'static [u8],
}

macro_rules! files {
    ($($name:literal)*) => {
        const FILES: &[File] = &[$(File { name: $name, content: include_bytes!(concat!("../web/", $name)) },)*];
    };
}

files! {
    "index.html"
    "connect.json"
    "api.js" "app.js" "composer.js" "connect.js" "conversation.js" "dialogs.js" "dom.js" "entities.js" "inspector.js" "journal.js"
    "keyboard.js" "message.js" "people.js" "rows.js" "store.js"
    "chat.css" "inspector.css" "style.css"
    "favicon.svg" "icons.svg"
}

/// Answers `GET` and `HEAD` of a path that is nobody else's.
pub(crate) fn serve(path: &str, headers: &HeaderMap) -> Response<Body> {
    let name = match path.strip_prefix('/') {
        Some("") => "index.html",
        Some(name) => name,
        None => "",
    };
    let Some(file) = FILES.iter().find(|file| file.name == name) else {
        return full(StatusCode::NOT_FOUND, "application/json", bot_api::NOT_FOUND);
    };
    let tag = format!("\"{:016x}\"", Seed(0).digest(file.content));
    let unchanged = headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .any(|tags| tags.to_str().is_ok_and(|tags| tags == "*" || tags.contains(&tag)));
    let mut response = if unchanged {
        full(StatusCode::NOT_MODIFIED, content_type(file.name), "")
    } else {
        full(StatusCode::OK, content_type(file.name), file.content)
    };
    let headers = response.headers_mut();
    // Asked again each time, so that a new version of the program shows its own page.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    );
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(ETAG, tag);
    }
    response
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, end)| end) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn every_file_of_the_page_is_built_in() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("web");
        let mut there: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        let mut built_in: Vec<_> = FILES.iter().map(|file| file.name.to_owned()).collect();
        there.sort();
        built_in.sort();
        assert_eq!(there, built_in);
    }

    /// What the page offers to copy is what the document says.
    #[test]
    fn the_lines_for_libraries_are_those_of_the_document() {
        let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/src/connect.md");
        let document = std::fs::read_to_string(document).unwrap();
        let lines: serde_json::Value = serde_json::from_str(include_str!("../web/connect.json")).unwrap();
        let mut rows = 0;
        for (kind, lines) in lines.as_object().unwrap() {
            for one in lines.as_array().unwrap() {
                let text = |name: &str| one[name].as_str().unwrap_or_default();
                let code = match text("line") {
                    "" => String::new(),
                    line => format!("`{line}`"),
                };
                let second = match text("for") {
                    "" => String::new(),
                    library => format!(" `{library}` |"),
                };
                let row = format!("| {} |{second} {code}{} |\n", text("library"), text("note"));
                assert!(document.contains(&row), "docs/src/connect.md has no row {row}");
                rows += 1;
                assert!(
                    kind != "sessions"
                        || crate::mtproto::Library::named(text("for")).is_some()
                            && text("line").contains("SESSION")
                );
            }
        }
        // Nor does the document know a library that the page does not.
        let tables = document
            .split("\n\n")
            .filter(|part| part.starts_with("| library |"));
        let told: usize = tables.map(|table| table.trim_end().lines().count() - 2).sum();
        assert_eq!(told, rows);
    }

    #[test]
    fn the_page_and_nothing_else() {
        let index = serve("/", &HeaderMap::new());
        assert_eq!(index.status(), StatusCode::OK);
        assert_eq!(index.headers()["content-type"], "text/html; charset=utf-8");
        assert!(
            index.headers()["content-security-policy"]
                .to_str()
                .unwrap()
                .starts_with("default-src 'self'")
        );
        let again = HeaderMap::from_iter([(IF_NONE_MATCH, index.headers()[ETAG].clone())]);
        assert_eq!(serve("/index.html", &again).status(), StatusCode::NOT_MODIFIED);
        assert_eq!(
            serve("/app.js", &again).headers()["content-type"],
            "text/javascript; charset=utf-8"
        );
        for none in ["/nothing", "/../Cargo.toml", "/index.html/", "//index.html", ""] {
            assert_eq!(
                serve(none, &HeaderMap::new()).status(),
                StatusCode::NOT_FOUND,
                "{none}"
            );
        }
    }
}
