//! [`Connection`]: one request and its response at a time.
//!
//! A call is one small request, written with one `write`, and one small response, read with one `read`, by the task
//! that makes the call: nobody in between has to be woken. That is most of what a general client costs here.
//!
//! Requests are not pipelined. A call that changes something must not be sent behind one whose response is not known
//! (RFC 9112, 9.3.2), and an answer must not wait behind anything; a busy connection is not used, another is.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::Poll;

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};

use super::connect::Stream;
use super::head::Head;
use crate::error::BoxError;

/// The room for a response at first: that of an answer.
pub(super) const ROOM: usize = 1024;
/// A connection that is kept does not keep more than this for the next response.
const KEEP: usize = 64 * 1024;
/// The largest head of a response.
pub(super) const MAX_HEAD: usize = 32 * 1024;

pub(super) struct Connection {
    stream: Stream,
    pub(super) buffer: BytesMut,
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

/// Before any byte of a response.
fn silent(error: impl Into<BoxError>) -> Broken {
    Broken {
        error: error.into(),
        silent: true,
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

    /// Sends a whole request.
    pub(super) async fn send(&mut self, request: &[u8]) -> Result<(), Broken> {
        self.stream.write_all(request).await.map_err(silent)?;
        self.stream.flush().await.map_err(silent)
    }

    /// Sends a piece of a request; `false` if the server has begun to respond, and will not hear the rest.
    pub(super) async fn send_piece(&mut self, mut piece: &[u8]) -> Result<bool, Broken> {
        while !piece.is_empty() {
            let written = poll_fn(|cx| {
                // First the ear: a server that refuses an upload says so, and then closes.
                self.buffer.reserve(ROOM);
                match poll_read(&mut self.stream, cx, &mut self.buffer) {
                    Poll::Ready(Ok(_)) => return Poll::Ready(Ok(None)),
                    Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                    Poll::Pending => {}
                }
                Pin::new(&mut self.stream).poll_write(cx, piece).map_ok(Some)
            });
            match written.await.map_err(silent)? {
                Some(0) => return Err(silent(io::Error::from(io::ErrorKind::WriteZero))),
                Some(written) => piece = &piece[written..],
                None => return Ok(false),
            }
        }
        Ok(true)
    }

    pub(super) async fn flush(&mut self) -> Result<(), Broken> {
        self.stream.flush().await.map_err(silent)
    }

    /// Reads the head of the response.
    pub(super) async fn head(&mut self) -> Result<Head, Broken> {
        if self.buffer.is_empty() {
            self.buffer.reserve(ROOM);
            if self.stream.read_buf(&mut self.buffer).await.map_err(silent)? == 0 {
                return Err(silent(CLOSED));
            }
        }
        loop {
            match Head::parse(&self.buffer)? {
                // An interim response; the real one follows.
                Some(head) if (100..200).contains(&head.status) => drop(self.buffer.split_to(head.length)),
                Some(head) => {
                    drop(self.buffer.split_to(head.length));
                    return Ok(head);
                }
                None if self.buffer.len() > MAX_HEAD => return Err("the response's head is too large".into()),
                None => self.more().await?,
            }
        }
    }

    /// So much of a body.
    pub(super) async fn sized(&mut self, length: usize) -> Result<Bytes, BoxError> {
        // What a server claims to send is not what it sends: room is made as it comes.
        if let Some(missing) = length.checked_sub(self.buffer.len()) {
            self.buffer.reserve(missing.min(1 << 20));
        }
        while self.buffer.len() < length {
            self.more().await?;
        }
        Ok(self.buffer.split_to(length).freeze())
    }

    /// Reads on; the end of the connection is an error.
    pub(super) async fn more(&mut self) -> Result<(), BoxError> {
        match self.read().await? {
            0 => Err(CLOSED.into()),
            _ => Ok(()),
        }
    }

    /// Reads on; 0 at the end of the connection.
    pub(super) async fn read(&mut self) -> Result<usize, BoxError> {
        if self.buffer.capacity() == self.buffer.len() {
            self.buffer.reserve(ROOM.max(self.buffer.len()));
        }
        Ok(self.stream.read_buf(&mut self.buffer).await?)
    }

    /// After a response: whether nothing is left of it, so that another call may follow.
    pub(super) fn is_clean(&mut self) -> bool {
        if self.buffer.capacity() > KEEP && self.buffer.is_empty() {
            self.buffer = BytesMut::new();
        }
        // What was not asked for is nothing to start the next call with.
        self.buffer.is_empty()
    }
}

fn poll_read(
    stream: &mut Stream,
    cx: &mut std::task::Context<'_>,
    buffer: &mut BytesMut,
) -> Poll<io::Result<usize>> {
    let mut room = [0; ROOM];
    let mut read = ReadBuf::new(&mut room);
    std::task::ready!(Pin::new(stream).poll_read(cx, &mut read))?;
    buffer.extend_from_slice(read.filled());
    match read.filled().len() {
        0 => Poll::Ready(Err(io::Error::new(io::ErrorKind::ConnectionReset, CLOSED))),
        read => Poll::Ready(Ok(read)),
    }
}

pub(super) const CLOSED: &str = "the server has closed the connection";
