//! What reading an update costs: `cargo bench -p ringback --bench decode`.
//!
//! `borrowed_struct` is the yardstick: the least that `serde_json` alone needs to come to the same fields.

use bytes::Bytes;
use divan::{Bencher, black_box};
use ringback::api;
use serde::Deserialize;

// The reader is the crate's own affair, so it is compiled in here.
#[allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "the crate uses all of it, its tests too"
)]
#[path = "../src/update/mod.rs"]
mod update;

/// A press as the official server writes it: 1.2 kB, of which the message is 0.8.
const PRESS: &str = include_str!("press.json");

/// The message of [`PRESS`].
fn message() -> Bytes {
    let start = PRESS.find("{\"message_id\"").unwrap_or_default();
    let end = PRESS.find(",\"chat_instance\"").unwrap_or_default();
    Bytes::from_static(&PRESS.as_bytes()[start..end])
}

/// A response of `getUpdates` with this many presses.
fn batch(presses: usize) -> Bytes {
    let presses = vec![PRESS; presses].join(",");
    format!("{{\"ok\":true,\"result\":[{presses}]}}").into()
}

mod borrowed {
    use serde::Deserialize;

    #[derive(Deserialize)]
    pub(crate) struct Update<'a> {
        pub(crate) update_id: i64,
        #[serde(borrow)]
        pub(crate) callback_query: Option<Query<'a>>,
    }

    #[derive(Deserialize)]
    pub(crate) struct Query<'a> {
        pub(crate) id: &'a str,
        pub(crate) from: User,
        pub(crate) data: Option<&'a str>,
        #[serde(borrow)]
        pub(crate) message: Option<Message<'a>>,
    }

    #[derive(Deserialize)]
    pub(crate) struct User {
        pub(crate) id: i64,
    }

    #[derive(Deserialize)]
    pub(crate) struct Message<'a> {
        pub(crate) message_id: i64,
        #[serde(borrow)]
        pub(crate) chat: Chat<'a>,
    }

    #[derive(Deserialize)]
    pub(crate) struct Chat<'a> {
        pub(crate) id: i64,
        pub(crate) r#type: &'a str,
    }
}

#[divan::bench]
fn borrowed_struct(bencher: Bencher<'_, '_>) {
    bencher.bench(|| {
        let update: borrowed::Update<'_> =
            serde_json::from_str(black_box(PRESS)).unwrap_or_else(|e| unreachable!("{e}"));
        let query = update.callback_query.as_ref();
        black_box((
            update.update_id,
            query.map(|query| (query.id, query.from.id, query.data)),
            query
                .and_then(|query| query.message.as_ref())
                .map(|m| (m.message_id, m.chat.id, m.chat.r#type)),
        ));
    });
}

/// To `data` and `from.id`.
#[divan::bench]
fn press(bencher: Bencher<'_, '_>) {
    let body = Bytes::from_static(PRESS.as_bytes());
    bencher.bench(|| update::read_single(black_box(&body)));
}

/// To `data` and the whole of `from`.
#[divan::bench]
fn press_and_user(bencher: Bencher<'_, '_>) {
    let body = Bytes::from_static(PRESS.as_bytes());
    bencher.bench(|| {
        let update = update::read_single(black_box(&body));
        if let Some(update::Update {
            content: update::Content::Callback(query),
            ..
        }) = &update
        {
            black_box(query.from.user());
        }
        update
    });
}

#[divan::bench]
fn batch_of_100(bencher: Bencher<'_, '_>) {
    let body = batch(100);
    bencher.bench(|| update::read_batch(black_box(&body)));
}

/// The message, once somebody asks for it.
#[divan::bench]
fn message_of_a_press(bencher: Bencher<'_, '_>) {
    let json = message();
    bencher.bench(|| update::read::<api::MaybeInaccessibleMessage>(black_box(&json)));
}

/// All of it at once, as the types of the Bot API do it by themselves.
#[divan::bench]
fn whole_update(bencher: Bencher<'_, '_>) {
    bencher.bench(|| api::Update::deserialize(&mut serde_json::Deserializer::from_str(black_box(PRESS))));
}

fn main() {
    println!("size of a message: {} bytes", size_of::<api::Message>());
    divan::main();
}
