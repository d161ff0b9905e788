//! Messages that hold others: `msg_container` and `rpc_result`. What they hold stays bytes.

use crate::codec::{Reader, Writer};
use crate::error::{DecodeError, EncodeError};
use crate::layer::Layer;

/// The id of `msg_container`.
pub const MSG_CONTAINER: u32 = 0x73f1_f8dc;
/// The id of `rpc_result`.
pub const RPC_RESULT: u32 = 0xf35c_6d01;
/// The id of `msg_copy`, which nobody sends any more.
pub const MSG_COPY: u32 = 0xe060_46b2;
/// The most messages that one container may hold.
pub const MAX_IN_CONTAINER: usize = 1024;

/// A message in a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    /// When it was sent, in seconds × 2³²; unique in the session.
    pub msg_id: i64,
    /// Twice the number of content messages sent before, plus one if this is one.
    pub seqno: i32,
    /// One object or call, with its id; a multiple of four bytes.
    pub body: &'a [u8],
}

/// Reads what follows the id of `msg_container`; nothing may follow the last message.
///
/// # Errors
/// When a message is cut off, its length is not a multiple of four, there are too many, or bytes are left.
pub fn read_container<'a>(r: &mut Reader<'a>) -> Result<Vec<Message<'a>>, DecodeError> {
    // msg_id, seqno, length.
    let count = r.count(16)?;
    if count > MAX_IN_CONTAINER {
        return Err(DecodeError::TooMany {
            limit: MAX_IN_CONTAINER,
        });
    }
    let mut messages = Vec::with_capacity(count);
    for _ in 0..count {
        let msg_id = r.get()?;
        let seqno = r.get()?;
        let length = r.u32()? as usize;
        if !length.is_multiple_of(4) {
            return Err(DecodeError::Length);
        }
        messages.push(Message {
            msg_id,
            seqno,
            body: r.take(length)?,
        });
    }
    r.finish()?;
    Ok(messages)
}

/// Appends a `msg_container`, id included.
///
/// # Errors
/// When a body is 4 GiB or more.
pub fn write_container(messages: &[Message<'_>], out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let size = |length: usize| u32::try_from(length).map_err(|_| EncodeError::TooLong { length });
    let mut w = Writer::new(out, Layer::NEWEST);
    w.u32(MSG_CONTAINER);
    w.u32(size(messages.len())?);
    for message in messages {
        w.raw(&message.msg_id.to_le_bytes());
        w.raw(&message.seqno.to_le_bytes());
        w.u32(size(message.body.len())?);
        w.raw(message.body);
    }
    Ok(())
}

/// Reads what follows the id of `rpc_result`: the message it answers, and the answer (which may be an
/// `rpc_error` or `gzip_packed`).
///
/// # Errors
/// When it is shorter than a message's id.
pub fn read_rpc_result<'a>(r: &mut Reader<'a>) -> Result<(i64, &'a [u8]), DecodeError> {
    let req_msg_id = r.get()?;
    Ok((req_msg_id, r.take(r.rest().len())?))
}

/// Appends the front of an `rpc_result`; the answer is written after it.
pub fn write_rpc_result(req_msg_id: i64, out: &mut Vec<u8>) {
    let mut w = Writer::new(out, Layer::NEWEST);
    w.u32(RPC_RESULT);
    w.raw(&req_msg_id.to_le_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_container_comes_back() {
        let messages = [
            Message {
                msg_id: 5,
                seqno: 1,
                body: &[1, 2, 3, 4],
            },
            Message {
                msg_id: 9,
                seqno: 2,
                body: &[],
            },
        ];
        let mut out = Vec::new();
        write_container(&messages, &mut out).unwrap();
        let mut r = Reader::new(&out);
        assert_eq!(r.u32().unwrap(), MSG_CONTAINER);
        assert_eq!(read_container(&mut r).unwrap(), messages);
        for cut in 4..out.len() {
            assert!(read_container(&mut Reader::new(&out[4..cut])).is_err());
        }
    }

    #[test]
    fn a_container_of_lies() {
        let count = |count: u32| count.to_le_bytes().to_vec();
        assert_eq!(
            read_container(&mut Reader::new(&count(u32::MAX))),
            Err(DecodeError::Count {
                count: u32::MAX,
                left: 0
            })
        );
        let mut odd = count(1);
        odd.extend([0; 12]);
        odd.extend(3_u32.to_le_bytes());
        odd.extend([0; 4]);
        assert_eq!(read_container(&mut Reader::new(&odd)), Err(DecodeError::Length));
    }
}
