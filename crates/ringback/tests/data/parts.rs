//! Types within types, in readable form.

use proptest::prelude::*;
use ringback::data::{CallbackData, DataError, Field, Part, to_data};

#[derive(Part, Debug, Clone, PartialEq)]
enum Unit {
    Piece,
    Weight { grams: u32, sealed: bool },
}

#[derive(Part, Debug, Clone, PartialEq)]
struct Amount {
    count: u16,
    unit: Unit,
}

#[derive(CallbackData, Debug, Clone, PartialEq)]
#[callback_data(prefix = "order")]
enum Order {
    Show,
    Add { amount: Amount, then: Option<u8> },
    Note(String),
}

#[test]
fn parts_stand_one_after_the_other() {
    let order = Order::Add {
        amount: Amount {
            count: 2,
            unit: Unit::Weight {
                grams: 500,
                sealed: true,
            },
        },
        then: None,
    };
    assert_eq!(to_data(&order).unwrap(), "order:add:2:weight:500:1:");
    assert_eq!(Order::decode("order:add:2:weight:500:1:").unwrap(), Some(order));
    assert!(matches!(
        Order::decode("order:add:2:piece:4:"),
        Err(DataError::Malformed(_))
    ));
    assert!(matches!(
        Order::decode("order:add:2:crate:"),
        Err(DataError::Malformed(_))
    ));
}

/// What users send ends up in no log: an error says where it is wrong, and not what stands there.
#[test]
fn errors_say_which_part_and_not_what_it_says() {
    for (data, error) in [
        (
            "order:add:secret:piece:",
            "the data is malformed: part 2: no u16: invalid digit found in string",
        ),
        (
            "order:add:2:weight:500:secret:",
            "the data is malformed: part 5: neither 1 nor 0",
        ),
        (
            "order:add:2:secret:",
            "the data is malformed: no variant of the type",
        ),
        ("order:secret", "the data is malformed: no variant of the type"),
        ("order:add:2", "the data is malformed: a part is missing"),
    ] {
        assert_eq!(Order::decode(data).unwrap_err().to_string(), error);
    }
    let error = to_data(&Order::Note("secret: 7".into())).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the value can't be written: a text in it has a \":\", which ends a part"
    );
}

#[test]
fn sizes_are_numbers() {
    #[derive(CallbackData, Debug, PartialEq)]
    #[callback_data(prefix = "at")]
    struct At(usize, isize);
    assert_eq!(to_data(&At(7, -7)).unwrap(), "at:7:-7");
    assert_eq!(At::decode("at:7:-7").unwrap(), Some(At(7, -7)));
    assert!(At::decode("at:-7:7").is_err());
}

/// A type of one's own, whose form has what ends a part.
struct Odd;

impl Field for Odd {
    const LONGEST: Option<usize> = Some(3);

    fn read(_: &str) -> Result<Self, DataError> {
        Ok(Odd)
    }

    fn write(&self, out: &mut String) -> Result<(), DataError> {
        out.push_str("a:b");
        Ok(())
    }
}

#[derive(CallbackData)]
#[callback_data(prefix = "odd")]
struct Odds(Odd);

#[test]
fn a_part_that_would_be_two_is_found_out() {
    assert!(matches!(to_data(&Odds(Odd)), Err(DataError::Unwritable(_))));
    assert!(Odds::decode("odd:x").unwrap().is_some());
}

fn order() -> impl Strategy<Value = Order> {
    let unit = prop_oneof![
        Just(Unit::Piece),
        any::<(u32, bool)>().prop_map(|(grams, sealed)| Unit::Weight { grams, sealed }),
    ];
    prop_oneof![
        Just(Order::Show),
        (any::<u16>(), unit, any::<Option<u8>>()).prop_map(|(count, unit, then)| Order::Add {
            amount: Amount { count, unit },
            then
        }),
        any::<String>().prop_map(Order::Note),
    ]
}

proptest! {
    #[test]
    fn what_is_written_is_read(order in order()) {
        match to_data(&order) {
            Ok(data) => prop_assert_eq!(Order::decode(&data).unwrap(), Some(order)),
            Err(_) => prop_assert!(matches!(order, Order::Note(_))),
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in any::<String>(), parts in "(:?[a-z0-9~:-]{0,6}){0,6}") {
        let _ = Order::decode(&text);
        let _ = Order::decode(&format!("order:{text}"));
        let _ = Order::decode(&format!("order{parts}"));
    }
}
