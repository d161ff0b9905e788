//! Any bytes in the place of a response.

#![allow(clippy::expect_used, reason = "panics are what it is for")]

use bytes::BytesMut;

use super::connect::Stream;
use super::{Connection, Incoming, MAX_RESULT, Proxy, body};
use crate::fuzz::heard;

/// A response, read at once and piece by piece: both ways it is the same.
pub fn response(data: &[u8]) {
    let (mut whole, mut pieces) = (None, None);
    heard(data, async |socket| {
        let mut connection = Connection::new(Stream::Tcp(socket));
        if let Ok(head) = connection.head().await {
            whole = body::whole(&mut connection, head.framing, MAX_RESULT).await.ok();
        }
    });
    heard(data, async |socket| {
        let mut connection = Connection::new(Stream::Tcp(socket));
        if let Ok(head) = connection.head().await {
            let (mut body, mut incoming) = (BytesMut::new(), Incoming::new(head.framing));
            while let Ok(piece) = incoming.next(&mut connection).await {
                let Some(piece) = piece else {
                    pieces = Some(body.freeze());
                    break;
                };
                body.extend_from_slice(&piece);
            }
        }
    });
    assert_eq!(whole, pieces);
}

/// What a proxy says before the tunnel is there; the first byte chooses its kind.
pub fn proxy(data: &[u8]) {
    let Some((choice, data)) = data.split_first() else {
        return;
    };
    let address = ["http://x", "socks5://x", "socks5://ann:secret@x"][usize::from(*choice) % 3];
    let proxy: Proxy = address.parse().expect("an address");
    heard(data, async |mut socket| {
        if let Err(error) = proxy.tunnel(&mut socket, "api.example", 443).await {
            assert!(!error.to_string().contains("secret"));
        }
    });
    if let Ok(text) = std::str::from_utf8(data) {
        drop(text.parse::<Proxy>());
    }
}
