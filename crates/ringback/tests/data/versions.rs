//! Types change; buttons stay where they were sent.

use ringback::data::{CallbackData, Claim, DataError, Keys, to_data};

mod first {
    use ringback::CallbackData;

    #[derive(CallbackData)]
    #[callback_data(prefix = "page")]
    pub(super) struct Readable(pub(super) u32);

    #[derive(CallbackData)]
    #[callback_data(prefix = "#", codec = "packed")]
    pub(super) struct Packed(pub(super) u32);

    #[derive(CallbackData)]
    #[callback_data(prefix = "$", codec = "sealed", bind(user))]
    pub(super) struct Sealed(pub(super) u32);
}

mod second {
    use super::first;
    use ringback::CallbackData;

    macro_rules! second {
        ($name:ident: $(#[$said:meta])*) => {
            #[derive(CallbackData, Debug, PartialEq)]
            $(#[$said])*
            pub(super) struct $name {
                pub(super) number: u32,
                pub(super) filter: Option<u8>,
            }

            impl From<first::$name> for $name {
                fn from(old: first::$name) -> Self {
                    $name { number: old.0, filter: None }
                }
            }
        };
    }

    second!(Readable: #[callback_data(prefix = "page", version = 2, from = first::Readable)]);
    second!(Packed: #[callback_data(prefix = "#", codec = "packed", version = 2, from = first::Packed)]);
    second!(Sealed:
        #[callback_data(prefix = "$", codec = "sealed", bind(user), version = 2, from = first::Sealed)]);
}

/// Has forgotten the first version, and knows the second.
#[derive(CallbackData, Debug, PartialEq)]
#[callback_data(prefix = "page", version = 3, from = second::Readable)]
struct Third {
    number: u64,
}

impl From<second::Readable> for Third {
    fn from(old: second::Readable) -> Self {
        Third {
            number: old.number.into(),
        }
    }
}

#[derive(CallbackData, Debug, PartialEq)]
#[callback_data(prefix = "#", codec = "packed", version = 3)]
struct Forgetful;

fn outdated<D>(read: Result<Option<D>, DataError>) -> bool {
    matches!(read, Err(DataError::Outdated(_)))
}

#[test]
fn readable_data_says_its_version() {
    let new = second::Readable {
        number: 7,
        filter: Some(1),
    };
    assert_eq!(to_data(&new).unwrap(), "page~2:7:1");
    assert_eq!(second::Readable::decode("page~2:7:1").unwrap(), Some(new));
    let old = second::Readable::decode("page:7").unwrap();
    assert_eq!(
        old,
        Some(second::Readable {
            number: 7,
            filter: None
        })
    );
    assert_eq!(
        second::Readable::CLAIM,
        Claim::OneOf(&[
            Claim::Prefix("page:"),
            Claim::Exact("page"),
            Claim::Prefix("page~")
        ])
    );
}

#[test]
fn versions_are_a_chain() {
    assert_eq!(to_data(&Third { number: 7 }).unwrap(), "page~3:7");
    for data in ["page:7", "page~2:7:", "page~3:7"] {
        assert_eq!(Third::decode(data).unwrap(), Some(Third { number: 7 }), "{data}");
    }
    // After a step back to an earlier version of the bot.
    assert!(outdated(second::Readable::decode("page~3:7")));
    assert!(outdated(first::Readable::decode("page~2:7:")));
    for data in [
        "page~1:7",
        "page~02:7:",
        "page~+2:7:",
        "page~:7",
        "page~x:7",
        "pages:7",
    ] {
        assert!(matches!(Third::decode(data), Ok(None)), "{data}");
    }
    assert!(matches!(Third::decode("page~2:x:"), Err(DataError::Malformed(_))));
}

#[test]
fn packed_data_knows_its_version() {
    let old = to_data(&first::Packed(7)).unwrap();
    let new = to_data(&second::Packed {
        number: 7,
        filter: None,
    })
    .unwrap();
    for data in [&old, &new] {
        assert_eq!(
            second::Packed::decode(data).unwrap(),
            Some(second::Packed {
                number: 7,
                filter: None
            })
        );
        assert!(outdated(Forgetful::decode(data)));
    }
    assert!(outdated(first::Packed::decode(&new)));
}

#[test]
fn sealed_data_knows_its_version() {
    let keys = Keys::new(&[7; 32]).unwrap();
    let old = to_data(&keys.seal(&first::Sealed(7)).user(1)).unwrap();
    let new = second::Sealed {
        number: 7,
        filter: None,
    };
    assert_eq!(keys.open(&old, 1, None).unwrap(), Some(new));
    // An old version is not a way around the seal.
    assert!(matches!(
        keys.open::<second::Sealed>(&old, 2, None),
        Err(DataError::Refused(_))
    ));
    let new = to_data(
        &keys
            .seal(&second::Sealed {
                number: 7,
                filter: None,
            })
            .user(1),
    )
    .unwrap();
    assert!(outdated(keys.open::<first::Sealed>(&new, 1, None)));
}
