//! Any text in the place of callback data: what is read is written, and read again as the same. The fuzzer has this
//! file as well.

#![allow(
    clippy::expect_used,
    unreachable_pub,
    reason = "the fuzzer has it as a module, and its panics are what it is for"
)]

use std::sync::LazyLock;

use ringback::data::{CallbackData, Json, Keys, Part, to_data};

#[derive(Part, Debug, PartialEq)]
enum Unit {
    Piece,
    Weight { grams: u32, sealed: bool },
}

#[derive(CallbackData, Debug, PartialEq)]
#[callback_data(prefix = "r")]
enum Readable {
    Nothing,
    Small(u8, i8, u16, i16, u32, i32),
    Large(u64, i64),
    Long(u128),
    Parts {
        unit: Unit,
        letter: char,
        maybe: Option<bool>,
    },
    Text(String),
}

#[derive(Part, Debug, PartialEq)]
#[callback_data(codec = "packed")]
enum Color {
    Red,
    Mixed { red: u8, green: u8 },
}

#[derive(CallbackData, Debug, PartialEq)]
#[callback_data(prefix = "#", codec = "packed")]
enum Packed {
    Nothing,
    Numbers(u8, i8, u16, i16, u32, i32, u64, i64),
    Long(u128, i128),
    Texts {
        letter: char,
        text: String,
        maybe: Option<Box<Color>>,
    },
    Colors(Vec<Color>, (bool, Color)),
}

#[derive(CallbackData, Debug, PartialEq)]
#[callback_data(prefix = "$", codec = "sealed", bind(user))]
struct Sealed {
    text: String,
    colors: Vec<Color>,
}

static KEYS: LazyLock<Keys> = LazyLock::new(|| Keys::new(&[7; 32]).expect("a key of 32 bytes"));

/// Data in each of the forms; it is behind the prefix, or the whole of it.
pub fn data(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    for text in [
        text.to_owned(),
        format!("r:{text}"),
        format!("#{text}"),
        format!("${text}"),
    ] {
        plain::<Readable>(&text);
        plain::<Packed>(&text);
        plain::<Json<Vec<Option<(i64, String, bool)>>>>(&text);
        sealed(&text);
    }
}

fn plain<D: CallbackData + std::fmt::Debug>(text: &str) {
    if let Ok(Some(value)) = D::decode(text)
        && let Ok(written) = value.encode()
    {
        let again = D::decode(&written).expect("what was written");
        assert_eq!(
            format!("{again:?}"),
            format!("{:?}", Some(value)),
            "{text:?} and {written:?}"
        );
    }
}

/// A seal holds for what the bot has sealed, and nothing else.
fn sealed(text: &str) {
    if let Ok(Some(value)) = KEYS.open::<Sealed>(text, 1, None) {
        let written = to_data(&KEYS.seal(&value).user(1)).expect("a value that fits");
        assert_eq!(written, text);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_read_is_written_the_same(
            text in "(small|large|long|text|parts:(piece|weight):?)?(:[0-9-]{0,4}){0,7}|[0-9A-Za-z_-]{0,62}|\\PC{0,40}",
        ) {
            super::data(text.as_bytes());
        }
    }
}
