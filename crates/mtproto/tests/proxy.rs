//! Clients that take the server for an MTProto proxy.

// The helpers of tests may panic as the tests themselves do.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use aes::cipher::{KeyIvInit, StreamCipher};
use ringback_mtproto::Random;
use ringback_mtproto::crypto::sha256;
use ringback_mtproto::transport::{Detected, Detector, Frame, Framing, Transport};

type Ctr = ctr::Ctr128BE<aes::Aes256>;

const SECRET: [u8; 16] = *b"sixteen bytes ..";

/// What such a client opens with, and its two ciphers.
fn through_proxy(framing_tag: [u8; 4]) -> (Vec<u8>, Ctr, Ctr) {
    let mut header = [0_u8; 64];
    common::random(17).fill(&mut header);
    header[56..60].copy_from_slice(&framing_tag);
    let reversed: Vec<u8> = header[8..56].iter().rev().copied().collect();
    let cipher = |secret: &[u8]| {
        let iv: [u8; 16] = secret[32..48].try_into().unwrap();
        Ctr::new(&sha256(&[&secret[..32], &SECRET]).into(), &iv.into())
    };
    let (mut outgoing, incoming) = (cipher(&header[8..56]), cipher(&reversed));
    let mut covered = header;
    outgoing.apply_keystream(&mut covered);
    header[56..].copy_from_slice(&covered[56..]);
    (header.to_vec(), outgoing, incoming)
}

#[test]
fn a_proxys_secret_opens_what_is_meant_for_a_proxy() {
    for (tag, framing) in [
        ([0xef; 4], Framing::Abridged),
        ([0xee; 4], Framing::Intermediate),
        ([0xdd; 4], Framing::PaddedIntermediate),
    ] {
        let (mut wire, mut outgoing, mut incoming) = through_proxy(tag);
        assert!(Detector::new().feed(&wire).is_err(), "without the secret");
        let wrong = Detector::new().proxy_secret([9; 16]).feed(&wire).is_err();
        assert!(wrong, "with another secret");
        let length: &[u8] = match framing {
            Framing::Abridged => &[10],
            _ => &[40, 0, 0, 0],
        };
        let mut packet = [length, &[7; 40]].concat();
        outgoing.apply_keystream(&mut packet);
        wire.extend(packet);
        let mut server = match Detector::new().proxy_secret(SECRET).feed(&wire).unwrap() {
            Some(Detected::Mtproto(transport)) => *transport,
            found => panic!("{found:?}"),
        };
        assert_eq!((server.framing(), server.is_obfuscated()), (framing, true));
        let got = Frame::Packet {
            payload: vec![7; 40],
            quick_ack: false,
        };
        assert_eq!(server.next_frame(), Ok(Some(got)));
        let mut random = common::random(4);
        for _ in 0..50 {
            let mut back = Vec::new();
            server.send(&[8; 40], &mut back, &mut random);
            incoming.apply_keystream(&mut back);
            assert_eq!(back[length.len()..][..40], [8; 40], "{framing:?}");
            // Some of these clients take off no more than what is beyond a multiple of four.
            assert!(back.len() < length.len() + 44, "{framing:?}: {}", back.len());
        }
    }
}

#[test]
fn a_secret_changes_nothing_for_those_who_do_not_use_it() {
    let mut random = common::random(3);
    for framing in [
        Framing::Abridged,
        Framing::Intermediate,
        Framing::PaddedIntermediate,
    ] {
        let (_, plain) = Transport::connect(framing);
        let (_, obfuscated) = Transport::connect_obfuscated(framing, 2, &mut random);
        for opening in [plain, obfuscated] {
            match Detector::new().proxy_secret(SECRET).feed(&opening).unwrap() {
                Some(Detected::Mtproto(transport)) => assert_eq!(transport.framing(), framing),
                found => panic!("{found:?}"),
            }
        }
    }
}
