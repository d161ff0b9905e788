//! Finds single fields in requests, which may be JSON, urlencoded or multipart: reading them properly would cost more
//! than the bots under test do. Good for the short plain values that are looked for here, and for nothing else.

use memchr::memmem;

/// The bytes from a field's value on.
fn value<'a>(body: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let name = name.as_bytes();
    for at in memmem::find_iter(body, name) {
        let (before, after) = (&body[..at], &body[at + name.len()..]);
        match (before.last(), after.first()) {
            (None | Some(b'&'), Some(b'=')) => return Some(&after[1..]),
            (Some(b'"'), Some(b'"')) => {
                let after = &after[1..];
                match after.trim_ascii_start().strip_prefix(b":") {
                    Some(value) => return Some(value.trim_ascii_start()),
                    // name="…" in a part's head, which ends with an empty line
                    None => return memmem::find(after, b"\r\n\r\n").map(|end| &after[end + 4..]),
                }
            }
            // The same without quotes.
            (Some(b'='), Some(b'\r' | b';')) => {
                return memmem::find(after, b"\r\n\r\n").map(|end| &after[end + 4..]);
            }
            _ => {}
        }
    }
    None
}

pub(crate) fn number(body: &[u8], name: &str) -> Option<i64> {
    let value = value(body, name)?;
    let value = value.strip_prefix(b"\"").unwrap_or(value);
    let value = value.strip_prefix(b"%22").unwrap_or(value);
    let length = value
        .iter()
        .enumerate()
        .take_while(|&(at, byte)| byte.is_ascii_digit() || (at == 0 && *byte == b'-'))
        .count();
    std::str::from_utf8(&value[..length]).ok()?.parse().ok()
}

pub(crate) fn text(body: &[u8], name: &str) -> Option<String> {
    let value = value(body, name)?;
    let (value, end): (_, &[u8]) = if let Some(quoted) = value.strip_prefix(b"\"") {
        (quoted, b"\"")
    } else if body.starts_with(b"--") {
        (value, b"\r\n")
    } else {
        (value, b"&")
    };
    let length = memmem::find(value, end).unwrap_or(value.len());
    let text = String::from_utf8_lossy(&value[..length]);
    Some(text.replace("%3A", ":").replace("%2F", "/").replace("\\/", "/"))
}

/// The number in `Volume <n>`, which every bot under test answers.
pub(crate) fn volume(body: &[u8]) -> Option<u32> {
    let rest = &body[memmem::find(body, b"Volume")? + b"Volume".len()..];
    let space: [&[u8]; 3] = [b" ", b"+", b"%20"];
    let rest = space.into_iter().find_map(|space| rest.strip_prefix(space))?;
    let length = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    std::str::from_utf8(&rest[..length]).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding() {
        let id = 4_380_000_000_012_000_036;
        for body in [
            format!(r#"{{"callback_query_id":"{id}","text":"Volume 17"}}"#),
            format!(r#"{{"text": "Volume 17", "callback_query_id": "{id}"}}"#),
            format!("callback_query_id={id}&text=Volume+17"),
            format!("text=Volume%2017&callback_query_id={id}"),
            format!(
                "--b\r\nContent-Disposition: form-data; name=\"callback_query_id\"\r\nContent-Length: 19\r\n\r\n{id}\r\n\
                 --b\r\nContent-Disposition: form-data; name=text\r\n\r\nVolume 17\r\n--b--\r\n"
            ),
            format!(
                "--b\r\nContent-Disposition: form-data; name=\"callback_query_id\"\r\n\r\n{id}\r\n\
                 --b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nVolume 17\r\n--b--\r\n"
            ),
        ] {
            assert_eq!(number(body.as_bytes(), "callback_query_id"), Some(id), "{body}");
            assert_eq!(volume(body.as_bytes()), Some(17), "{body}");
        }
        assert_eq!(number(br#"{"offset":-1,"timeout":30}"#, "offset"), Some(-1));
        assert_eq!(
            number(b"timeout=30&offset=700000001", "offset"),
            Some(700_000_001)
        );
        assert_eq!(number(b"timeout=30", "offset"), None);
        assert_eq!(volume(b"text=Volume"), None);
    }

    #[test]
    fn texts() {
        let json = br#"{"url":"https:\/\/127.0.0.1:1\/hook","secret_token":"abc"}"#;
        assert_eq!(text(json, "url").as_deref(), Some("https://127.0.0.1:1/hook"));
        assert_eq!(text(json, "secret_token").as_deref(), Some("abc"));
        let form = b"url=https%3A%2F%2F127.0.0.1%3A1%2Fhook&secret_token=abc";
        assert_eq!(text(form, "url").as_deref(), Some("https://127.0.0.1:1/hook"));
        assert_eq!(text(form, "secret_token").as_deref(), Some("abc"));
    }
}
