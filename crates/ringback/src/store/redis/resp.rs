//! RESP2, Redis's wire protocol (<https://redis.io/docs/latest/develop/reference/protocol-spec/>): as much of it as
//! commands need whose replies are single values.

use crate::error::BoxError;

/// The longest reply that is read: well over the largest value.
const MAX_REPLY: usize = 64 << 20;
/// The longest line: a number, or an error's text.
const MAX_LINE: usize = 64 << 10;

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reply {
    Status(String),
    Error(String),
    Integer(i64),
    Bytes(Vec<u8>),
    Nothing,
}

/// A command as it is sent: an array of its parts.
pub(super) fn command(parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = format!("*{}\r\n", parts.len()).into_bytes();
    for part in parts {
        bytes.extend_from_slice(format!("${}\r\n", part.len()).as_bytes());
        bytes.extend_from_slice(part);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes
}

/// The first reply in these bytes, and how many it takes; `None` while it is not complete.
pub(super) fn reply(bytes: &[u8]) -> Result<Option<(Reply, usize)>, BoxError> {
    let Some(end) = bytes.windows(2).take(MAX_LINE).position(|two| two == b"\r\n") else {
        return match bytes.len() > MAX_LINE {
            true => Err("the server sent a line without an end: is it Redis?".into()),
            false => Ok(None),
        };
    };
    let Some((kind, line)) = bytes[..end].split_first() else {
        return Err("the server sent an empty line: is it Redis?".into());
    };
    let text = || String::from_utf8_lossy(line).into_owned();
    let number = || {
        let number = std::str::from_utf8(line)
            .ok()
            .and_then(|line| line.parse::<i64>().ok());
        number.ok_or("the server sent a number that is none: is it Redis?")
    };
    let after = end + 2;
    let reply = match kind {
        b'+' => Reply::Status(text()),
        b'-' => Reply::Error(text()),
        b':' => Reply::Integer(number()?),
        b'$' => match usize::try_from(number()?) {
            Err(_) => Reply::Nothing,
            Ok(length) if length > MAX_REPLY => {
                return Err("the server sent a value of more than 64 MiB".into());
            }
            Ok(length) => {
                let Some(value) = bytes.get(after..after + length + 2) else {
                    return Ok(None);
                };
                let Some(value) = value.strip_suffix(b"\r\n") else {
                    return Err("the server sent a value without an end: is it Redis?".into());
                };
                return Ok(Some((Reply::Bytes(value.to_owned()), after + length + 2)));
            }
        },
        _ => return Err("the server sent what is no reply: is it Redis?".into()),
    };
    Ok(Some((reply, after)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn replies_are_read_when_they_are_complete() {
        let whole: [(&[u8], Reply); 6] = [
            (b"+OK\r\n", Reply::Status("OK".into())),
            (b"-WRONGTYPE no\r\n", Reply::Error("WRONGTYPE no".into())),
            (b":1\r\n", Reply::Integer(1)),
            (b"$-1\r\n", Reply::Nothing),
            (b"$0\r\n\r\n", Reply::Bytes(vec![])),
            (b"$4\r\n\r\n:1\r\n", Reply::Bytes(b"\r\n:1".to_vec())),
        ];
        for (bytes, expected) in whole {
            for cut in 0..bytes.len() {
                assert_eq!(reply(&bytes[..cut]).unwrap(), None);
            }
            let two = [bytes, b"+more"].concat();
            assert_eq!(reply(&two).unwrap(), Some((expected, bytes.len())));
        }
        for wrong in [
            &b"HTTP/1.1 400\r\n"[..],
            b"\r\n",
            b":x\r\n",
            b"$99999999999\r\n",
            b"$1\r\nabc",
        ] {
            assert!(reply(wrong).is_err());
        }
        assert!(reply(&[b'+'; MAX_LINE + 2]).is_err());
    }

    #[test]
    fn commands_are_arrays_of_bytes() {
        assert_eq!(
            command(&[b"GET", b"a\r\n"]),
            b"*2\r\n$3\r\nGET\r\n$3\r\na\r\n\r\n"
        );
    }

    proptest! {
        #[test]
        fn nothing_that_a_server_sends_panics(bytes: Vec<u8>, kind in prop::sample::select(b"+-:$".to_vec())) {
            let _ = reply(&bytes);
            let _ = reply(&[&[kind][..], &bytes, b"\r\n", &bytes].concat());
        }
    }
}
