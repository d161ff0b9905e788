//! What changes most often from layer to layer: its constructor's id in each, and that it comes back.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use ringback_tl::{Decode, Encode, Layer, ctors, decode, encode, types};
use std::fmt::Debug;

/// The value is written under these ids, each from its layer on, and read again as it was.
fn ids<T: Encode + Decode + PartialEq + Debug>(value: &T, ids: &[(i32, u32)]) {
    for &layer in Layer::ALL {
        let (_, id) = *ids.iter().rfind(|(from, _)| *from <= layer.number()).unwrap();
        let bytes = encode(value, layer).unwrap();
        assert_eq!(bytes[..4], id.to_le_bytes(), "{layer:?}");
        assert_eq!(&decode::<T>(&bytes).unwrap(), value, "{layer:?}");
    }
}

#[test]
fn a_user() {
    let user: types::User = ctors::User {
        id: 5_000_000_001,
        access_hash: Some(7),
        first_name: Some("Ann".into()),
        ..Default::default()
    }
    .into();
    let forms = [
        (0, 0x3ff6_ecb0),
        (155, 0x8f97_c628),
        (166, 0xeb60_2f25),
        (173, 0x215c_4438),
        (185, 0x8331_4fca),
        (198, 0x4b46_c37e),
        (201, 0x020b_1422),
        (220, 0x3177_4388),
        (229, 0xb1b8_cc83),
    ];
    ids(&user, &forms);
}

#[test]
fn a_message() {
    let message: types::Message = ctors::Message {
        id: 3,
        peer_id: ctors::PeerUser { user_id: 1 }.into(),
        message: "hello".into(),
        ..Default::default()
    }
    .into();
    let forms = [
        (0, 0x85d6_cbe2),
        (143, 0x3811_6ee0),
        (173, 0x76be_c211),
        (181, 0x9434_5242),
        (198, 0x96fd_bbe9),
        (201, 0xeabc_dd4d),
        (214, 0x9815_cec8),
        (220, 0xb92f_76cf),
        (221, 0x9cb4_90e9),
        (223, 0x3ae5_6482),
        (225, 0x95ef_6f2b),
        (227, 0x7600_b9d3),
    ];
    ids(&message, &forms);
}

#[test]
fn a_channel() {
    let channel: types::Chat = ctors::Channel {
        id: 9,
        title: "News".into(),
        ..Default::default()
    }
    .into();
    let forms = [
        (0, 0x8261_ac61),
        (155, 0x8325_9464),
        (166, 0x1981_ea7e),
        (173, 0x0aad_fc8f),
        (198, 0xe009_98b7),
        (201, 0x7482_147e),
        (214, 0xfe68_5355),
        (220, 0x1c32_b11c),
        (229, 0xd49f_34c6),
    ];
    ids(&channel, &forms);
}

/// A colour used to be a number in the user itself.
#[test]
fn a_colour() {
    let color = ctors::PeerColor {
        color: Some(4),
        background_emoji_id: None,
    };
    let user: types::User = ctors::User {
        color: Some(color.into()),
        ..Default::default()
    }
    .into();
    for &layer in Layer::ALL.iter().filter(|layer| layer.number() >= 166) {
        let bytes = encode(&user, layer).unwrap();
        assert_eq!(decode::<types::User>(&bytes).unwrap(), user, "{layer:?}");
    }
}

/// What is to be known of a user held the user, where now it stands beside it.
#[test]
fn a_full_user() {
    let user: types::User = ctors::User {
        id: 5,
        ..Default::default()
    }
    .into();
    let full = types::users::UserFull {
        full_user: types::UserFull {
            id: 5,
            about: Some("Hello".into()),
            ..Default::default()
        },
        chats: Vec::new(),
        users: vec![user],
    };
    for &layer in Layer::ALL {
        let bytes = encode(&full, layer).unwrap();
        let read: types::users::UserFull = decode(&bytes).unwrap();
        assert_eq!((&read.users, read.full_user.id), (&full.users, 5), "{layer:?}");
        assert_eq!(read.full_user.about, full.full_user.about, "{layer:?}");
    }
}
