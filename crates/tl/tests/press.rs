//! The press and its answer, byte by byte. The vectors are written out by hand from the TL lines.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use ringback_tl::{DecodeError, EncodeError, Layer, Request, ctors, decode, encode, functions, types};

use functions::messages::GetBotCallbackAnswer;
use types::messages::BotCallbackAnswer;

/// Hexadecimal digits, with blanks between fields.
fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(16)).collect();
    digits
        .chunks(2)
        .map(|pair| (pair[0] << 4 | pair[1]) as u8)
        .collect()
}

/// The value has these bytes in every layer, and the bytes this value.
fn is<T: ringback_tl::Encode + ringback_tl::Decode + PartialEq + std::fmt::Debug>(value: &T, bytes: &str) {
    for &layer in Layer::ALL {
        assert_eq!(encode(value, layer).unwrap(), hex(bytes), "in {layer:?}");
    }
    assert_eq!(&decode::<T>(&hex(bytes)).unwrap(), value);
}

#[test]
fn a_press() {
    let press = GetBotCallbackAnswer {
        game: false,
        peer: ctors::InputPeerUser {
            user_id: 0x0102_0304,
            access_hash: -2,
        }
        .into(),
        msg_id: 4_437_344,
        data: Some(b"some bytes here".to_vec()),
        password: None,
    };
    //        id       flags    peer: id  user_id          access_hash      msg_id   data
    let bytes = "07ca4293 01000000 4ca5e8dd 0403020100000000 feffffffffffffff 60b54300
                 0f 736f6d65206279746573 2068657265";
    is(&press, bytes);
    let request = hex(bytes);
    assert_eq!(Request::peel(&request).unwrap().function().unwrap(), press.into());
}

#[test]
fn a_press_with_everything() {
    let press = GetBotCallbackAnswer {
        game: true,
        peer: types::InputPeer::Self_,
        msg_id: -1,
        data: Some(Vec::new()),
        password: Some(
            ctors::InputCheckPasswordSRP {
                srp_id: 5,
                a: vec![1, 2],
                m1: vec![3],
            }
            .into(),
        ),
    };
    //        id       flags    peer     msg_id   data     id       srp_id           A        M1
    is(
        &press,
        "07ca4293 07000000 c97ea07d ffffffff 00000000 82f07fd2 0500000000000000 02010200 01030000",
    );
}

#[test]
fn a_press_with_nothing() {
    is(
        &GetBotCallbackAnswer::default(),
        "07ca4293 00000000 ea183b7f 00000000",
    );
}

#[test]
fn a_press_of_a_game() {
    let press = GetBotCallbackAnswer {
        game: true,
        msg_id: 1,
        ..Default::default()
    };
    is(&press, "07ca4293 02000000 ea183b7f 01000000");
}

#[test]
fn data_of_64_bytes() {
    let press = GetBotCallbackAnswer {
        data: Some(vec![0xaa; 64]),
        ..Default::default()
    };
    // One byte for the length, three to fill up: 68.
    is(
        &press,
        &format!(
            "07ca4293 01000000 ea183b7f 00000000 40 {} 000000",
            "aa".repeat(64)
        ),
    );
}

#[test]
fn an_answer() {
    is(&BotCallbackAnswer::default(), "a45e5836 00000000 00000000");
    is(
        &BotCallbackAnswer {
            alert: true,
            message: Some("ok".into()),
            cache_time: 60,
            ..Default::default()
        },
        "a45e5836 03000000 026f6b00 3c000000",
    );
    is(
        &BotCallbackAnswer {
            alert: true,
            has_url: true,
            native_ui: true,
            message: Some("né".into()),
            url: Some("t.me/b".into()),
            cache_time: -1,
        },
        "a45e5836 1f000000 036ec3a9 06742e6d652f6200 ffffffff",
    );
}

#[test]
fn a_long_answer() {
    let message = "x".repeat(254);
    let bytes = format!("a45e5836 01000000 fefe0000 {} 0000 00000000", "78".repeat(254));
    is(
        &BotCallbackAnswer {
            message: Some(message),
            ..Default::default()
        },
        &bytes,
    );
}

#[test]
fn answers_that_are_none() {
    let error = |bytes: &str| decode::<BotCallbackAnswer>(&hex(bytes)).unwrap_err();
    assert_eq!(error(""), DecodeError::Eof { wanted: 4, left: 0 });
    assert_eq!(
        error("a45e5836 00000000 0000"),
        DecodeError::Eof { wanted: 4, left: 2 }
    );
    assert_eq!(
        error("a45e5836 00000000 00000000 00"),
        DecodeError::Trailing { left: 1 }
    );
    assert_eq!(error("a45e5836 01000000 02fffe00 00000000"), DecodeError::Utf8);
    assert_eq!(error("a45e5836 01000000 ff000000 00000000"), DecodeError::Length);
    // 253 bytes said in four.
    let long = format!("a45e5836 01000000 fefd0000 {} 000000 00000000", "78".repeat(253));
    assert_eq!(error(&long), DecodeError::Length);
    assert_eq!(
        error("07ca4293 00000000 00000000"),
        DecodeError::Unexpected {
            id: 0x9342_ca07,
            expected: "messages.BotCallbackAnswer"
        }
    );
    // Bits that nobody has defined take no bytes: they are passed over.
    assert_eq!(
        decode(&hex("a45e5836 00000080 00000000")),
        Ok(BotCallbackAnswer::default())
    );
}

fn keyboard() -> types::ReplyMarkup {
    let button = |text: &str, r#type: types::InlineButtonType| types::KeyboardInlineButton {
        style: None,
        text: text.into(),
        r#type,
    };
    let callback = ctors::InlineButtonTypeCallback {
        requires_password: true,
        data: b"up".to_vec(),
    };
    ctors::ReplyInlineMarkup {
        force_reply: false,
        rows: vec![types::KeyboardInlineButtonRow {
            buttons: vec![
                button("Up", callback.into()),
                button("Go", types::InlineButtonType::Game),
            ],
        }],
    }
    .into()
}

#[test]
fn a_button_in_its_three_forms() {
    let (head, row) = ("5402a348 15c4b51c 01000000", "838b6077 15c4b51c 02000000");
    let forms = [
        (
            Layer::L158,
            format!("{head} {row} 6bdbbb35 01000000 02557000 02757000 cf1cf450 02476f00"),
        ),
        (
            Layer::L198,
            format!("{head} {row} 6bdbbb35 01000000 02557000 02757000 cf1cf450 02476f00"),
        ),
        (
            Layer::L227,
            format!("{head} {row} 60c92be6 01000000 02557000 02757000 f990c589 00000000 02476f00"),
        ),
        (
            Layer::L229,
            "7057b1b2 00000000 15c4b51c 01000000 f60a4219 15c4b51c 02000000
             22a3c111 00000000 02557000 38bc5529 01000000 02757000
             22a3c111 00000000 02476f00 9d70d35c"
                .into(),
        ),
    ];
    for (layer, bytes) in forms {
        assert_eq!(encode(&keyboard(), layer).unwrap(), hex(&bytes), "{layer:?}");
        assert_eq!(
            decode::<types::ReplyMarkup>(&hex(&bytes)).unwrap(),
            keyboard(),
            "{layer:?}"
        );
    }
}

#[test]
fn a_style_goes_where_it_is_known() {
    let style = types::KeyboardButtonStyle {
        bg_danger: true,
        ..Default::default()
    };
    let mut styled = keyboard();
    let types::ReplyMarkup::ReplyInlineMarkup(markup) = &mut styled else {
        panic!("{styled:?}")
    };
    markup.rows[0].buttons[0].style = Some(style);
    let there = |layer| decode::<types::ReplyMarkup>(&encode(&styled, layer).unwrap()).unwrap();
    assert_eq!(there(Layer::L158), keyboard());
    assert_eq!(there(Layer::L198), keyboard());
    assert_eq!(there(Layer::L227), styled);
    assert_eq!(there(Layer::L230), styled);
}

#[test]
fn what_an_old_keyboard_cannot_say() {
    let button = |r#type: types::InlineButtonType| types::KeyboardInlineButton {
        r#type,
        ..Default::default()
    };
    let there = |b: &types::KeyboardInlineButton, layer| {
        decode::<types::KeyboardInlineButton>(&encode(b, layer).unwrap())
            .unwrap()
            .r#type
    };
    let nothing = types::InlineButtonType::Callback(ctors::InlineButtonTypeCallback::default());
    let copy = button(
        ctors::InlineButtonTypeCopy {
            copy_text: "c".into(),
        }
        .into(),
    );
    assert_eq!(there(&copy, Layer::L198), copy.r#type);
    assert_eq!(there(&copy, Layer::L158), nothing);
    assert_eq!(
        there(&button(types::InlineButtonType::Disabled), Layer::L227),
        nothing
    );
}

#[test]
fn bits_that_a_layer_does_not_know_are_left_out() {
    // replyKeyboardMarkup has one id; force_reply (bit 5) came with layer 229.
    let markup: types::ReplyMarkup = ctors::ReplyKeyboardMarkup {
        force_reply: true,
        selective: true,
        ..Default::default()
    }
    .into();
    let flags = |layer| encode(&markup, layer).unwrap()[4];
    assert_eq!((flags(Layer::L227), flags(Layer::L229)), (0b00_0100, 0b10_0100));
}

#[test]
fn what_cannot_be_written() {
    let password = types::account::Password {
        has_password: true,
        ..Default::default()
    };
    let error = encode(&password, Layer::L230).unwrap_err();
    assert_eq!(
        error,
        EncodeError::Missing {
            field: "account.password.current_algo"
        }
    );

    let button = types::KeyboardButtonStyle::default();
    let error = encode(&button, Layer::L198).unwrap_err();
    assert_eq!(error.to_string(), "keyboardButtonStyle has no form in layer 198");

    let mut out = vec![1, 2, 3];
    assert!(ringback_tl::encode_into(&password, Layer::L230, &mut out).is_err());
    assert_eq!(out, [1, 2, 3]);
    let long = BotCallbackAnswer {
        message: Some("x".repeat(1 << 24)),
        ..Default::default()
    };
    assert_eq!(
        encode(&long, Layer::L230),
        Err(EncodeError::TooLong { length: 1 << 24 })
    );
}

#[test]
fn a_vector_reserves_no_more_than_came() {
    // 2³¹ entities in 12 bytes.
    let bytes = hex("15c4b51c ffffff7f 00000000 00000000 00000000");
    let error = decode::<Vec<types::MessageEntity>>(&bytes).unwrap_err();
    assert_eq!(
        error,
        DecodeError::Count {
            count: 0x7fff_ffff,
            left: 12
        }
    );
}

#[test]
fn entities_that_a_layer_does_not_know_are_left_out() {
    let bold: types::MessageEntity = ctors::MessageEntityBold { offset: 0, length: 1 }.into();
    let quote = ctors::MessageEntityBlockquote {
        collapsed: false,
        offset: 0,
        length: 1,
    };
    let text = types::TextWithEntities {
        text: "a".into(),
        entities: vec![quote.into(), bold.clone()],
    };
    let entities =
        |layer| decode::<Vec<types::MessageEntity>>(&encode(&text.entities, layer).unwrap()).unwrap();
    assert_eq!(entities(Layer::L230), text.entities);
    // Layer 158 knows quotes, in a form that cannot be collapsed.
    assert_eq!(entities(Layer::L158).last(), Some(&bold));
}

/// An invoice whose preview holds an invoice, and so on.
fn nested_invoices(depth: usize) -> types::MessageMedia {
    let mut media = types::MessageMedia::Empty;
    for _ in 0..depth {
        let inner = ctors::MessageExtendedMedia {
            media: Box::new(media),
        };
        let invoice = ctors::MessageMediaInvoice {
            extended_media: Some(Box::new(inner.into())),
            ..Default::default()
        };
        media = invoice.into();
    }
    media
}

#[test]
fn depth_is_bounded() {
    let read = |depth| decode::<types::MessageMedia>(&encode(&nested_invoices(depth), Layer::L230).unwrap());
    assert_eq!(read(10), Ok(nested_invoices(10)));
    assert_eq!(read(100), Err(DecodeError::Depth));

    let mut peer = 0xa87b_0a1c_u32.to_le_bytes().repeat(1 << 16);
    peer.extend([0; 16]);
    assert_eq!(decode::<types::InputPeer>(&peer), Err(DecodeError::Depth));
}
