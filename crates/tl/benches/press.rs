//! The press and its answer, beside `grammers-tl-types`: `cargo bench -p ringback-tl`.
//!
//! `ours` and `theirs` of one group do the same work on the same bytes. Encoding goes into a `Vec` that is
//! cleared and used again.

use divan::{Bencher, black_box};
use grammers_tl_types as tl;
use ringback_tl::{Layer, Request, ctors, functions, types};
use tl::{Deserializable, Serializable};

fn main() {
    divan::main();
}

const DATA: &[u8] = b"vol:set:42";
const TEXT: &str = "The volume is 42 % now";
const URL: &str = "https://t.me/volumebot?start=42";

fn press() -> functions::messages::GetBotCallbackAnswer {
    functions::messages::GetBotCallbackAnswer {
        game: false,
        peer: ctors::InputPeerUser {
            user_id: 123_456_789,
            access_hash: -987_654_321,
        }
        .into(),
        msg_id: 4_437_344,
        data: Some(DATA.to_vec()),
        password: None,
    }
}

fn their_press() -> tl::functions::messages::GetBotCallbackAnswer {
    tl::functions::messages::GetBotCallbackAnswer {
        game: false,
        peer: tl::types::InputPeerUser {
            user_id: 123_456_789,
            access_hash: -987_654_321,
        }
        .into(),
        msg_id: 4_437_344,
        data: Some(DATA.to_vec()),
        password: None,
    }
}

fn answer() -> types::messages::BotCallbackAnswer {
    types::messages::BotCallbackAnswer {
        alert: true,
        has_url: true,
        native_ui: false,
        message: Some(TEXT.into()),
        url: Some(URL.into()),
        cache_time: 60,
    }
}

fn press_bytes() -> Vec<u8> {
    ringback_tl::encode(&press(), Layer::NEWEST).unwrap_or_default()
}

fn answer_bytes() -> Vec<u8> {
    ringback_tl::encode(&answer(), Layer::NEWEST).unwrap_or_default()
}

mod encode_press {
    use super::*;

    #[divan::bench(sample_count = 200, sample_size = 1000)]
    fn ours(bencher: Bencher<'_, '_>) {
        let (press, mut out) = (press(), Vec::with_capacity(256));
        bencher.bench_local(move || {
            out.clear();
            let _ = ringback_tl::encode_into(black_box(&press), Layer::NEWEST, &mut out);
            black_box(out.len())
        });
    }

    #[divan::bench(sample_count = 200, sample_size = 1000)]
    fn theirs(bencher: Bencher<'_, '_>) {
        let (press, mut out) = (their_press(), Vec::with_capacity(256));
        bencher.bench_local(move || {
            out.clear();
            black_box(&press).serialize(&mut out);
            black_box(out.len())
        });
    }
}

mod decode_press {
    use super::*;

    #[divan::bench(sample_count = 200, sample_size = 1000)]
    fn ours(bencher: Bencher<'_, '_>) {
        let bytes = press_bytes();
        bencher.bench_local(move || {
            ringback_tl::decode::<functions::messages::GetBotCallbackAnswer>(black_box(&bytes))
        });
    }

    /// As the server does it: any call, by its id.
    #[divan::bench(sample_count = 200, sample_size = 1000)]
    fn ours_as_any_call(bencher: Bencher<'_, '_>) {
        let bytes = press_bytes();
        bencher.bench_local(move || Request::peel(black_box(&bytes)).and_then(|request| request.function()));
    }

    #[divan::bench(sample_count = 200, sample_size = 1000)]
    fn theirs(bencher: Bencher<'_, '_>) {
        // Their functions are read without the id.
        let bytes = press_bytes().split_off(4);
        bencher.bench_local(move || {
            tl::functions::messages::GetBotCallbackAnswer::from_bytes(black_box(&bytes))
        });
    }
}

mod encode_answer {
    use super::*;

    #[divan::bench(sample_count = 200, sample_size = 1000)]
    fn ours(bencher: Bencher<'_, '_>) {
        let (answer, mut out) = (answer(), Vec::with_capacity(256));
        bencher.bench_local(move || {
            out.clear();
            let _ = ringback_tl::encode_into(black_box(&answer), Layer::NEWEST, &mut out);
            black_box(out.len())
        });
    }

    #[divan::bench(sample_count = 200, sample_size = 1000)]
    fn theirs(bencher: Bencher<'_, '_>) {
        let answer = tl::enums::messages::BotCallbackAnswer::from_bytes(&answer_bytes());
        let mut out = Vec::with_capacity(256);
        bencher.bench_local(move || {
            out.clear();
            if let Ok(answer) = black_box(&answer) {
                answer.serialize(&mut out);
            }
            black_box(out.len())
        });
    }
}

mod decode_answer {
    use super::*;

    #[divan::bench(sample_count = 200, sample_size = 1000)]
    fn ours(bencher: Bencher<'_, '_>) {
        let bytes = answer_bytes();
        bencher.bench_local(move || {
            ringback_tl::decode::<types::messages::BotCallbackAnswer>(black_box(&bytes))
        });
    }

    #[divan::bench(sample_count = 200, sample_size = 1000)]
    fn theirs(bencher: Bencher<'_, '_>) {
        let bytes = answer_bytes();
        bencher.bench_local(move || tl::enums::messages::BotCallbackAnswer::from_bytes(black_box(&bytes)));
    }
}

/// A hundred messages with keyboards, as history brings them.
mod history {
    use super::*;

    fn bytes() -> Vec<u8> {
        let button = types::KeyboardInlineButton {
            style: None,
            text: "Turn up".into(),
            r#type: ctors::InlineButtonTypeCallback {
                requires_password: false,
                data: DATA.to_vec(),
            }
            .into(),
        };
        let row = types::KeyboardInlineButtonRow {
            buttons: vec![button.clone(), button],
        };
        let markup = ctors::ReplyInlineMarkup {
            force_reply: false,
            rows: vec![row],
        };
        let message = ctors::Message {
            id: 7,
            peer_id: ctors::PeerUser { user_id: 1 }.into(),
            from_id: Some(ctors::PeerUser { user_id: 2 }.into()),
            message: TEXT.into(),
            reply_markup: Some(markup.into()),
            ..Default::default()
        };
        let messages = vec![message.into(); 100];
        let history: types::messages::Messages = ctors::messages::Messages {
            messages,
            ..Default::default()
        }
        .into();
        ringback_tl::encode(&history, Layer::NEWEST).unwrap_or_default()
    }

    #[divan::bench]
    fn decode_ours(bencher: Bencher<'_, '_>) {
        let bytes = bytes();
        bencher.bench_local(move || ringback_tl::decode::<types::messages::Messages>(black_box(&bytes)));
    }

    #[divan::bench]
    fn decode_theirs(bencher: Bencher<'_, '_>) {
        let bytes = bytes();
        bencher.bench_local(move || tl::enums::messages::Messages::from_bytes(black_box(&bytes)));
    }

    #[divan::bench(args = [Layer::L158, Layer::L227, Layer::L230])]
    fn encode_ours(bencher: Bencher<'_, '_>, layer: Layer) {
        let history = ringback_tl::decode::<types::messages::Messages>(&bytes());
        let mut out = Vec::with_capacity(1 << 16);
        bencher.bench_local(move || {
            out.clear();
            if let Ok(history) = black_box(&history) {
                let _ = ringback_tl::encode_into(history, layer, &mut out);
            }
            black_box(out.len())
        });
    }

    #[divan::bench]
    fn encode_theirs(bencher: Bencher<'_, '_>) {
        let history = tl::enums::messages::Messages::from_bytes(&bytes());
        let mut out = Vec::with_capacity(1 << 16);
        bencher.bench_local(move || {
            out.clear();
            if let Ok(history) = black_box(&history) {
                history.serialize(&mut out);
            }
            black_box(out.len())
        });
    }
}
