//! Every framing, from both ends, split at every byte.

// The helpers of tests may panic as the tests themselves do.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use proptest::prelude::*;
use ringback_mtproto::transport::{Detected, Detector, Frame, Framing, Transport, TransportError};

const FRAMINGS: [Framing; 4] = [
    Framing::Abridged,
    Framing::Intermediate,
    Framing::PaddedIntermediate,
    Framing::Full,
];

fn client(framing: Framing, obfuscated: bool) -> (Transport, Vec<u8>) {
    if obfuscated {
        Transport::connect_obfuscated(framing, 2, &mut common::random(3))
    } else {
        Transport::connect(framing)
    }
}

/// Opens a server's end with the client's opening.
fn accept(bytes: &[u8]) -> Transport {
    match Detector::new().feed(bytes).unwrap() {
        Some(Detected::Mtproto(transport)) => *transport,
        other => panic!("{other:?}"),
    }
}

fn payloads(transport: &mut Transport) -> Vec<Vec<u8>> {
    let mut out = Vec::new();
    while let Some(frame) = transport.next_frame().unwrap() {
        match frame {
            Frame::Packet {
                payload,
                quick_ack: false,
            } => out.push(payload),
            other => panic!("{other:?}"),
        }
    }
    out
}

/// What was sent, but for the padding that one framing adds at the end.
fn same(framing: Framing, got: &[Vec<u8>], sent: &[Vec<u8>]) -> bool {
    got.len() == sent.len()
        && got.iter().zip(sent).all(|(got, sent)| {
            if framing == Framing::PaddedIntermediate {
                got.starts_with(sent) && got.len() < sent.len() + 16
            } else {
                got == sent
            }
        })
}

fn all(mut test: impl FnMut(Framing, bool)) {
    for framing in FRAMINGS {
        for obfuscated in [false, true] {
            if !(obfuscated && framing == Framing::Full) {
                test(framing, obfuscated);
            }
        }
    }
}

#[test]
fn frames_survive_being_split_at_every_byte() {
    let sent: Vec<Vec<u8>> = [24usize, 40, 504, 508, 512, 1024]
        .map(|size| vec![size as u8; size])
        .to_vec();
    all(|framing, obfuscated| {
        let mut random = common::random(1);
        let (mut client, mut wire) = client(framing, obfuscated);
        for packet in &sent {
            client.send(packet, &mut wire, &mut random);
        }
        for split in 0..=wire.len() {
            let mut detector = Detector::new();
            let (head, tail) = wire.split_at(split);
            let mut server = match detector.feed(head).unwrap() {
                Some(Detected::Mtproto(mut server)) => {
                    let first = payloads(&mut server);
                    server.feed(tail);
                    let got = [first, payloads(&mut server)].concat();
                    assert!(same(framing, &got, &sent), "{framing:?} {obfuscated} {split}");
                    continue;
                }
                Some(Detected::Http) => panic!("not HTTP"),
                None => match detector.feed(tail).unwrap() {
                    Some(Detected::Mtproto(server)) => server,
                    other => panic!("{framing:?} {obfuscated} {split}: {other:?}"),
                },
            };
            assert_eq!((server.framing(), server.is_obfuscated()), (framing, obfuscated));
            assert!(
                same(framing, &payloads(&mut server), &sent),
                "{framing:?} {obfuscated} {split}"
            );
        }
    });
}

#[test]
fn the_way_back_survives_byte_by_byte() {
    let sent: Vec<Vec<u8>> = [24usize, 508, 2000].map(|size| vec![size as u8; size]).to_vec();
    all(|framing, obfuscated| {
        let mut random = common::random(2);
        let (mut client, mut opening) = client(framing, obfuscated);
        client.send(&[0; 40], &mut opening, &mut random);
        let mut server = accept(&opening);
        let mut wire = Vec::new();
        for packet in &sent {
            server.send(packet, &mut wire, &mut random);
        }
        let mut got = Vec::new();
        for byte in wire {
            client.feed(&[byte]);
            got.extend(payloads(&mut client));
        }
        assert!(same(framing, &got, &sent), "{framing:?} {obfuscated}");
    });
}

#[test]
fn errors_and_quick_acks_reach_the_client() {
    all(|framing, obfuscated| {
        let mut random = common::random(5);
        let (mut client, mut opening) = client(framing, obfuscated);
        client.send(&[0; 40], &mut opening, &mut random);
        let mut server = accept(&opening);
        let mut wire = Vec::new();
        server.send_quick_ack(0x1234_5678, &mut wire);
        server.send_error(-404, &mut wire, &mut random);
        client.feed(&wire);
        if framing != Framing::Full {
            assert_eq!(client.next_frame().unwrap(), Some(Frame::QuickAck(0x9234_5678)));
        }
        assert_eq!(
            client.next_frame().unwrap(),
            Some(Frame::Error(-404)),
            "{framing:?} {obfuscated}"
        );
        assert_eq!(client.next_frame().unwrap(), None);
    });
}

#[test]
fn the_quick_ack_bit_is_not_part_of_the_length() {
    let packet = [1; 24];
    for (framing, head) in [
        (Framing::Abridged, vec![0xef, 0x86]),
        (Framing::Abridged, vec![0xef, 0xff, 6, 0, 0]),
        (
            Framing::Intermediate,
            vec![0xee, 0xee, 0xee, 0xee, 24, 0, 0, 0x80],
        ),
        (
            Framing::PaddedIntermediate,
            vec![0xdd, 0xdd, 0xdd, 0xdd, 24, 0, 0, 0x80],
        ),
    ] {
        let mut server = accept(&[&head[..], &packet].concat());
        assert_eq!(server.framing(), framing);
        let frame = server.next_frame().unwrap();
        assert_eq!(
            frame,
            Some(Frame::Packet {
                payload: packet.to_vec(),
                quick_ack: true
            })
        );
    }
}

#[test]
fn a_full_frame_is_checked() {
    let (mut client, _) = Transport::connect(Framing::Full);
    let mut wire = Vec::new();
    client.send(&[7; 32], &mut wire, &mut common::random(1));
    for at in 8..wire.len() {
        let mut bad = wire.clone();
        bad[at] ^= 1;
        assert_eq!(accept(&bad).next_frame(), Err(TransportError::Checksum), "{at}");
    }
    // The second frame alone is out of order; the first twice is too.
    let mut twice = wire.clone();
    twice.extend_from_slice(&wire);
    let mut server = accept(&twice);
    assert!(server.next_frame().unwrap().is_some());
    assert_eq!(
        server.next_frame(),
        Err(TransportError::Sequence {
            expected: 1,
            found: 0
        })
    );
}

#[test]
fn lengths_are_limited_before_anything_is_kept() {
    for (opening, expected) in [
        (
            &[0xee, 0xee, 0xee, 0xee, 0xff, 0xff, 0xff, 0x7f][..],
            TransportError::TooLong(0x7fff_ffff),
        ),
        (
            &[0xef, 0x7f, 0xff, 0xff, 0xff],
            TransportError::TooLong(0xff_ffff * 4),
        ),
        (
            &[0xdd, 0xdd, 0xdd, 0xdd, 0, 0, 0x40, 0],
            TransportError::TooLong(1 << 22),
        ),
        (
            &[0xff, 0xff, 0xff, 0x0f, 0, 0, 0, 0],
            TransportError::TooLong(0x0fff_fff3),
        ),
        (&[0x0c, 0, 0, 0, 0, 0, 0, 0], TransportError::Length(12)),
        (&[0xef, 0], TransportError::Length(0)),
        (&[0xee, 0xee, 0xee, 0xee, 6, 0, 0, 0], TransportError::Length(6)),
    ] {
        assert_eq!(accept(opening).next_frame(), Err(expected), "{opening:?}");
    }
}

#[test]
fn a_detector_tells_http_from_everything_else() {
    for verb in [
        "GET ",
        "POST",
        "HEAD",
        "PUT ",
        "OPTIONS",
        "DELETE",
        "PATCH",
        "PRI * HTTP/2.0",
    ] {
        let mut detector = Detector::new();
        let mut seen = None;
        for byte in verb.bytes() {
            assert!(seen.is_none() || detector.buffered().len() >= 4);
            seen = seen.or(detector.feed(&[byte]).unwrap());
        }
        assert!(matches!(seen, Some(Detected::Http)), "{verb}");
    }
    assert!(
        Detector::new().feed(&[0x16; 64]).is_err(),
        "an obfuscated stream of no known framing"
    );
}

#[test]
fn an_obfuscated_opening_is_never_one_of_the_others() {
    let mut random = common::random(11);
    for _ in 0..2000 {
        let (_, header) = Transport::connect_obfuscated(Framing::Abridged, 2, &mut random);
        match Detector::new().feed(&header).unwrap() {
            Some(Detected::Mtproto(transport)) => assert!(transport.is_obfuscated()),
            other => panic!("{other:?}"),
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_survived_by_a_server(chunks in prop::collection::vec(any::<Vec<u8>>(), 0..8), tag in 0usize..6) {
        let opening: &[u8] = [&[0xef][..], &[0xee; 4], &[0xdd; 4], &[16, 0, 0, 0, 0, 0, 0, 0], &[], &[9; 64]][tag];
        let mut detector = Detector::new();
        let mut transport = None;
        for bytes in std::iter::once(opening.to_vec()).chain(chunks) {
            match &mut transport {
                None => match detector.feed(&bytes) {
                    Ok(Some(Detected::Mtproto(found))) => transport = Some(found),
                    Ok(None) => {}
                    Ok(Some(Detected::Http)) | Err(_) => return Ok(()),
                },
                Some(transport) => {
                    transport.feed(&bytes);
                    while let Ok(Some(_)) = transport.next_frame() {}
                }
            }
        }
    }

    #[test]
    fn any_bytes_are_survived_by_a_client(chunks in prop::collection::vec(any::<Vec<u8>>(), 0..8), which in 0usize..4) {
        let (mut transport, _) = Transport::connect(FRAMINGS[which]);
        for bytes in chunks {
            transport.feed(&bytes);
            while let Ok(Some(_)) = transport.next_frame() {}
        }
    }
}
