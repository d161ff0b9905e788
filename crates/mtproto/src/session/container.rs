//! Containers and packed messages. Source: <https://core.telegram.org/mtproto/service_messages#containers>.

use super::MAX_CONTAINER;
use super::gzip::{gunzip, gzip};
use crate::service::wire::{put_bytes, put_i32, put_i64, put_u32};
use crate::service::{Reader, ids};

/// One message within a packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) msg_id: i64,
    pub(super) seqno: i32,
    pub(super) body: Vec<u8>,
}

/// The constructor that a message begins with.
pub(super) fn constructor(body: &[u8]) -> Option<u32> {
    body.first_chunk().map(|bytes| u32::from_le_bytes(*bytes))
}

/// Takes a container apart; `None` when it is malformed or holds too much.
pub(super) fn unpack(body: &[u8]) -> Option<Vec<Message>> {
    let mut reader = Reader::new(body);
    reader.expect(ids::MSG_CONTAINER).ok()?;
    let count = reader.count(16).ok().filter(|count| *count <= MAX_CONTAINER)?;
    let mut out = Vec::with_capacity(count);
    for _ in 0..count {
        out.push(message(&mut reader)?);
    }
    Some(out)
}

/// The message that `msg_copy` repeats.
pub(super) fn copied(body: &[u8]) -> Option<Message> {
    let mut reader = Reader::new(body);
    reader.expect(ids::MSG_COPY).ok()?;
    message(&mut reader)
}

fn message(reader: &mut Reader<'_>) -> Option<Message> {
    let (msg_id, seqno, length) = (
        reader.i64().ok()?,
        reader.i32().ok()?,
        reader.u32().ok()? as usize,
    );
    let body = reader.take(length).ok().filter(|body| body.len() % 4 == 0)?;
    Some(Message {
        msg_id,
        seqno,
        body: body.to_vec(),
    })
}

/// Puts messages into one container.
pub(super) fn pack(messages: &[Message]) -> Vec<u8> {
    let mut out = Vec::with_capacity(
        8 + messages
            .iter()
            .map(|message| 16 + message.body.len())
            .sum::<usize>(),
    );
    put_u32(&mut out, ids::MSG_CONTAINER);
    put_u32(&mut out, messages.len() as u32);
    for message in messages {
        put_i64(&mut out, message.msg_id);
        put_i32(&mut out, message.seqno);
        put_u32(&mut out, message.body.len() as u32);
        out.extend_from_slice(&message.body);
    }
    out
}

/// Where the next container ends: how many of the messages go into it, at least one.
pub(super) fn portion(messages: &[Message]) -> usize {
    let mut bytes = 0;
    let fit = messages.iter().take(MAX_CONTAINER).take_while(|message| {
        bytes += 16 + message.body.len();
        bytes <= super::CONTAINER_BYTES
    });
    fit.count().max(1)
}

/// The body as `gzip_packed`, if that makes it shorter.
pub(super) fn packed(body: &[u8]) -> Option<Vec<u8>> {
    let packed = gzip(body)?;
    let mut out = Vec::with_capacity(packed.len() + 8);
    put_u32(&mut out, ids::GZIP_PACKED);
    put_bytes(&mut out, &packed);
    Some(out)
}

/// What a `gzip_packed` holds; anything else as it is; `None` when it cannot be unpacked.
///
/// One layer only: packed data within packed data has no use but to exhaust its reader.
pub(super) fn unpacked(body: Vec<u8>) -> Option<Vec<u8>> {
    if constructor(&body) != Some(ids::GZIP_PACKED) {
        return Some(body);
    }
    let mut reader = Reader::new(&body);
    reader.expect(ids::GZIP_PACKED).ok()?;
    gunzip(reader.bytes().ok()?).ok()
}

/// For fuzzing: any bytes as a container. What can be taken apart is put together again as it was.
#[cfg(any(test, fuzzing))]
pub(crate) fn fuzz(body: &[u8]) {
    if let Some(messages) = unpack(body) {
        assert!(body.starts_with(&pack(&messages)));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_packed_comes_back_whole(
            parts in prop::collection::vec((any::<i64>(), any::<i32>(), prop::collection::vec(any::<[u8; 4]>(), 0..8)), 0..20),
        ) {
            let messages: Vec<Message> = parts
                .into_iter()
                .map(|(msg_id, seqno, body)| Message { msg_id, seqno, body: body.concat() })
                .collect();
            let body = pack(&messages);
            prop_assert_eq!(unpack(&body), Some(messages));
            for cut in 0..body.len() {
                prop_assert_eq!(unpack(&body[..cut]), None);
            }
        }

        #[test]
        fn any_bytes(rest in prop::collection::vec(any::<u8>(), 0..100), count in 0..4_u32) {
            let mut body = Vec::new();
            put_u32(&mut body, ids::MSG_CONTAINER);
            put_u32(&mut body, count);
            body.extend(rest);
            fuzz(&body);
        }
    }

    #[test]
    fn a_container_of_lies() {
        let claims = |count: u32, length: u32| {
            let mut body = Vec::new();
            put_u32(&mut body, ids::MSG_CONTAINER);
            put_u32(&mut body, count);
            put_i64(&mut body, 4);
            put_i32(&mut body, 1);
            put_u32(&mut body, length);
            body.extend([0; 4]);
            body
        };
        assert!(unpack(&claims(1, 4)).is_some());
        for (count, length) in [(u32::MAX, 4), (2, 4), (1, 3), (1, 8), (1, u32::MAX)] {
            assert_eq!(unpack(&claims(count, length)), None, "{count} of {length} bytes");
        }
        let too_many = pack(&vec![
            Message {
                msg_id: 4,
                seqno: 0,
                body: Vec::new()
            };
            MAX_CONTAINER + 1
        ]);
        assert_eq!(unpack(&too_many), None);
    }
}
