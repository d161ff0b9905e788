//! The readable form is aiogram's. What stands here was written, and refused, by aiogram 3.31.

use ringback::data::{CallbackData, DataError, Field, Part, to_data};

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

#[test]
fn a_float_is_pythons() {
    #[derive(CallbackData, Debug, PartialEq)]
    #[callback_data(prefix = "f")]
    struct Level {
        x: f64,
        y: Option<f64>,
    }
    for (x, data) in [
        (0.0, "f:0.0:"),
        (-0.0, "f:-0.0:"),
        (1.0, "f:1.0:"),
        (0.1, "f:0.1:"),
        (-2.5, "f:-2.5:"),
        (1e15, "f:1000000000000000.0:"),
        (9999999999999998.0, "f:9999999999999998.0:"),
        (1e16, "f:1e+16:"),
        (123456789012345680.0, "f:1.2345678901234568e+17:"),
        (1e22, "f:1e+22:"),
        (1e-4, "f:0.0001:"),
        (1e-5, "f:1e-05:"),
        (0.00012345678901234567, "f:0.00012345678901234567:"),
        (f64::MIN, "f:-1.7976931348623157e+308:"),
        (-2.2250738585072014e-308, "f:-2.2250738585072014e-308:"),
        (5e-324, "f:5e-324:"),
        (f64::INFINITY, "f:inf:"),
        (f64::NEG_INFINITY, "f:-inf:"),
        (1.0 / 3.0, "f:0.3333333333333333:"),
    ] {
        same(Level { x, y: None }, data);
    }
    let nan = Level {
        x: f64::NAN,
        y: Some(1.5),
    };
    assert_eq!(to_data(&nan).unwrap(), "f:nan:1.5");
    assert!(
        Level::decode("f:nan:")
            .unwrap()
            .is_some_and(|level| level.x.is_nan())
    );
}

/// `Decimal("9.90")` and `Fraction(1, 3)`: what Python writes is taken by a type of one's own.
#[test]
fn decimals_and_fractions_are_for_types_of_ones_own() {
    #[derive(Debug, PartialEq)]
    struct Fraction(i64, u64);

    impl Field for Fraction {
        const LONGEST: Option<usize> = Some(20 + 1 + 20);

        fn read(part: &str) -> Result<Self, DataError> {
            let (over, under) = part.split_once('/').unwrap_or((part, "1"));
            Ok(Fraction(i64::read(over)?, u64::read(under)?))
        }

        fn write(&self, out: &mut String) -> Result<(), DataError> {
            self.0.write(out)?;
            match self.1 {
                1 => Ok(()),
                under => {
                    out.push('/');
                    under.write(out)
                }
            }
        }
    }

    #[derive(CallbackData, Debug, PartialEq)]
    #[callback_data(prefix = "d")]
    struct Price {
        price: String,
        share: Fraction,
    }
    let price = |share| Price {
        price: "9.90".into(),
        share,
    };
    same(price(Fraction(1, 3)), "d:9.90:1/3");
    same(price(Fraction(-2, 1)), "d:9.90:-2");
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
