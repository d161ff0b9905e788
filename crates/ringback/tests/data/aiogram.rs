//! The readable form is aiogram's. What stands here was written, and refused, by aiogram 3.31.

use ringback::data::{CallbackData, DataError, Part, to_data};

#[derive(CallbackData, Debug, PartialEq)]
#[callback_data(prefix = "item")]
struct Item {
    kind: String,
    id: i64,
    gift: bool,
    note: Option<String>,
}

/// `class Act(str, Enum)` with the values `"add"` and `"rm"`.
#[derive(Part, Debug, PartialEq)]
enum Act {
    Add,
    #[callback_data(rename = "rm")]
    Remove,
}

/// `class Num(Enum)` with the values 1 and 2.
#[derive(Part, Debug, PartialEq)]
enum Num {
    #[callback_data(rename = "1")]
    One,
    #[callback_data(rename = "2")]
    Two,
}

#[derive(CallbackData, Debug, PartialEq)]
#[callback_data(prefix = "cart")]
struct Cart {
    act: Act,
    size: Num,
    user: i64,
    last: Option<i32>,
}

#[derive(CallbackData, Debug, PartialEq)]
#[callback_data(prefix = "p", sep = "|")]
struct Page {
    number: i32,
    query: String,
}

#[derive(CallbackData, Debug, PartialEq)]
#[callback_data(prefix = "close")]
struct Close;

#[derive(CallbackData, Debug, PartialEq)]
#[callback_data(prefix = "m")]
struct Maybe {
    act: Option<Act>,
    on: Option<bool>,
}

fn same<D: CallbackData + PartialEq + std::fmt::Debug>(value: D, data: &str) {
    assert_eq!(to_data(&value).unwrap(), data);
    assert_eq!(D::decode(data).unwrap(), Some(value));
}

#[test]
fn what_aiogram_writes_is_written_and_read() {
    let item = |kind: &str, id, gift, note: Option<&str>| Item {
        kind: kind.into(),
        id,
        gift,
        note: note.map(Into::into),
    };
    same(item("mug", -7, true, None), "item:mug:-7:1:");
    same(
        item("für Ann", i64::MAX, false, Some("a b|c")),
        "item:für Ann:9223372036854775807:0:a b|c",
    );
    same(item("", 0, false, None), "item::0:0:");

    let cart = |act, size, user, last| Cart {
        act,
        size,
        user,
        last,
    };
    same(cart(Act::Add, Num::Two, 8951984, None), "cart:add:2:8951984:");
    same(
        cart(Act::Remove, Num::One, -1001234567890, Some(0)),
        "cart:rm:1:-1001234567890:0",
    );

    let page = |number, query: &str| Page {
        number,
        query: query.into(),
    };
    same(page(3, "a:b"), "p|3|a:b");
    same(page(-1, ""), "p|-1|");

    same(Close, "close");
    same(Maybe { act: None, on: None }, "m::");
    same(
        Maybe {
            act: Some(Act::Remove),
            on: Some(false),
        },
        "m:rm:0",
    );
    same(
        Maybe {
            act: None,
            on: Some(true),
        },
        "m::1",
    );
}

#[cfg(feature = "uuid")]
#[test]
fn a_uuid_is_hexadecimal() {
    #[derive(CallbackData, Debug, PartialEq)]
    #[callback_data(prefix = "doc")]
    struct Doc {
        id: uuid::Uuid,
        page: Option<u8>,
    }
    let id = "0189fa3e-7b2c-7d11-8a34-5f6e7d8c9b0a".parse().unwrap();
    same(Doc { id, page: None }, "doc:0189fa3e7b2c7d118a345f6e7d8c9b0a:");
    // As aiogram 3.0's first versions wrote it.
    let hyphens = Doc::decode("doc:0189fa3e-7b2c-7d11-8a34-5f6e7d8c9b0a:").unwrap();
    assert_eq!(hyphens, Some(Doc { id, page: None }));
}

#[test]
fn what_aiogram_refuses_is_refused() {
    for data in [
        "item:mug:-7:1",
        "item:mug:x:1:",
        "item:mug:7::",
        "item:mug:-7:1::",
    ] {
        assert!(
            matches!(Item::decode(data), Err(DataError::Malformed(_))),
            "{data}"
        );
    }
    assert_eq!(Item::decode("items:mug:-7:1:").unwrap(), None);
    assert!(Close::decode("close:").is_err());
    assert!(Cart::decode("cart:none:1:1:").is_err());
    // Read alike, though neither writes it.
    assert!(
        Item::decode("item:mug:7:true:")
            .unwrap()
            .is_some_and(|item| item.gift)
    );

    let item = |kind: String| Item {
        kind,
        id: 1,
        gift: false,
        note: None,
    };
    assert!(matches!(
        to_data(&item("a:b".into())),
        Err(DataError::Unwritable(_))
    ));
    assert!(matches!(
        to_data(&item("x".repeat(60))),
        Err(DataError::Length(70))
    ));
}
