//! The head of a request to the ready server.

use std::mem::MaybeUninit;

use http::StatusCode;

use super::service::SECRET;

/// More headers than any proxy adds.
const HEADERS: usize = 64;
/// The largest head.
const MAX_HEAD: usize = 16 * 1024;

#[derive(Debug)]
pub(super) struct Head<'a> {
    /// Without what stands behind `?`.
    pub(super) path: &'a str,
    pub(super) is_post: bool,
    pub(super) secret: Option<&'a [u8]>,
    pub(super) framing: Framing,
    pub(super) keep_alive: bool,
    pub(super) expects_continue: bool,
    /// How many bytes it is.
    pub(super) length: usize,
}

/// Where the body ends.
#[derive(Debug, PartialEq)]
pub(super) enum Framing {
    Length(usize),
    Chunked,
}

impl<'a> Head<'a> {
    /// `None` if there is more to come; a status if the request is to be refused.
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Option<Self>, StatusCode> {
        let mut headers = [MaybeUninit::uninit(); HEADERS];
        let mut request = httparse::Request::new(&mut []);
        let length = match request.parse_with_uninit_headers(bytes, &mut headers) {
            Ok(httparse::Status::Complete(length)) => length,
            Ok(httparse::Status::Partial) if bytes.len() <= MAX_HEAD => return Ok(None),
            Ok(httparse::Status::Partial) | Err(httparse::Error::TooManyHeaders) => {
                return Err(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
            }
            Err(_) => return Err(StatusCode::BAD_REQUEST),
        };
        let path = request.path.unwrap_or_default();
        let path = path.split(['?', '#']).next().unwrap_or(path);
        let mut head = Head {
            path,
            is_post: request.method == Some("POST"),
            secret: None,
            framing: Framing::Length(0),
            keep_alive: request.version == Some(1),
            expects_continue: false,
            length,
        };
        let (mut sized, mut chunked) = (None, false);
        for header in request.headers.iter() {
            let (name, value) = (header.name, header.value);
            if name.eq_ignore_ascii_case("content-length") {
                let digits = !value.is_empty() && value.iter().all(u8::is_ascii_digit);
                let text = std::str::from_utf8(value).unwrap_or_default();
                let value: usize = text.parse().map_err(|_| StatusCode::BAD_REQUEST)?;
                if !digits || sized.is_some() {
                    return Err(StatusCode::BAD_REQUEST);
                }
                sized = Some(value);
            } else if name.eq_ignore_ascii_case("transfer-encoding") {
                if chunked || !value.eq_ignore_ascii_case(b"chunked") {
                    return Err(StatusCode::NOT_IMPLEMENTED);
                }
                chunked = true;
            } else if name.eq_ignore_ascii_case(SECRET) {
                head.secret = Some(value);
            } else if name.eq_ignore_ascii_case("connection") {
                let has = |word: &[u8]| {
                    let mut parts = value.split(|byte| *byte == b',');
                    parts.any(|part| part.trim_ascii().eq_ignore_ascii_case(word))
                };
                head.keep_alive = !has(b"close") && (head.keep_alive || has(b"keep-alive"));
            } else if name.eq_ignore_ascii_case("expect") {
                head.expects_continue = value.eq_ignore_ascii_case(b"100-continue");
            }
        }
        head.framing = match (chunked, sized) {
            // Both at once is how a request is hidden in another's body.
            (true, Some(_)) => return Err(StatusCode::BAD_REQUEST),
            (true, None) => Framing::Chunked,
            (false, sized) => Framing::Length(sized.unwrap_or(0)),
        };
        Ok(Some(head))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crlf(text: &str) -> Vec<u8> {
        text.replace('\n', "\r\n").into_bytes()
    }

    #[test]
    fn requests_are_told_apart() {
        let text =
            "POST /hook?x HTTP/1.1\nHost: a\nContent-Length: 5\nX-Telegram-Bot-Api-Secret-Token: s\n\nhello";
        let request = crlf(text);
        let head = Head::parse(&request).unwrap().unwrap();
        assert_eq!((head.path, head.is_post, head.keep_alive), ("/hook", true, true));
        assert_eq!((head.secret, head.framing), (Some(&b"s"[..]), Framing::Length(5)));
        let request = crlf("POST / HTTP/1.0\nTransfer-Encoding: chunked\n\n");
        let head = Head::parse(&request).unwrap().unwrap();
        assert_eq!((head.framing, head.keep_alive), (Framing::Chunked, false));
        assert!(Head::parse(b"POST / HTTP/1.1\r\nHost").unwrap().is_none());
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_refused() {
        for head in [
            "Content-Length: 5\nContent-Length: 5",
            "Content-Length: +5",
            "Content-Length: 5\nTransfer-Encoding: chunked",
            "Transfer-Encoding: gzip, chunked",
            "Content-Length:",
            " Content-Length: 5",
        ] {
            let request = crlf(&format!("POST / HTTP/1.1\n{head}\n\n"));
            assert!(Head::parse(&request).is_err(), "{head}");
        }
        assert!(Head::parse(&[b'a'; MAX_HEAD + 1]).is_err());
        assert!(Head::parse(b"SSH-2.0\r\n\r\n").is_err());
    }
}
