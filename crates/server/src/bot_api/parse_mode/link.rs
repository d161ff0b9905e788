//! Links in texts.

use ringback_world::UserId;

use crate::bot_api::lenient::to_integer;

/// The user that `tg://user?id=…` names.
pub(crate) fn user(url: &str) -> Option<UserId> {
    let (host, query) = tg(url)?;
    if !host.eq_ignore_ascii_case("user") {
        return None;
    }
    let id = to_integer(query_value(query, "id")?);
    (id > 0).then_some(UserId(id))
}

/// The custom emoji that `tg://emoji?id=…` names.
pub(super) fn custom_emoji(url: &str) -> Result<i64, String> {
    let (host, query) = tg(url).ok_or("Custom emoji URL must have scheme tg")?;
    if !host.eq_ignore_ascii_case("emoji") {
        return Err("Custom emoji URL must have host \"emoji\"".to_owned());
    }
    let id = query_value(query, "id").ok_or("Custom emoji URL must have an emoji identifier")?;
    emoji_id(id)
}

/// The number of a custom emoji.
pub(super) fn emoji_id(text: &str) -> Result<i64, String> {
    let number: Option<i64> = text.parse().ok().filter(|id| *id != 0);
    number
        .filter(|id| id.to_string() == text)
        .ok_or_else(|| "Invalid custom emoji identifier specified".to_owned())
}

/// Host and query of a `tg:` link.
fn tg(url: &str) -> Option<(&str, &str)> {
    let rest = strip_scheme(url, "tg:")?;
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let rest = rest.split('#').next().unwrap_or_default();
    let (host, query) = rest.split_once('?').unwrap_or((rest, ""));
    Some((host.trim_end_matches('/'), query))
}

fn query_value<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

fn strip_scheme<'a>(url: &'a str, scheme: &str) -> Option<&'a str> {
    let (start, rest) = url.split_at_checked(scheme.len())?;
    start.eq_ignore_ascii_case(scheme).then_some(rest)
}

/// A link as messages hold it, with a scheme and a path; `None` if it cannot be opened.
pub(crate) fn checked(url: &str) -> Option<String> {
    let url = url.trim();
    for scheme in ["tg", "ton", "tonsite"] {
        if let Some(rest) = strip_scheme(url, scheme).and_then(|rest| rest.strip_prefix(':')) {
            let rest = rest.strip_prefix("//").unwrap_or(rest);
            let named = rest.starts_with(|c: char| c.is_ascii_alphanumeric());
            return (named && !rest.contains(char::is_whitespace)).then(|| format!("{scheme}://{rest}"));
        }
    }
    let (scheme, rest) = ["http", "https", "ftp"]
        .into_iter()
        .find_map(|scheme| {
            let rest = strip_scheme(url, scheme)?.strip_prefix("://")?;
            Some((scheme, rest))
        })
        .unwrap_or(("http", url));
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority.rsplit('@').next().unwrap_or_default();
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !host.ends_with(']') => (name, Some(port)),
        _ => (host, None),
    };
    let is_ip6 = name.starts_with('[') && name.ends_with(']');
    let bad = |c: char| c.is_whitespace() || c.is_control() || "\\<>\"`{}|^".contains(c);
    let port_ok = port.is_none_or(|port| port.parse().is_ok_and(|port: u16| port != 0));
    let dotted = name.contains('.') && !name.starts_with('.') && !name.contains("..");
    if !(dotted || is_ip6) || !port_ok || authority.contains(bad) || path.contains(char::is_whitespace) {
        return None;
    }
    let slash = if path.starts_with('/') { "" } else { "/" };
    Some(format!("{scheme}://{}{slash}{path}", authority.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_get_scheme_and_path() {
        for (url, expected) in [
            ("telegram.org", Some("http://telegram.org/")),
            ("https://telegram.dog?", Some("https://telegram.dog/?")),
            ("HTTP://Example.ORG:8080/A#b", Some("http://example.org:8080/A#b")),
            ("http://[::1]:80", Some("http://[::1]:80/")),
            ("tg:resolve?domain=x", Some("tg://resolve?domain=x")),
            ("asd", None),
            ("", None),
            ("http://", None),
            ("http://localhost/", None),
            ("javascript:alert(1)", None),
            ("a b.c", None),
            ("example.org:x", None),
            ("example.org:0", None),
            ("tg:", None),
        ] {
            assert_eq!(checked(url).as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn users_by_link() {
        for (url, expected) in [
            ("tg://user?id=123456", Some(123_456)),
            ("TG:User?x=1&id=7x", Some(7)),
            ("tg://user?id=0", None),
            ("tg://users?id=1", None),
            ("http://user?id=1", None),
            ("tg", None),
            ("тг", None),
        ] {
            assert_eq!(user(url), expected.map(UserId), "{url}");
        }
    }
}
