//! Entry points for fuzzing: one for each way in which bytes from outside reach this crate. Each takes any bytes, and
//! panics only if a promise was broken. They are compiled for the fuzzer and for this crate's tests alone.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use crate::crypto::{DhGroup, RsaPrivateKey};
use crate::handshake::{ClientHandshake, ClientOptions, ServerHandshake, Step, wrap_plain};
use crate::service::{ReqPq, Service};
use crate::session::{
    ClientSession, Envelope, ServerEvent, ServerSalts, ServerSession, SessionOptions, gunzip, msg_id_at, open,
};
use crate::transport::{Detected, Detector, Framing, Transport};
use crate::{AuthKey, Side};

const NOW: Duration = Duration::from_millis(1_700_000_000_500);

static KEY: LazyLock<Arc<AuthKey>> =
    LazyLock::new(|| Arc::new(AuthKey::from_bytes(std::array::from_fn(|at| at as u8))));

/// The same bytes each time; random enough for a search for primes to end (SplitMix64).
fn repeatable() -> impl FnMut(&mut [u8]) {
    let mut state = 0_u64;
    move |out: &mut [u8]| {
        for byte in out {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = state;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            *byte = (mixed ^ (mixed >> 31)) as u8;
        }
    }
}

/// A connection's bytes, in two pieces: which transport, which frames; and the same as a client hears them.
pub fn transport(data: &[u8]) {
    let (first, rest) = data.split_at(data.len() / 2);
    if let Ok(Some(Detected::Mtproto(mut transport))) = Detector::new().feed(first) {
        frames(&mut transport, rest);
    }
    for framing in [
        Framing::Abridged,
        Framing::Intermediate,
        Framing::PaddedIntermediate,
        Framing::Full,
    ] {
        frames(&mut Transport::connect(framing).0, data);
    }
}

fn frames(transport: &mut Transport, bytes: &[u8]) {
    transport.feed(bytes);
    while let Ok(Some(_)) = transport.next_frame() {}
}

/// What a server and a client hear during a key exchange; the first byte chooses which, and after how many steps.
pub fn handshake(data: &[u8]) {
    static KEYS: LazyLock<Arc<[RsaPrivateKey]>> =
        LazyLock::new(|| Arc::new([RsaPrivateKey::generate(&mut repeatable())]));
    static GROUP: LazyLock<Option<DhGroup>> = LazyLock::new(|| DhGroup::telegram(3).ok());
    let (Some((choice, data)), Some(group)) = (data.split_first(), &*GROUP) else {
        return;
    };
    let mut random = repeatable();
    let mut server = ServerHandshake::new(Arc::clone(&KEYS), group.clone());
    let keys = KEYS.iter().map(|key| key.public().clone()).collect();
    let (mut client, mut packet) = ClientHandshake::start(keys, ClientOptions::default(), NOW, &mut random);
    let any = wrap_plain(msg_id_at(NOW) | i64::from(choice & 1), data);
    for _ in 0..usize::from(choice >> 1) % 3 {
        let Ok(reply) = server.receive(&packet, NOW, &mut random, |_| false) else {
            return;
        };
        match client.receive(&reply.packet, NOW, &mut random) {
            Ok(Step::Send(next)) => packet = next,
            _ => return,
        }
    }
    match choice & 1 {
        0 => drop(server.receive(&any, NOW, &mut random, |_| false)),
        _ => drop(client.receive(&any, NOW, &mut random)),
    }
    let _ = ReqPq::decode(data);
}

/// What a `msg_container` may be.
pub fn container(data: &[u8]) {
    crate::session::container::fuzz(data);
}

/// Packets as they come, and messages that were sealed with the right key, to a server's session and to a client's.
///
/// A message is a length, two bytes that are told from its id and its sequence number, and its body.
pub fn session(data: &[u8]) {
    drop(open(&KEY, Side::Client, &mut data.to_vec()));
    if let Ok(unpacked) = gunzip(data) {
        assert!(unpacked.len() <= crate::session::MAX_UNPACKED);
    }
    if let Ok(Some(service)) = Service::decode(data) {
        let again = Service::decode(&service.encode());
        assert_eq!(again.ok().flatten().as_ref(), Some(&service));
    }
    let mut random = repeatable();
    let salts = ServerSalts::new([4; 32], KEY.id());
    let mut client = ClientSession::new(Arc::clone(&KEY), salts.current(NOW), 0, &mut random);
    let session_id = client.session_id();
    let options = SessionOptions::default();
    let mut server = ServerSession::new(Arc::clone(&KEY), session_id, salts.clone(), options);
    drop(client.receive(data.to_vec(), NOW));
    let mut rest = data;
    while let Some(([length, id, seqno], behind)) = rest.split_first_chunk() {
        let (body, behind) = behind.split_at(behind.len().min(usize::from(*length) * 4));
        rest = behind;
        let mut body = body.to_vec();
        body.resize(body.len().next_multiple_of(4), 0);
        let mut envelope = Envelope {
            salt: salts.current(NOW),
            session_id,
            msg_id: msg_id_at(NOW) + 4 * i64::from(*id),
            seqno: i32::from(*seqno),
            body,
            quick_ack: 0,
        };
        for event in server.receive(envelope.clone(), NOW, &mut random) {
            if let ServerEvent::Request { msg_id, body, .. } = event {
                server.reply(msg_id, &body, NOW);
            }
        }
        // An odd id is a server's.
        envelope.msg_id |= 1;
        drop(client.receive(envelope.seal(&KEY, Side::Server, &mut random), NOW));
        for packet in server.flush(NOW, &mut random) {
            drop(client.receive(packet, NOW));
        }
        for mut packet in client.flush(NOW, &mut random) {
            let opened = open(&KEY, Side::Client, &mut packet);
            assert!(opened.is_ok(), "what a client sends can be opened");
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn nothing_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            super::transport(&bytes);
            super::session(&bytes);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_key_exchange_ends_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            super::handshake(&bytes);
        }
    }
}
