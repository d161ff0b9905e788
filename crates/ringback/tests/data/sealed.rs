//! The sealed form: nobody else makes it, and nobody carries it elsewhere.

use proptest::prelude::*;
use ringback::data::{CallbackData, DataError, Keys, MAX_DATA, MIN_KEY, Schema, Seal, to_data};

#[derive(CallbackData, Debug, Clone, PartialEq)]
#[callback_data(prefix = "$", codec = "sealed", bind(user))]
struct Buy {
    item: u32,
    cents: u64,
}

#[derive(CallbackData, Debug, Clone, PartialEq)]
#[callback_data(prefix = "!", codec = "sealed", bind(user, chat))]
struct Ban {
    who: i64,
}

/// The same data as [`Buy`], of another type.
#[derive(CallbackData, Debug, Clone, PartialEq)]
#[callback_data(prefix = "%", codec = "sealed", bind(user))]
struct Sell {
    item: u32,
    cents: u64,
}

#[derive(CallbackData, Debug, Clone, PartialEq)]
#[callback_data(prefix = "n", codec = "sealed")]
struct Note(String);

const ANN: i64 = 8951984;
const BOB: i64 = 5091503;
const GROUP: i64 = -1001234567890;
const BUY: Buy = Buy { item: 7, cents: 990 };

fn keys() -> Keys {
    Keys::new(&[7; 32]).unwrap()
}

fn text<D: Schema>(seal: Seal<'_, D>) -> String {
    to_data(&seal).unwrap()
}

fn refused<D>(read: Result<Option<D>, DataError>) -> bool {
    matches!(read, Err(DataError::Refused(_)))
}

#[test]
fn a_button_is_its_users() {
    let keys = keys();
    let data = text(keys.seal(&BUY).user(ANN));
    assert_eq!(keys.open(&data, ANN, None).unwrap(), Some(BUY));
    assert_eq!(keys.open(&data, ANN, Some(GROUP)).unwrap(), Some(BUY));
    assert!(refused(keys.open::<Buy>(&data, BOB, None)));
    // 97 bits and a seal of 80.
    assert_eq!(data.len(), 1 + 25);
}

#[test]
fn a_button_is_its_chats() {
    let keys = keys();
    let ban = Ban { who: BOB };
    let data = text(keys.seal(&ban).user(ANN).chat(GROUP));
    assert_eq!(keys.open(&data, ANN, Some(GROUP)).unwrap(), Some(ban));
    for (user, chat) in [
        (ANN, None),
        (ANN, Some(ANN)),
        (BOB, Some(GROUP)),
        (GROUP, Some(ANN)),
    ] {
        assert!(refused(keys.open::<Ban>(&data, user, chat)));
    }
}

#[test]
fn a_button_that_is_bound_to_nobody_is_not_made() {
    let keys = keys();
    for seal in [
        keys.seal(&BUY),
        keys.seal(&BUY).user(ANN).chat(GROUP),
        keys.seal(&BUY).chat(GROUP),
    ] {
        assert!(matches!(to_data(&seal), Err(DataError::Unwritable(_))));
    }
    let error = to_data(&keys.seal(&Ban { who: 1 }).user(ANN)).unwrap_err();
    assert!(error.to_string().contains("bind(chat)"), "{error}");
}

#[test]
fn one_types_button_is_none_of_another() {
    let keys = keys();
    let data = text(keys.seal(&BUY).user(ANN));
    assert_eq!(keys.open::<Sell>(&data, ANN, None).unwrap(), None);
    let moved = data.replacen('$', "%", 1);
    assert!(refused(keys.open::<Sell>(&moved, ANN, None)));
}

#[test]
fn keys_are_changed_without_breaking_buttons() {
    let (old, new) = ([1; 32], [2; 32]);
    let former = Keys::new(&old).unwrap();
    let both = Keys::new(&new).unwrap().accept(&old).unwrap();
    let latest = Keys::new(&new).unwrap();
    let (first, second) = (text(former.seal(&BUY).user(ANN)), text(both.seal(&BUY).user(ANN)));
    assert_eq!(both.open(&first, ANN, None).unwrap(), Some(BUY));
    assert_eq!(both.open(&second, ANN, None).unwrap(), Some(BUY));
    // The newest seals.
    assert_eq!(latest.open(&second, ANN, None).unwrap(), Some(BUY));
    assert!(refused(latest.open::<Buy>(&first, ANN, None)));
    assert!(refused(former.open::<Buy>(&second, ANN, None)));
}

#[test]
fn keys_are_long_and_do_not_show() {
    assert!(Keys::new(&[0; MIN_KEY - 1]).is_err());
    assert!(Keys::new(&[0; MIN_KEY]).is_ok());
    assert!(keys().accept(b"secret").is_err());
    assert_eq!(format!("{:?}", keys()), "Keys(1)");
}

#[test]
fn the_longest_note_fits_and_the_next_does_not() {
    let keys = keys();
    let fits = (0..=MAX_DATA)
        .rev()
        .find(|n| to_data(&keys.seal(&Note("x".repeat(*n)))).is_ok());
    assert_eq!(fits, Some(50));
}

proptest! {
    #[test]
    fn what_is_sealed_is_read(item in any::<u32>(), cents in any::<u64>(), user in any::<i64>()) {
        let (keys, buy) = (keys(), Buy { item, cents });
        let data = text(keys.seal(&buy).user(user));
        prop_assert!(data.len() <= MAX_DATA);
        prop_assert_eq!(keys.open(&data, user, None).unwrap(), Some(buy));
    }

    /// Any single character altered, and the seal does not hold, or it is not even packed.
    #[test]
    fn what_was_altered_is_refused(at in any::<prop::sample::Index>(), to in any::<char>()) {
        let keys = keys();
        let data = text(keys.seal(&BUY).user(ANN));
        let mut characters: Vec<char> = data.chars().collect();
        let at = 1 + at.index(characters.len() - 1);
        prop_assume!(characters[at] != to);
        characters[at] = to;
        let altered: String = characters.into_iter().collect();
        prop_assert!(keys.open::<Buy>(&altered, ANN, None).is_err());
    }

    #[test]
    fn no_text_makes_it_panic_or_holds(text in any::<String>()) {
        let keys = keys();
        let (buy, note) = (format!("${text}"), format!("n{text}"));
        prop_assert!(keys.open::<Buy>(&buy, ANN, None).is_err());
        prop_assert!(keys.open::<Note>(&note, ANN, None).is_err());
    }
}
