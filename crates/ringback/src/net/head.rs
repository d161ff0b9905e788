//! The head of a response.

use std::mem::MaybeUninit;

use crate::error::BoxError;

/// More headers than any server or proxy sends.
const HEADERS: usize = 64;

pub(super) struct Head {
    pub(super) status: u16,
    pub(super) framing: Framing,
    pub(super) keep_alive: bool,
    /// How many bytes it is.
    pub(super) length: usize,
}

/// Where the body ends.
#[derive(Debug, PartialEq)]
pub(super) enum Framing {
    Length(usize),
    Chunked,
    UntilClosed,
}

impl Head {
    /// `None` if there is more to come.
    pub(super) fn parse(bytes: &[u8]) -> Result<Option<Head>, BoxError> {
        let mut headers = [MaybeUninit::uninit(); HEADERS];
        let mut response = httparse::Response::new(&mut []);
        let parser = httparse::ParserConfig::default();
        let parsed = parser.parse_response_with_uninit_headers(&mut response, bytes, &mut headers)?;
        let httparse::Status::Complete(length) = parsed else {
            return Ok(None);
        };
        let status = response.code.unwrap_or_default();
        let mut keep_alive = response.version == Some(1);
        let (mut sized, mut chunked) = (None, false);
        for header in response.headers.iter() {
            let name = header.name;
            if name.eq_ignore_ascii_case("content-length") {
                let text = std::str::from_utf8(header.value)?.trim();
                let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
                let value: usize = text.parse()?;
                if !digits || sized.is_some_and(|sized| sized != value) {
                    return Err("the response's length is malformed".into());
                }
                sized = Some(value);
            } else if name.eq_ignore_ascii_case("transfer-encoding") {
                if !header.value.eq_ignore_ascii_case(b"chunked") {
                    return Err("the response has an encoding that was not asked for".into());
                }
                chunked = true;
            } else if name.eq_ignore_ascii_case("connection") {
                let has = |word: &[u8]| {
                    header
                        .value
                        .split(|byte| *byte == b',')
                        .any(|part| part.trim_ascii().eq_ignore_ascii_case(word))
                };
                keep_alive = !has(b"close") && (keep_alive || has(b"keep-alive"));
            }
        }
        let framing = match (status, chunked, sized) {
            (100..200 | 204 | 304, ..) => Framing::Length(0),
            // Both at once is how requests are smuggled; such a connection is not used again.
            (_, true, Some(_)) => return Err("the response has two lengths".into()),
            (_, true, None) => Framing::Chunked,
            (_, false, Some(length)) => Framing::Length(length),
            (_, false, None) => Framing::UntilClosed,
        };
        Ok(Some(Head {
            status,
            framing,
            keep_alive,
            length,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Option<Head>, BoxError> {
        Head::parse(text.replace('\n', "\r\n").as_bytes())
    }

    #[test]
    fn heads_say_where_the_body_ends() {
        for (text, framing, keep_alive) in [
            (
                "HTTP/1.1 200 OK\ncontent-length: 5\n\nhello",
                Framing::Length(5),
                true,
            ),
            (
                "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n",
                Framing::Chunked,
                true,
            ),
            (
                "HTTP/1.1 200 OK\nConnection: x, Close\n\n",
                Framing::UntilClosed,
                false,
            ),
            (
                "HTTP/1.0 200 OK\nContent-Length: 0\n\n",
                Framing::Length(0),
                false,
            ),
            (
                "HTTP/1.0 200 OK\nContent-Length: 0\nconnection: Keep-Alive\n\n",
                Framing::Length(0),
                true,
            ),
            ("HTTP/1.1 204 No Content\n\n", Framing::Length(0), true),
        ] {
            let head = parse(text).unwrap().unwrap();
            assert_eq!((head.framing, head.keep_alive), (framing, keep_alive), "{text}");
        }
    }

    #[test]
    fn what_is_not_http_is_refused() {
        assert!(parse("HTTP/1.1 200 OK\ncontent-le").unwrap().is_none());
        for bad in [
            "SSH-2.0-x\n\n",
            "HTTP/1.1 200 OK\ncontent-length: 5\ncontent-length: 6\n\n",
            "HTTP/1.1 200 OK\ncontent-length: -1\n\n",
            "HTTP/1.1 200 OK\ncontent-length: +1\n\n",
            "HTTP/1.1 200 OK\ncontent-length: 1\ntransfer-encoding: chunked\n\n",
            "HTTP/1.1 200 OK\ntransfer-encoding: gzip\n\n",
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
