//! Sessions of both ends against one another, and the rules that each must keep.

// The helpers of tests may panic as the tests themselves do.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use ringback_mtproto::service::{DropAnswer, RpcError, Service, ids};
use ringback_mtproto::session::{
    ACK_DELAY, ClientEvent, ClientSession, Envelope, EnvelopeError, RequestId, ServerEvent, ServerSalts,
    ServerSession, SessionError, SessionOptions, msg_id_at, open,
};
use ringback_mtproto::{AuthKey, Random, Side};

const NOW: Duration = Duration::from_millis(1_700_000_000_500);

fn key() -> Arc<AuthKey> {
    Arc::new(AuthKey::from_bytes(std::array::from_fn(|i| i as u8)))
}

fn salts() -> ServerSalts {
    ServerSalts::new([4; 32], key().id())
}

fn request(text: &str) -> Vec<u8> {
    let mut body = vec![0x11, 0x22, 0x33, 0x44];
    body.extend(text.as_bytes());
    body.resize(body.len().next_multiple_of(4), b' ');
    body
}

/// Two ends and a clock.
struct Pair {
    random: Box<dyn Random>,
    client: ClientSession,
    server: ServerSession,
    now: Duration,
}

impl Pair {
    fn new() -> Self {
        Self::with(salts().current(NOW), 0)
    }

    fn with(salt: i64, offset: i64) -> Self {
        let mut random = Box::new(common::random(6));
        let client = ClientSession::new(key(), salt, offset, &mut *random);
        let server = ServerSession::new(key(), client.session_id(), salts(), SessionOptions::default());
        Self {
            random,
            client,
            server,
            now: NOW,
        }
    }

    /// What the client has to say, as the server hears it.
    fn up(&mut self) -> Vec<ServerEvent> {
        let packets = self.client.flush(self.now, &mut *self.random);
        packets
            .into_iter()
            .flat_map(|packet| self.deliver_up(packet))
            .collect()
    }

    fn deliver_up(&mut self, mut packet: Vec<u8>) -> Vec<ServerEvent> {
        let envelope = open(&key(), Side::Client, &mut packet).unwrap();
        if envelope.session_id != self.server.session_id() {
            self.server = ServerSession::new(key(), envelope.session_id, salts(), SessionOptions::default());
        }
        self.server.receive(envelope, self.now, &mut *self.random)
    }

    /// And the other way.
    fn down(&mut self) -> Vec<ClientEvent> {
        let packets = self.server.flush(self.now, &mut *self.random);
        packets
            .into_iter()
            .flat_map(|packet| self.client.receive(packet, self.now).unwrap())
            .collect()
    }

    /// To and fro until both are silent; requests are answered with an echo.
    fn settle(&mut self) -> (Vec<ServerEvent>, Vec<ClientEvent>) {
        let (mut up, mut down) = (Vec::new(), Vec::new());
        for _ in 0..20 {
            let events = self.up();
            for event in &events {
                if let ServerEvent::Request { msg_id, body, .. } = event {
                    self.server.reply(*msg_id, body, self.now);
                }
            }
            let answers = self.down();
            let quiet = events.is_empty() && answers.is_empty();
            up.extend(events);
            down.extend(answers);
            if quiet {
                break;
            }
        }
        (up, down)
    }

    /// Gives the server a packet with these fields.
    fn raw(&mut self, msg_id: i64, seqno: i32, body: Vec<u8>) -> Vec<ServerEvent> {
        let (salt, session_id) = (salts().current(self.now), self.server.session_id());
        let envelope = Envelope {
            salt,
            session_id,
            msg_id,
            seqno,
            body,
            quick_ack: 0,
        };
        let packet = envelope.seal(&key(), Side::Client, &mut *self.random);
        self.deliver_up(packet)
    }

    /// Gives the client a packet with these fields.
    fn raw_down(&mut self, msg_id: i64, seqno: i32, body: Vec<u8>) -> Result<Vec<ClientEvent>, SessionError> {
        let envelope = Envelope {
            salt: 0,
            session_id: self.client.session_id(),
            msg_id,
            seqno,
            body,
            quick_ack: 0,
        };
        self.client
            .receive(envelope.seal(&key(), Side::Server, &mut *self.random), self.now)
    }
}

fn answers(events: &[ClientEvent]) -> Vec<(RequestId, Result<Vec<u8>, RpcError>)> {
    let answer = |event: &ClientEvent| match event {
        ClientEvent::Answer { id, result } => Some((*id, result.clone())),
        _ => None,
    };
    events.iter().filter_map(answer).collect()
}

fn requests(events: &[ServerEvent]) -> usize {
    events
        .iter()
        .filter(|event| matches!(event, ServerEvent::Request { .. }))
        .count()
}

fn codes(events: &[ServerEvent]) -> Vec<i32> {
    let code = |event: &ServerEvent| match event {
        ServerEvent::Refused { code, .. } => Some(*code),
        _ => None,
    };
    events.iter().filter_map(code).collect()
}

fn msg_id(before: u64) -> i64 {
    msg_id_at(NOW - Duration::from_secs(before))
}

#[test]
fn requests_are_answered_and_updates_arrive() {
    let mut pair = Pair::new();
    let ids = ["one", "two", "three"].map(|text| pair.client.request(request(text)));
    let (up, down) = pair.settle();
    assert_eq!(requests(&up), 3);
    assert!(up.contains(&ServerEvent::Begun));
    assert!(down.contains(&ClientEvent::SessionCreated));
    let expected = ["one", "two", "three"].map(|text| Ok(request(text)));
    assert_eq!(answers(&down), ids.into_iter().zip(expected).collect::<Vec<_>>());
    pair.server.push(request("news"), pair.now);
    assert_eq!(pair.down(), [ClientEvent::Update(request("news"))]);
    assert_eq!(
        pair.server.unacknowledged(),
        5,
        "a greeting, three answers and the news"
    );
    pair.now += ACK_DELAY;
    assert!(matches!(pair.up()[..], [ServerEvent::Acknowledged(_)]));
    assert_eq!(pair.server.unacknowledged(), 0);
    assert_eq!((pair.client.poll_at(), pair.server.poll_at()), (None, None));
}

#[test]
fn errors_arrive_as_errors() {
    let mut pair = Pair::new();
    let id = pair.client.request(request("x"));
    let Some(ServerEvent::Request { msg_id, .. }) = pair.up().pop() else {
        panic!()
    };
    assert!(pair.server.reply_error(msg_id, 420, "FLOOD_WAIT_3", NOW));
    assert!(!pair.server.reply(msg_id, b"late", NOW), "one answer is enough");
    assert!(!pair.server.reply(12, b"nobody asked", NOW));
    let error = RpcError {
        code: 420,
        message: "FLOOD_WAIT_3".to_owned(),
    };
    assert_eq!(answers(&pair.down()), [(id, Err(error))]);
}

#[test]
fn long_bodies_are_packed_in_both_directions() {
    let mut pair = Pair::new();
    let long = request(&"all work and no play ".repeat(500));
    let id = pair.client.request(long.clone());
    let packets = pair.client.flush(NOW, &mut *pair.random);
    assert!(packets[0].len() < 1000);
    let mut events = pair.deliver_up(packets[0].clone());
    let Some(ServerEvent::Request { msg_id, body, .. }) = events.pop() else {
        panic!()
    };
    assert_eq!(body, long);
    pair.server.reply(msg_id, &long, NOW);
    let packets = pair.server.flush(NOW, &mut *pair.random);
    assert!(packets[0].len() < 1000);
    assert_eq!(
        answers(&pair.client.receive(packets[0].clone(), NOW).unwrap()),
        [(id, Ok(long))]
    );
}

#[test]
fn a_wrong_salt_is_corrected_and_everything_sent_again() {
    for count in [1, 3] {
        let mut pair = Pair::with(0, 0);
        let ids: Vec<_> = (0..count)
            .map(|n| pair.client.request(request(&n.to_string())))
            .collect();
        pair.client.ping(9, None);
        let (up, down) = pair.settle();
        assert_eq!(codes(&up), [48]);
        assert_eq!(
            answers(&down).into_iter().map(|(id, _)| id).collect::<Vec<_>>(),
            ids
        );
        assert!(down.contains(&ClientEvent::Pong { ping_id: 9 }));
        assert_eq!(pair.client.salt(), salts().current(NOW));
    }
}

#[test]
fn salts_are_announced_and_switched_to() {
    let mut pair = Pair::new();
    pair.client.request_salts(1);
    let (_, down) = pair.settle();
    assert!(
        down.contains(&ClientEvent::Salts(2)),
        "never fewer than two: {down:?}"
    );
    pair.client.request_salts(64);
    pair.settle();
    for _ in 0..20 {
        pair.now += Duration::from_secs(1800);
        pair.client.request(request("still here"));
        let (up, down) = pair.settle();
        assert_eq!((codes(&up), answers(&down).len()), (vec![], 1));
        assert_eq!(pair.client.salt(), salts().current(pair.now));
    }
}

#[test]
fn a_wrong_clock_is_corrected() {
    for offset in [-100_000, -400, 31, 5000, 1_000_000] {
        let mut pair = Pair::with(salts().current(NOW), offset);
        let id = pair.client.request(request("what time is it"));
        let (up, down) = pair.settle();
        assert_eq!(codes(&up), [if offset < 0 { 16 } else { 17 }]);
        assert_eq!(answers(&down), [(id, Ok(request("what time is it")))], "{offset}");
        let off = pair.client.server_time(NOW).abs_diff(NOW);
        assert!(off < Duration::from_secs(1));
    }
}

#[test]
fn a_clock_that_only_the_client_minds_is_corrected() {
    for offset in [-290, -200, 25] {
        let mut pair = Pair::with(salts().current(NOW), offset);
        let id = pair.client.request(request("hello"));
        let (up, down) = pair.settle();
        assert_eq!(codes(&up), []);
        assert_eq!(answers(&down), [(id, Ok(request("hello")))], "{offset}");
    }
}

#[test]
fn a_server_lets_messages_in_by_time_and_parity() {
    for (msg_id, code) in [
        (msg_id_at(NOW - Duration::from_secs(299)), None),
        (msg_id_at(NOW + Duration::from_secs(29)), None),
        (msg_id_at(NOW - Duration::from_secs(302)), Some(16)),
        (msg_id_at(NOW + Duration::from_secs(31)), Some(17)),
        (0, Some(16)),
        (-4, Some(17)),
        (msg_id(0) | 1, Some(18)),
        (msg_id(0) | 2, Some(18)),
        (msg_id(0) | 3, Some(18)),
    ] {
        let mut pair = Pair::new();
        let events = pair.raw(msg_id, 1, request("x"));
        assert_eq!(codes(&events), Vec::from_iter(code), "{msg_id}");
        assert_eq!(requests(&events), usize::from(code.is_none()));
    }
}

#[test]
fn a_server_checks_sequence_numbers() {
    let mut pair = Pair::new();
    assert_eq!(codes(&pair.raw(msg_id(9), 3, request("a"))), []);
    assert_eq!(codes(&pair.raw(msg_id(8), 1, request("b"))), [32]);
    assert_eq!(codes(&pair.raw(msg_id(8), 3, request("b"))), [32]);
    assert_eq!(codes(&pair.raw(msg_id(10), 5, request("b"))), [33]);
    let empty = [ids::MSG_CONTAINER.to_le_bytes(), [0; 4]].concat();
    assert_eq!(codes(&pair.raw(msg_id(8), 5, empty)), [34]);
    assert_eq!(codes(&pair.raw(msg_id(8), 4, request("b"))), [35]);
    // Pings count for some clients and not for others.
    assert_eq!(
        codes(&pair.raw(msg_id(8), 4, Service::Ping { ping_id: 1 }.encode())),
        []
    );
    assert_eq!(
        codes(&pair.raw(msg_id(7), 5, Service::Ping { ping_id: 1 }.encode())),
        []
    );
    assert_eq!(codes(&pair.raw(msg_id(6), 7, request("c"))), []);
    // So are acknowledgements.
    let ack = Service::MsgsAck(vec![1]).encode();
    assert_eq!(codes(&pair.raw(msg_id(5), 8, ack.clone())), []);
    assert_eq!(codes(&pair.raw(msg_id(4), 9, ack)), []);
}

#[test]
fn a_server_acts_once_on_a_message_and_answers_it_again() {
    let mut pair = Pair::new();
    let id = pair.client.request(request("once"));
    let packet = pair.client.flush(NOW, &mut *pair.random).remove(0);
    let events = pair.deliver_up(packet.clone());
    let Some(ServerEvent::Request { msg_id, .. }) = events.last() else {
        panic!()
    };
    assert_eq!(
        requests(&pair.deliver_up(packet.clone())),
        0,
        "while it is worked on"
    );
    pair.server.reply(*msg_id, b"done", NOW);
    drop(pair.server.flush(NOW, &mut *pair.random)); // lost
    assert_eq!(
        requests(&pair.deliver_up(packet.clone())),
        0,
        "once it is answered"
    );
    assert_eq!(answers(&pair.down()), [(id, Ok(b"done".to_vec()))]);
    pair.now += ACK_DELAY;
    pair.up();
    assert_eq!(
        requests(&pair.deliver_up(packet)),
        0,
        "once the answer has arrived"
    );
    assert!(pair.down().is_empty());
}

#[test]
fn containers_are_checked() {
    let message = |msg_id: i64, seqno: i32, body: &[u8]| {
        let mut out = msg_id.to_le_bytes().to_vec();
        out.extend(seqno.to_le_bytes());
        out.extend((body.len() as u32).to_le_bytes());
        out.extend(body);
        out
    };
    let container = |messages: &[Vec<u8>]| {
        let mut out = ids::MSG_CONTAINER.to_le_bytes().to_vec();
        out.extend((messages.len() as u32).to_le_bytes());
        out.extend(messages.concat());
        out
    };
    let good = message(msg_id(5), 1, &request("x"));
    for (what, body, code) in [
        ("good", container(std::slice::from_ref(&good)), None),
        ("empty", container(&[]), None),
        (
            "an id above its container's",
            container(&[message(msg_id(0), 1, &request("x"))]),
            Some(64),
        ),
        (
            "a wrong parity within",
            container(&[message(msg_id(5) | 1, 1, &request("x"))]),
            Some(64),
        ),
        (
            "cut short",
            container(std::slice::from_ref(&good))[..20].to_vec(),
            Some(64),
        ),
        ("too many", container(&vec![good.clone(); 1025]), Some(64)),
        (
            "nested",
            container(&[message(
                msg_id(5),
                0,
                &container(&[message(msg_id(6), 1, &request("x"))]),
            )]),
            Some(64),
        ),
    ] {
        let mut pair = Pair::new();
        let events = pair.raw(msg_id(1), 2, body.clone());
        assert_eq!(codes(&events), Vec::from_iter(code), "{what}");
        assert_eq!(requests(&events), usize::from(what == "good"), "{what}");
        if code.is_none() {
            let again = pair.raw(msg_id(1), 2, body.clone());
            assert_eq!(
                (codes(&again), requests(&again)),
                (vec![], 0),
                "the same once more changes nothing"
            );
            assert_eq!(
                codes(&pair.raw(msg_id(1), 4, body)),
                [19],
                "another one must have another id"
            );
        }
    }
}

#[test]
fn another_session_and_another_key_are_not_this_one() {
    let mut pair = Pair::new();
    let envelope = Envelope {
        salt: 0,
        session_id: 1,
        msg_id: msg_id(0) | 1,
        seqno: 0,
        body: request("x"),
        quick_ack: 0,
    };
    let packet = envelope.seal(&key(), Side::Server, &mut *pair.random);
    assert_eq!(
        pair.client.receive(packet.clone(), NOW),
        Err(SessionError::SessionId)
    );
    assert!(
        pair.server
            .receive(
                Envelope {
                    msg_id: msg_id(0),
                    ..envelope
                },
                NOW,
                &mut *pair.random
            )
            .is_empty()
    );
    let mut other = packet;
    other[0] ^= 1;
    assert_eq!(
        pair.client.receive(other.clone(), NOW),
        Err(SessionError::Envelope(EnvelopeError::UnknownKey))
    );
    other[0] ^= 1;
    other[30] ^= 1;
    assert_eq!(
        pair.client.receive(other, NOW),
        Err(SessionError::Envelope(EnvelopeError::MsgKey))
    );
}

#[test]
fn a_client_lets_messages_in_by_time_and_parity_and_once() {
    let mut pair = Pair::new();
    let news = request("news");
    pair.raw_down(msg_id(1) | 1, 1, request("the first sets the clock"))
        .unwrap();
    assert_eq!(
        pair.raw_down(msg_id(0), 1, news.clone()),
        Err(SessionError::Parity)
    );
    assert_eq!(
        pair.raw_down(msg_id(0) | 2, 1, news.clone()),
        Err(SessionError::Parity)
    );
    assert_eq!(
        pair.raw_down(msg_id(302) | 3, 1, news.clone()),
        Err(SessionError::Time)
    );
    let ahead = msg_id_at(NOW + Duration::from_secs(32)) | 3;
    assert_eq!(pair.raw_down(ahead, 1, news.clone()), Err(SessionError::Time));
    assert_eq!(
        pair.raw_down(msg_id(0) | 3, 1, news.clone()),
        Ok(vec![ClientEvent::Update(news.clone())])
    );
    assert_eq!(pair.raw_down(msg_id(0) | 3, 1, news), Err(SessionError::Replay));
    // A complaint about the clock is believed only about a message that was sent.
    let complaint = Service::BadMsg {
        bad_msg_id: 4,
        bad_msg_seqno: 1,
        error_code: 17,
    }
    .encode();
    assert_eq!(pair.raw_down(ahead, 1, complaint), Err(SessionError::Time));
}

#[test]
fn a_client_judges_what_a_container_holds_by_itself() {
    let mut pair = Pair::new();
    let packed = |messages: &[(i64, &str)]| {
        let mut out = ids::MSG_CONTAINER.to_le_bytes().to_vec();
        out.extend((messages.len() as u32).to_le_bytes());
        for (msg_id, text) in messages {
            let body = request(text);
            out.extend(msg_id.to_le_bytes());
            out.extend(1_i32.to_le_bytes());
            out.extend((body.len() as u32).to_le_bytes());
            out.extend(body);
        }
        out
    };
    let update = |text| ClientEvent::Update(request(text));
    let first = packed(&[(msg_id(5) | 3, "one"), (msg_id(4), "not a server's")]);
    assert_eq!(pair.raw_down(msg_id(3) | 1, 2, first), Ok(vec![update("one")]));
    let again = packed(&[(msg_id(5) | 3, "one"), (msg_id(2) | 3, "two")]);
    assert_eq!(pair.raw_down(msg_id(1) | 1, 2, again), Ok(vec![update("two")]));
}

#[test]
fn what_is_too_old_to_be_remembered_is_not_let_in_again() {
    let mut pair = Pair::new();
    let old = request("old");
    assert_eq!(
        pair.raw_down(msg_id(20) | 3, 1, old.clone()).map(|got| got.len()),
        Ok(1)
    );
    assert_eq!(requests(&pair.raw(msg_id(20), 1, old.clone())), 1);
    for n in 1..=1000 {
        pair.raw_down((msg_id(10) | 3) + 4 * n, 1, request("x")).unwrap();
        assert_eq!(
            requests(&pair.raw(msg_id(10) + 4 * n, 1 + 2 * n as i32, request("x"))),
            1
        );
    }
    assert_eq!(
        pair.raw_down(msg_id(20) | 3, 1, old.clone()),
        Err(SessionError::Replay)
    );
    let events = pair.raw(msg_id(20), 1, old);
    assert_eq!((codes(&events), requests(&events)), (vec![20], 0));
}

#[test]
fn a_refusal_of_what_was_never_sent_changes_nothing() {
    let mut pair = Pair::new();
    pair.raw_down(msg_id(5) | 1, 1, request("the first sets the clock"))
        .unwrap();
    for (n, error_code) in [(4, 17), (3, 32)] {
        let refusal = Service::BadMsg {
            bad_msg_id: 4,
            bad_msg_seqno: 1,
            error_code,
        };
        assert_eq!(pair.raw_down(msg_id(n) | 1, 1, refusal.encode()), Ok(vec![]));
    }
    let news = pair.raw_down(msg_id(0) | 3, 1, request("news"));
    assert_eq!(
        news,
        Ok(vec![ClientEvent::Update(request("news"))]),
        "the session goes on"
    );
}

#[test]
fn a_session_that_is_to_be_left_hears_nothing_more() {
    let mut pair = Pair::new();
    pair.client.request(request("x"));
    let mut packet = pair.client.flush(pair.now, &mut *pair.random).remove(0);
    let sent = open(&key(), Side::Client, &mut packet).unwrap();
    let refusal = Service::BadMsg {
        bad_msg_id: sent.msg_id,
        bad_msg_seqno: sent.seqno,
        error_code: 32,
    };
    assert_eq!(pair.raw_down(msg_id(1) | 1, 1, refusal.encode()), Ok(vec![]));
    let late = pair.raw_down(msg_id(0) | 3, 1, request("late"));
    assert_eq!(late, Err(SessionError::SessionId), "the next one begins anew");
}

#[test]
fn a_request_that_is_always_refused_is_given_up() {
    let mut pair = Pair::new();
    let id = pair.client.request(request("bad"));
    let mut events = Vec::new();
    for turn in 0..20 {
        let packets = pair.client.flush(NOW, &mut *pair.random);
        let Some(packet) = packets.first() else { break };
        let sent = open(&key(), Side::Client, &mut packet.clone()).unwrap();
        let refusal = Service::BadMsg {
            bad_msg_id: sent.msg_id,
            bad_msg_seqno: sent.seqno,
            error_code: 64,
        }
        .encode();
        events.extend(pair.raw_down(msg_id(0) + 4 * turn + 1, 0, refusal).unwrap());
    }
    assert_eq!(events, [ClientEvent::Failed { id, code: 64 }]);
    assert_eq!(pair.client.unanswered(), 0);
}

#[test]
fn answers_can_be_dropped() {
    let mut pair = Pair::new();
    let id = pair.client.request(request("slow"));
    let Some(ServerEvent::Request { msg_id, .. }) = pair.up().pop() else {
        panic!()
    };
    pair.client.drop_answer(id);
    assert_eq!(pair.up(), [ServerEvent::Dropped { msg_id }]);
    assert!(!pair.server.reply(msg_id, b"too late", NOW));
    assert!(pair.down().contains(&ClientEvent::Dropped {
        id,
        answer: DropAnswer::Running
    }));
    assert_eq!(pair.client.unanswered(), 0);

    let id = pair.client.request(request("quick"));
    let mut events = pair.up();
    events.retain(|event| matches!(event, ServerEvent::Request { .. }));
    let Some(ServerEvent::Request { msg_id, .. }) = events.pop() else {
        panic!()
    };
    pair.server.reply(msg_id, b"done", NOW);
    drop(pair.server.flush(NOW, &mut *pair.random)); // lost
    pair.client.drop_answer(id);
    pair.up();
    let answer = pair.down();
    assert!(
        matches!(
            answer[..],
            [ClientEvent::Dropped {
                answer: DropAnswer::Dropped { .. },
                ..
            }]
        ),
        "{answer:?}"
    );
}

#[test]
fn states_are_told_and_messages_sent_again() {
    let mut pair = Pair::new();
    pair.raw(msg_id(9), 1, request("running"));
    let ask = Service::MsgsStateReq(vec![
        msg_id(9),
        msg_id(8),
        msg_id_at(NOW + Duration::from_secs(99)),
    ]);
    pair.raw(msg_id(7), 2, ask.encode());
    let update = pair.server.push(request("news"), NOW);
    let mut replies = Vec::new();
    for mut packet in pair.server.flush(NOW, &mut *pair.random) {
        replies.push(open(&key(), Side::Server, &mut packet).unwrap());
    }
    let told = replies[0].body.windows(4).any(|four| four == [3, 4 | 32, 2, 3]);
    assert!(told, "a TL string of three states");
    pair.raw(msg_id(6), 2, Service::MsgResendReq(vec![update]).encode());
    let events = pair.down();
    assert!(events.contains(&ClientEvent::Update(request("news"))));
    // It came in a container the second time, as a lone message would be older than those before it.
    pair.raw(msg_id(5), 2, Service::MsgsAck(vec![update]).encode());
    pair.raw(msg_id(4), 2, Service::MsgResendReq(vec![update]).encode());
    assert!(pair.down().is_empty(), "what was acknowledged is gone");
}

#[test]
fn sessions_and_keys_can_be_destroyed() {
    let mut pair = Pair::new();
    pair.client.destroy_session(77);
    assert!(
        pair.up()
            .contains(&ServerEvent::DestroySession { session_id: 77 })
    );
    pair.server.session_destroyed(77, true, NOW);
    assert!(pair.down().contains(&ClientEvent::SessionDestroyed {
        session_id: 77,
        found: true
    }));
    pair.client.destroy_key();
    assert!(pair.up().contains(&ServerEvent::DestroyKey));
    pair.server.key_destroyed(Some(true), NOW);
    assert_eq!(pair.down(), [ClientEvent::KeyDestroyed(Some(true))]);
}

#[test]
fn pings_with_a_delay_tell_the_server_when_to_hang_up() {
    let mut pair = Pair::new();
    pair.client.ping(3, Some(Duration::from_secs(75)));
    assert!(
        pair.up()
            .contains(&ServerEvent::DisconnectAfter(Duration::from_secs(75)))
    );
    assert!(pair.down().contains(&ClientEvent::Pong { ping_id: 3 }));
}

#[test]
fn a_restarted_server_gets_everything_again() {
    let mut pair = Pair::new();
    pair.client.request(request("first"));
    pair.settle();
    let ids = ["a", "b"].map(|text| pair.client.request(request(text)));
    pair.up();
    pair.server = ServerSession::new(
        key(),
        pair.client.session_id(),
        salts(),
        SessionOptions::default(),
    );
    pair.now += Duration::from_secs(1);
    pair.client.reconnected(pair.now);
    let (up, down) = pair.settle();
    assert_eq!((requests(&up), codes(&up)), (2, vec![]));
    assert!(down.contains(&ClientEvent::SessionCreated));
    let mut answered: Vec<_> = answers(&down).into_iter().map(|(id, _)| id).collect();
    answered.sort();
    assert_eq!(answered, ids);
}

#[test]
fn a_temporary_key_is_bound() {
    use ringback_mtproto::service::{BindAuthKeyInner, Reader};
    use ringback_mtproto::session::open_bind_message;
    let mut pair = Pair::with(0, 0);
    let permanent = Arc::new(AuthKey::from_bytes([8; 256]));
    pair.client
        .bind_temp_key(permanent.clone(), 1_700_086_400, &mut common::random(2));
    // Refused for its salt, it is made anew: the message id is part of it.
    let (up, _) = pair.settle();
    assert_eq!(codes(&up), [48]);
    let Some(ServerEvent::Request { msg_id, body, .. }) = up
        .into_iter()
        .find(|event| matches!(event, ServerEvent::Request { .. }))
    else {
        panic!()
    };
    let mut reader = Reader::new(&body);
    reader.expect(0xcdd4_2a05).unwrap();
    let inner = BindAuthKeyInner {
        perm_auth_key_id: reader.i64().unwrap(),
        nonce: reader.i64().unwrap(),
        expires_at: reader.i32().unwrap(),
        temp_auth_key_id: key().id(),
        temp_session_id: pair.client.session_id(),
    };
    assert_eq!(
        open_bind_message(&permanent, reader.bytes().unwrap(), &inner, msg_id),
        Ok(())
    );
}

#[test]
fn a_servers_ids_rise_and_have_the_right_parity() {
    let mut pair = Pair::new();
    let mut last = 0;
    for turn in 0..50 {
        pair.client.request(request("x"));
        pair.client.ping(turn, None);
        for event in pair.up() {
            if let ServerEvent::Request { msg_id, .. } = event {
                pair.server.reply(msg_id, b"yes!", pair.now);
            }
        }
        let update = pair.server.push(request("u"), pair.now);
        assert_eq!(update % 4, 3);
        for mut packet in pair.server.flush(pair.now, &mut *pair.random) {
            let envelope = open(&key(), Side::Server, &mut packet.clone()).unwrap();
            assert!(envelope.msg_id > last && envelope.msg_id % 4 == 1);
            last = envelope.msg_id;
            open(&key(), Side::Server, &mut packet).unwrap();
            pair.client
                .receive(packet_again(&envelope, &mut *pair.random), pair.now)
                .unwrap();
        }
    }
}

fn packet_again(envelope: &Envelope, random: &mut dyn Random) -> Vec<u8> {
    envelope.seal(&key(), Side::Server, random)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Packets are lost, doubled and reordered, connections break; everything is done once and answered once.
    #[test]
    fn nothing_is_lost_or_done_twice(
        fates in prop::collection::vec(0u8..10, 1..60), salt_right: bool, count in 1usize..12,
    ) {
        let mut pair = Pair::with(if salt_right { salts().current(NOW) } else { 1 }, 0);
        let ids: Vec<_> = (0..count).map(|n| pair.client.request(request(&format!("number {n}")))).collect();
        let (mut done, mut answered) = (Vec::new(), Vec::new());
        let mut late: Vec<(bool, Vec<u8>)> = Vec::new();
        let mut fates = fates.into_iter().chain(std::iter::repeat(9));
        for turn in 0..200 {
            pair.now += Duration::from_millis(300);
            if turn % 4 == 3 {
                pair.client.reconnected(pair.now);
            }
            let mut wire: Vec<(bool, Vec<u8>)> = Vec::new();
            let up = pair.client.flush(pair.now, &mut *pair.random);
            let down = pair.server.flush(pair.now, &mut *pair.random);
            wire.extend(up.into_iter().map(|packet| (true, packet)));
            wire.extend(down.into_iter().map(|packet| (false, packet)));
            wire.append(&mut late);
            let mut arriving = Vec::new();
            for packet in wire {
                match fates.next().unwrap() {
                    0 | 1 => {}
                    2 => late.push(packet),
                    3 => {
                        arriving.insert(0, packet.clone());
                        late.push(packet);
                    }
                    4 => arriving.insert(0, packet),
                    _ => arriving.push(packet),
                }
            }
            for (up, packet) in arriving {
                if up {
                    for event in pair.deliver_up(packet) {
                        if let ServerEvent::Request { msg_id, body, .. } = event {
                            pair.server.reply(msg_id, &body, pair.now);
                            done.push(body);
                        }
                    }
                } else if let Ok(events) = pair.client.receive(packet, pair.now) {
                    answered.extend(answers(&events));
                }
            }
            if answered.len() == count && pair.client.unanswered() == 0 && late.is_empty() {
                break;
            }
        }
        answered.sort_by_key(|(id, _)| *id);
        done.sort();
        let mut expected: Vec<_> = (0..count).map(|n| request(&format!("number {n}"))).collect();
        prop_assert_eq!(
            answered,
            ids.into_iter().zip(expected.iter().cloned().map(Ok)).collect::<Vec<_>>()
        );
        expected.sort();
        prop_assert_eq!(done, expected);
    }

    #[test]
    fn any_bytes_are_survived(
        bodies in prop::collection::vec((any::<Vec<u8>>(), 0usize..32, any::<u8>()), 1..6),
        packets in prop::collection::vec(any::<Vec<u8>>(), 0..4),
    ) {
        const KNOWN: [u32; 32] = [
            0x62d6_b459, 0xa7ef_f811, 0xedab_447b, 0x9ec2_0908, 0x7abe_77ec, 0xf342_7b8c, 0x3477_73c5, 0xb921_bd04,
            0xae50_0895, 0xe751_2126, 0xe220_45fc, 0x62d3_50c9, 0xd143_5160, 0xf660_e1d4, 0x0a9f_2259, 0xea10_9b13,
            0xda69_fb52, 0x04de_b57d, 0x8cc0_d131, 0x276d_3ec6, 0x809d_b6df, 0x7d86_1a08, 0x8610_baeb, 0x58e4_a740,
            0x5e2a_d36e, 0xcd78_e586, 0xa43a_d8b7, 0x9299_359f, 0xf35c_6d01, 0x73f1_f8dc, 0xe060_46b2, 0x3072_cfa1,
        ];
        let mut pair = Pair::new();
        pair.client.request(request("x"));
        pair.up();
        for (mut rest, which, seqno) in bodies {
            rest.resize(rest.len() / 4 * 4, 0);
            let body = [&KNOWN[which].to_le_bytes()[..], &rest].concat();
            let at = i64::from(seqno) * 4;
            pair.raw(msg_id(1) + at, seqno.into(), body.clone());
            let _ = pair.raw_down(msg_id(0) + at + 1, seqno.into(), body);
            pair.server.flush(NOW, &mut *pair.random);
            pair.client.flush(NOW, &mut *pair.random);
        }
        for mut packet in packets {
            let _ = pair.client.receive(packet.clone(), NOW);
            let _ = open(&key(), Side::Client, &mut packet);
            let mut keyed = [&key().id().to_le_bytes()[..], &packet].concat();
            let _ = open(&key(), Side::Client, &mut keyed);
        }
    }

    #[test]
    fn service_messages_round_trip(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(Some(service)) = Service::decode(&bytes) {
            let encoded = service.encode();
            prop_assert_eq!(Service::decode(&encoded), Ok(Some(service)));
        }
    }
}
