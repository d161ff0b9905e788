//! The packed form.

use proptest::prelude::*;
use ringback::data::{BitReader, BitWriter, CallbackData, DataError, MAX_DATA, Pack, Part, to_data};

#[derive(Part, Debug, Clone, PartialEq)]
#[callback_data(codec = "packed")]
enum Color {
    Red,
    Green,
    Mixed { red: u8, green: u8 },
}

#[derive(CallbackData, Debug, Clone, PartialEq)]
#[callback_data(prefix = "#", codec = "packed")]
enum Everything {
    Nothing,
    Numbers(u8, i8, u16, i16, u32, i32, u64, i64),
    Long(u128, i128),
    Sizes(usize, isize),
    Float(f64),
    Texts {
        letter: char,
        text: String,
        maybe: Option<Box<Color>>,
    },
    Colors(Vec<Color>, (bool, Color)),
}

/// As many bits as there are behind a prefix of one byte and the bit of the version: 447 of 448.
#[derive(Debug, Clone, PartialEq)]
struct Full([u64; 7]);

impl Pack for Full {
    const MOST: Option<usize> = Some(6 * 64 + 63);

    fn pack(&self, out: &mut BitWriter) -> Result<(), DataError> {
        self.0[1..].iter().for_each(|word| out.bits(*word, 64));
        out.bits(self.0[0], 63);
        Ok(())
    }

    fn unpack(bits: &mut BitReader<'_>) -> Result<Self, DataError> {
        let mut words = [0; 7];
        for word in &mut words[1..] {
            *word = bits.bits(64)?;
        }
        words[0] = bits.bits(63)?;
        Ok(Full(words))
    }
}

/// That this compiles is the proof that it fits.
#[derive(CallbackData, Debug, Clone, PartialEq)]
#[callback_data(prefix = "f", codec = "packed")]
struct Whole(Full);

fn color() -> impl Strategy<Value = Color> {
    prop_oneof![
        Just(Color::Red),
        Just(Color::Green),
        any::<(u8, u8)>().prop_map(|(red, green)| Color::Mixed { red, green }),
    ]
}

fn everything() -> impl Strategy<Value = Everything> {
    prop_oneof![
        Just(Everything::Nothing),
        any::<(u8, i8, u16, i16, u32, i32, u64, i64)>()
            .prop_map(|(a, b, c, d, e, f, g, h)| Everything::Numbers(a, b, c, d, e, f, g, h)),
        any::<(u128, i128)>().prop_map(|(a, b)| Everything::Long(a, b)),
        any::<(usize, isize)>().prop_map(|(a, b)| Everything::Sizes(a, b)),
        any::<f64>().prop_map(Everything::Float),
        (any::<(char, String)>(), prop::option::of(color())).prop_map(|((letter, text), maybe)| {
            Everything::Texts {
                letter,
                text,
                maybe: maybe.map(Box::new),
            }
        }),
        (prop::collection::vec(color(), 0..9), any::<bool>(), color())
            .prop_map(|(list, yes, one)| Everything::Colors(list, (yes, one))),
    ]
}

proptest! {
    #[test]
    fn what_is_written_is_read(value in everything()) {
        match to_data(&value) {
            Ok(data) => {
                prop_assert!(data.len() <= MAX_DATA);
                prop_assert_eq!(Everything::decode(&data).unwrap(), Some(value));
            }
            // Only long texts are too long.
            Err(error) => prop_assert!(matches!(error, DataError::Length(65..)), "{}", error),
        }
    }

    #[test]
    fn a_button_can_be_full(mut words in any::<[u64; 7]>()) {
        words[0] >>= 1;
        let whole = Whole(Full(words));
        let data = to_data(&whole).unwrap();
        prop_assert_eq!(data.len(), MAX_DATA);
        prop_assert_eq!(Whole::decode(&data).unwrap(), Some(whole));
    }

    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        let _ = Everything::decode(&text);
        let _ = Everything::decode(&format!("#{text}"));
    }

    #[test]
    fn nothing_else_reads_as_a_value(text in "#[ -~]{0,12}") {
        // Whatever is read is what would be written: one value has one form.
        if let Ok(Some(value)) = Everything::decode(&text) {
            prop_assert_eq!(to_data(&value).unwrap(), text);
        }
    }
}

#[test]
fn small_values_are_short() {
    assert_eq!(to_data(&Everything::Nothing).unwrap().len(), 2);
    assert_eq!(
        to_data(&Everything::Colors(vec![], (true, Color::Red)))
            .unwrap()
            .len(),
        3
    );
    let numbers = Everything::Numbers(1, 2, 3, 4, 5, 6, 7, 8);
    // 4 + 8 + 8 + 16 + 16 + 32 + 32 + 64 + 64 bits are 35 bytes of text.
    assert_eq!(to_data(&numbers).unwrap().len(), 1 + 35);
}

#[test]
fn what_was_altered_is_refused() {
    let data = to_data(&Everything::Numbers(1, 2, 3, 4, 5, 6, 7, 8)).unwrap();
    for altered in [
        data[..data.len() - 1].to_owned(),
        format!("{data}a"),
        format!("{data}\u{1}"),
        "#".to_owned(),
        format!("#{}", "\u{7f}".repeat(8)),
    ] {
        assert!(
            matches!(Everything::decode(&altered), Err(DataError::Malformed(_))),
            "{altered:?}"
        );
    }
    assert_eq!(Everything::decode("").unwrap(), None);
}
