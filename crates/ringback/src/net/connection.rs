//! [`Connection`]: one request and its response at a time.
//!
//! A call is one small request, written with one `write`, and one small response, read with one `read`, by the task
//! that makes the call: nobody in between has to be woken. That is most of what a general client costs here.
//!
//! Requests are not pipelined. A call that changes something must not be sent behind one whose response is not known
//! (RFC 9112, 9.3.2), and an answer must not wait behind anything; a busy connection is not used, another is.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use bytes::{Buf, Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, ReadBuf};

use super::connect::Stream;
use super::head::{Framing, Head};
use super::{MAX_RESPONSE, Response};
use crate::error::BoxError;

/// The room for a response at first: that of an answer.
const ROOM: usize = 1024;
/// A connection that is kept does not keep more than this for the next response.
const KEEP: usize = 64 * 1024;
/// The largest head of a response.
const MAX_HEAD: usize = 32 * 1024;

pub(super) struct Connection {
    stream: Stream,
    buffer: BytesMut,
}

/// A call over a connection that did not work.
pub(super) struct Broken {
    pub(super) error: BoxError,
    /// Not a byte of a response has come.
    pub(super) silent: bool,
}

impl<E: Into<BoxError>> From<E> for Broken {
    fn from(error: E) -> Self {
        Broken {
            error: error.into(),
            silent: false,
        }
    }
}

impl Connection {
    pub(super) fn new(stream: Stream) -> Self {
        Connection {
            stream,
            buffer: BytesMut::new(),
        }
    }

    /// Whether it can be used for a call. While it is idle the server may close it, and must not say anything.
    pub(super) async fn is_open(&mut self) -> bool {
        poll_fn(|cx| {
            let mut byte = [0];
            let read = Pin::new(&mut self.stream).poll_read(cx, &mut ReadBuf::new(&mut byte));
            Poll::Ready(read.is_pending())
        })
        .await
    }

    /// Sends a request: ready when all of it is on its way.
    pub(super) async fn send(&mut self, request: &[u8]) -> Result<(), Broken> {
        self.stream.write_all(request).await.map_err(silent)?;
        self.stream.flush().await.map_err(silent)
    }

    /// Reads the response to what was sent; whether another request may follow on this connection.
    pub(super) async fn receive(&mut self) -> Result<(Response, bool), Broken> {
        self.buffer.reserve(ROOM);
        if self.stream.read_buf(&mut self.buffer).await.map_err(silent)? == 0 {
            return Err(Broken {
                error: CLOSED.into(),
                silent: true,
            });
        }
        let head = self.head().await?;
        let (body, ended) = match head.framing {
            Framing::Length(length) => (self.sized(length).await?, false),
            Framing::Chunked => (Box::pin(self.chunked()).await?, false),
            Framing::UntilClosed => (Box::pin(self.rest()).await?, true),
        };
        if self.buffer.capacity() > KEEP && self.buffer.is_empty() {
            self.buffer = BytesMut::new();
        }
        // What was not asked for is nothing to start the next call with.
        let reusable = head.keep_alive && !ended && self.buffer.is_empty();
        Ok((
            Response {
                status: head.status,
                body,
            },
            reusable,
        ))
    }

    async fn head(&mut self) -> Result<Head, BoxError> {
        loop {
            match Head::parse(&self.buffer)? {
                // An interim response; the real one follows.
                Some(head) if (100..200).contains(&head.status) => self.buffer.advance(head.length),
                Some(head) => {
                    self.buffer.advance(head.length);
                    return Ok(head);
                }
                None if self.buffer.len() > MAX_HEAD => return Err("the response's head is too large".into()),
                None => self.more().await?,
            }
        }
    }

    async fn sized(&mut self, length: usize) -> Result<Bytes, BoxError> {
        if length > MAX_RESPONSE {
            return Err("the response is too large".into());
        }
        if let Some(missing) = length.checked_sub(self.buffer.len()) {
            self.buffer.reserve(missing);
        }
        while self.buffer.len() < length {
            self.more().await?;
        }
        Ok(self.buffer.split_to(length).freeze())
    }

    async fn chunked(&mut self) -> Result<Bytes, BoxError> {
        let mut body = BytesMut::new();
        loop {
            let (start, size) = match httparse::parse_chunk_size(&self.buffer) {
                Ok(httparse::Status::Complete(size)) => size,
                Ok(httparse::Status::Partial) if self.buffer.len() <= MAX_HEAD => {
                    self.more().await?;
                    continue;
                }
                _ => return Err("the response's chunks are malformed".into()),
            };
            let size = usize::try_from(size)?;
            if body.len().saturating_add(size) > MAX_RESPONSE {
                return Err("the response is too large".into());
            }
            self.buffer.advance(start);
            if size == 0 {
                self.trailer().await?;
                return Ok(body.freeze());
            }
            let chunk = self.sized(size + 2).await?;
            body.extend_from_slice(&chunk[..size]);
        }
    }

    /// The lines behind the last chunk, to the empty one.
    async fn trailer(&mut self) -> Result<(), BoxError> {
        loop {
            match self.buffer.iter().position(|byte| *byte == b'\n') {
                Some(at) => {
                    let empty = at <= 1;
                    self.buffer.advance(at + 1);
                    if empty {
                        return Ok(());
                    }
                }
                None if self.buffer.len() > MAX_HEAD => {
                    return Err("the response's trailer is too large".into());
                }
                None => self.more().await?,
            }
        }
    }

    async fn rest(&mut self) -> Result<Bytes, BoxError> {
        while self.buffer.len() <= MAX_RESPONSE {
            self.buffer.reserve(ROOM);
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Ok(self.buffer.split().freeze());
            }
        }
        Err("the response is too large".into())
    }

    async fn more(&mut self) -> Result<(), BoxError> {
        if self.buffer.capacity() == self.buffer.len() {
            self.buffer.reserve(ROOM.max(self.buffer.len()));
        }
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(CLOSED.into()),
            _ => Ok(()),
        }
    }
}

fn silent(error: std::io::Error) -> Broken {
    Broken {
        error: error.into(),
        silent: true,
    }
}

const CLOSED: &str = "the server has closed the connection";
