//! Bodies of responses, whole or piece by piece.

use bytes::{Buf, Bytes, BytesMut};

use super::connection::{Connection, MAX_HEAD, ROOM};
use super::head::Framing;
use crate::error::BoxError;

const TOO_LARGE: &str = "the response is too large";

/// A body that is read piece by piece.
pub(super) struct Incoming {
    framing: Framing,
    /// What is left of the present chunk, the line's end behind it not counted.
    chunk: usize,
    ended: bool,
}

impl Incoming {
    pub(super) fn new(framing: Framing) -> Self {
        Incoming {
            framing,
            chunk: 0,
            ended: false,
        }
    }

    /// Whether its end is told by anything but the connection's.
    pub(super) fn is_framed(&self) -> bool {
        self.framing != Framing::UntilClosed
    }

    /// The next piece; `None` at the end.
    pub(super) async fn next(&mut self, connection: &mut Connection) -> Result<Option<Bytes>, BoxError> {
        if self.ended {
            return Ok(None);
        }
        let piece = match &mut self.framing {
            Framing::Length(left) => {
                let piece = some(connection, *left).await?;
                *left -= piece.len();
                piece
            }
            Framing::UntilClosed => {
                if connection.buffer.is_empty() {
                    connection.buffer.reserve(ROOM);
                    connection.read().await?;
                }
                connection.buffer.split().freeze()
            }
            Framing::Chunked => {
                if self.chunk == 0 {
                    self.chunk = chunk_size(connection).await?;
                    if self.chunk == 0 {
                        trailer(connection).await?;
                    }
                }
                let piece = some(connection, self.chunk).await?;
                self.chunk -= piece.len();
                if self.chunk == 0 && !piece.is_empty() && *connection.sized(2).await? != *b"\r\n" {
                    return Err(MALFORMED.into());
                }
                piece
            }
        };
        self.ended = piece.is_empty();
        Ok(Some(piece).filter(|piece| !piece.is_empty()))
    }
}

/// The whole body, of at most `limit` bytes.
pub(super) async fn whole(
    connection: &mut Connection,
    framing: Framing,
    limit: usize,
) -> Result<Bytes, BoxError> {
    match framing {
        Framing::Length(length) if length > limit => Err(TOO_LARGE.into()),
        Framing::Length(length) => connection.sized(length).await,
        framing => Box::pin(gathered(connection, framing, limit)).await,
    }
}

async fn gathered(connection: &mut Connection, framing: Framing, limit: usize) -> Result<Bytes, BoxError> {
    let mut body = BytesMut::new();
    let mut incoming = Incoming::new(framing);
    while let Some(piece) = incoming.next(connection).await? {
        if piece.len() > limit.saturating_sub(body.len()) {
            return Err(TOO_LARGE.into());
        }
        body.extend_from_slice(&piece);
    }
    Ok(body.freeze())
}

const MALFORMED: &str = "the response's chunks are malformed";

/// What is there of the next `most` bytes, and at least one; nothing if `most` is 0.
async fn some(connection: &mut Connection, most: usize) -> Result<Bytes, BoxError> {
    if most > 0 && connection.buffer.is_empty() {
        connection.buffer.reserve(most.clamp(ROOM, 64 * 1024));
        connection.more().await?;
    }
    let piece = most.min(connection.buffer.len());
    Ok(connection.buffer.split_to(piece).freeze())
}

async fn chunk_size(connection: &mut Connection) -> Result<usize, BoxError> {
    loop {
        match httparse::parse_chunk_size(&connection.buffer) {
            Ok(httparse::Status::Complete((start, size))) => {
                connection.buffer.advance(start);
                return Ok(usize::try_from(size)?);
            }
            Ok(httparse::Status::Partial) if connection.buffer.len() <= MAX_HEAD => connection.more().await?,
            _ => return Err(MALFORMED.into()),
        }
    }
}

/// The lines behind the last chunk, to the empty one.
async fn trailer(connection: &mut Connection) -> Result<(), BoxError> {
    loop {
        match connection.buffer.iter().position(|byte| *byte == b'\n') {
            Some(at) => {
                let empty = at <= 1;
                connection.buffer.advance(at + 1);
                if empty {
                    return Ok(());
                }
            }
            None if connection.buffer.len() > MAX_HEAD => {
                return Err("the response's trailer is too large".into());
            }
            None => connection.more().await?,
        }
    }
}
