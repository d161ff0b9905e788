//! What writing and reading a button's data costs in each form: `cargo bench -p ringback --bench codecs`.

use divan::{Bencher, black_box};
use ringback::data::{CallbackData, Json, Keys, to_data};
use ringback::store::{MemoryStore, Store, When};
use serde::{Deserialize, Serialize};

#[derive(CallbackData)]
#[callback_data(prefix = "item")]
struct Readable {
    shop: u32,
    item: i64,
    gift: bool,
    page: Option<u8>,
}

#[derive(CallbackData)]
#[callback_data(prefix = "#", codec = "packed")]
struct Packed {
    shop: u32,
    item: i64,
    gift: bool,
    page: Option<u8>,
}

#[derive(CallbackData)]
#[callback_data(prefix = "$", codec = "sealed", bind(user))]
struct Sealed {
    shop: u32,
    item: i64,
    gift: bool,
    page: Option<u8>,
}

#[derive(Serialize, Deserialize)]
struct InJson {
    shop: u32,
    item: i64,
    gift: bool,
    page: Option<u8>,
}

macro_rules! value {
    ($type:ident) => {
        $type {
            shop: 31,
            item: 8_951_984_551,
            gift: true,
            page: Some(3),
        }
    };
}

fn keys() -> Keys {
    Keys::new(&[7; 32]).unwrap_or_else(|error| unreachable!("{error}"))
}

fn text(data: Result<String, ringback::data::DataError>) -> String {
    data.unwrap_or_else(|error| unreachable!("{error}"))
}

#[divan::bench]
fn readable_write(bencher: Bencher<'_, '_>) {
    bencher.bench(|| to_data(black_box(&value!(Readable))));
}

#[divan::bench]
fn readable_read(bencher: Bencher<'_, '_>) {
    let data = text(to_data(&value!(Readable)));
    bencher.bench(|| Readable::decode(black_box(&data)));
}

#[divan::bench]
fn json_write(bencher: Bencher<'_, '_>) {
    bencher.bench(|| to_data(black_box(&Json(value!(InJson)))));
}

#[divan::bench]
fn json_read(bencher: Bencher<'_, '_>) {
    let data = text(to_data(&Json(value!(InJson))));
    bencher.bench(|| Json::<InJson>::decode(black_box(&data)));
}

#[divan::bench]
fn packed_write(bencher: Bencher<'_, '_>) {
    bencher.bench(|| to_data(black_box(&value!(Packed))));
}

#[divan::bench]
fn packed_read(bencher: Bencher<'_, '_>) {
    let data = text(to_data(&value!(Packed)));
    bencher.bench(|| Packed::decode(black_box(&data)));
}

#[divan::bench]
fn sealed_write(bencher: Bencher<'_, '_>) {
    let keys = keys();
    bencher.bench(|| to_data(&keys.seal(black_box(&value!(Sealed))).user(7)));
}

#[divan::bench]
fn sealed_read(bencher: Bencher<'_, '_>) {
    let keys = keys();
    let data = text(to_data(&keys.seal(&value!(Sealed)).user(7)));
    bencher.bench(|| keys.open::<Sealed>(black_box(&data), 7, None));
}

/// The store's part: the rest of reading is that of packed data.
#[divan::bench]
fn stored_get(bencher: Bencher<'_, '_>) {
    let store = MemoryStore::new(1000);
    drop(store.set("&/00", &[7; 100], None, When::Always));
    bencher.bench_local(|| drop(black_box(store.get("&/00"))));
}

fn main() {
    divan::main();
}
