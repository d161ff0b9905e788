//! The least HTTP/1.1 that does: one request at a time on a connection that stays open. The load generator shares the
//! machine with the server, so every microsecond here is one that the server does not have.

use std::io;
use std::net::SocketAddr;

use memchr::memmem;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub(crate) struct Connection {
    stream: TcpStream,
    request: Vec<u8>,
    received: Vec<u8>,
}

pub(crate) struct Response<'a> {
    pub(crate) status: u16,
    pub(crate) body: &'a [u8],
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            request: Vec::with_capacity(1024),
            received: Vec::with_capacity(16 * 1024),
        })
    }

    /// `POST path` with a JSON body.
    pub(crate) async fn post(&mut self, path: &str, body: &str) -> io::Result<Response<'_>> {
        self.request.clear();
        let length = body.len().to_string();
        for part in [
            "POST ",
            path,
            " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ",
            &length,
            "\r\n\r\n",
            body,
        ] {
            self.request.extend_from_slice(part.as_bytes());
        }
        self.stream.write_all(&self.request).await?;
        self.receive().await
    }

    /// The same, and the body as text; anything but 200 is an error that holds the body.
    pub(crate) async fn post_ok(&mut self, path: &str, body: &str) -> io::Result<String> {
        let response = self.post(path, body).await?;
        let text = String::from_utf8_lossy(response.body).into_owned();
        if response.status == 200 {
            Ok(text)
        } else {
            Err(io::Error::other(format!(
                "POST {path}: {} {text}",
                response.status
            )))
        }
    }

    async fn receive(&mut self) -> io::Result<Response<'_>> {
        self.received.clear();
        let (status, start, end) = loop {
            if self.stream.read_buf(&mut self.received).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if let Some(head) = memmem::find(&self.received, b"\r\n\r\n") {
                let (status, length) = parse_head(&self.received[..head])?;
                break (status, head + 4, head + 4 + length);
            }
        };
        while self.received.len() < end {
            if self.stream.read_buf(&mut self.received).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(Response {
            status,
            body: &self.received[start..end],
        })
    }
}

fn parse_head(head: &[u8]) -> io::Result<(u16, usize)> {
    let broken = || {
        io::Error::new(
            io::ErrorKind::InvalidData,
            format!("unexpected head: {}", String::from_utf8_lossy(head)),
        )
    };
    let text = std::str::from_utf8(head).map_err(|_| broken())?;
    let status = text
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .ok_or_else(broken)?;
    let length = text
        .split("\r\n")
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.trim().parse().ok())
        .ok_or_else(broken)?;
    Ok((status, length))
}

#[cfg(test)]
mod tests {
    use super::parse_head;

    #[test]
    fn heads() {
        assert_eq!(
            parse_head(b"HTTP/1.1 200 OK\r\ncontent-length: 12").expect("a good head"),
            (200, 12)
        );
        assert_eq!(
            parse_head(b"HTTP/1.1 404 Not Found\r\nX: y\r\nContent-Length:0").expect("a good head"),
            (404, 0)
        );
        assert!(parse_head(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked").is_err());
        assert!(parse_head(b"nothing").is_err());
    }
}
