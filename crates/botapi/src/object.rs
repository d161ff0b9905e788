//! How objects are read: into a blank one, in place, by a loop that all of them share.
//!
//! Serde's derive writes a loop, a struct of locals and a chain of comparisons with every name for each object and each
//! deserializer. Here an object is a table of names and a `match` with one call in each arm, and what is compiled once
//! for each deserializer is the loop and each kind of value. A message, with more than a hundred fields of which a dozen
//! are there, is faster this way, and the crate is smaller.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::names::Names;

/// What a field can hold.
pub(crate) trait Part: Sized {
    /// A value to be overwritten. It is never seen outside: reading ends with an error or with every required field set.
    fn blank() -> Self;

    /// Reads a value over this one, which is left in any state when that fails.
    fn fill<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error>;
}

/// An object of named fields. Defined with [`object!`].
pub(crate) trait Object: Part {
    const NAME: &'static str;
    const NAMES: &'static Names;

    /// Reads the value that comes next into the field of this place in [`NAMES`](Self::NAMES).
    fn set<'de, A: MapAccess<'de>>(&mut self, field: usize, map: &mut A) -> Result<(), A::Error>;
}

/// Defines how an object is read. Its fields, each with a place and with its name on the wire where that is another, are
/// grouped by what it means when they are absent: an error (`required`), `None` (`optional`), or `false`
/// (`absent_is_false`, and `flag` for which null is absent too).
macro_rules! object {
    ($name:ident $($need:ident { $($place:literal $field:ident $($wire:literal)?,)* })*) => {
        impl crate::object::Part for $name {
            fn blank() -> Self {
                Self { $($($field: crate::object::Part::blank(),)*)* }
            }

            fn fill<'de, D: serde::Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
                crate::object::fill(self, deserializer)
            }
        }

        impl crate::object::Object for $name {
            const NAME: &'static str = stringify!($name);
            const NAMES: &'static crate::names::Names = {
                const WIRE: &[&str] = &[$($(object!(@wire $field $($wire)?),)*)*];
                const SLOTS: &[u8] = &crate::names::slots::<{ crate::names::slot_count(WIRE.len()) }>(WIRE);
                &crate::names::Names::new(WIRE, SLOTS, 0 $($(| (object!(@required $need) << $place))*)*)
            };

            #[allow(clippy::match_single_binding, unused_variables, reason = "some objects have no fields")]
            fn set<'de, A: serde::de::MapAccess<'de>>(
                &mut self,
                field: usize,
                map: &mut A,
            ) -> Result<(), A::Error> {
                match field {
                    $($($place => object!(@set $need map, &mut self.$field),)*)*
                    _ => Ok(()),
                }
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::object::read(deserializer)
            }
        }
    };
    (@wire $field:ident) => { stringify!($field) };
    (@wire $field:ident $wire:literal) => { $wire };
    (@required required) => { 1_u128 };
    (@required $need:ident) => { 0_u128 };
    (@set flag $map:ident, $place:expr) => { crate::object::set_flag($map, $place) };
    (@set $need:ident $map:ident, $place:expr) => { crate::object::set($map, $place) };
}
pub(crate) use object;

/// Values that are read at once.
macro_rules! simple_parts {
    ($($type:ty = $blank:expr,)*) => {
        $(
            impl crate::object::Part for $type {
                fn blank() -> Self {
                    $blank
                }

                fn fill<'de, D: serde::Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
                    *self = serde::Deserialize::deserialize(deserializer)?;
                    Ok(())
                }
            }
        )*
    };
}
pub(crate) use simple_parts;

simple_parts! {
    bool = false,
    i64 = 0,
    f64 = 0.0,
    String = String::new(),
}

/// Reads a value.
pub(crate) fn read<'de, T: Part, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let mut value = T::blank();
    value.fill(deserializer)?;
    Ok(value)
}

/// Reads an object over this one.
pub(crate) fn fill<'de, T: Object, D: Deserializer<'de>>(
    object: &mut T,
    deserializer: D,
) -> Result<(), D::Error> {
    deserializer.deserialize_struct(T::NAME, T::NAMES.wire(), ObjectVisitor(object))
}

/// Reads the value that comes next.
#[inline(never)]
pub(crate) fn set<'de, A: MapAccess<'de>, T: Part>(map: &mut A, place: &mut T) -> Result<(), A::Error> {
    map.next_value_seed(Place(place))
}

/// The same for a value that may be null.
pub(crate) fn next<'de, A: MapAccess<'de>, T: Part>(map: &mut A) -> Result<Option<Box<T>>, A::Error> {
    let mut value = None;
    set(map, &mut value)?;
    Ok(value)
}

/// Reads a flag: the Bot API's type `True`, which is there or not there. Null counts as not there.
#[inline(never)]
pub(crate) fn set_flag<'de, A: MapAccess<'de>>(map: &mut A, place: &mut bool) -> Result<(), A::Error> {
    *place = map.next_value::<Option<bool>>()?.unwrap_or_default();
    Ok(())
}

/// Where a value goes.
struct Place<'a, T>(&'a mut T);

impl<'de, T: Part> DeserializeSeed<'de> for Place<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.0.fill(deserializer)
    }
}

struct ObjectVisitor<'a, T>(&'a mut T);

impl<'de, T: Object> Visitor<'de> for ObjectVisitor<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object `{}`", T::NAME)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        fill_from(map, self.0, T::NAMES)
    }
}

/// [`Object::set`] for a known deserializer, so that the loop need not know the object.
trait Fields<'de, A: MapAccess<'de>> {
    fn set_next(&mut self, field: usize, map: &mut A) -> Result<(), A::Error>;
}

impl<'de, A: MapAccess<'de>, T: Object> Fields<'de, A> for T {
    fn set_next(&mut self, field: usize, map: &mut A) -> Result<(), A::Error> {
        self.set(field, map)
    }
}

fn fill_from<'de, A: MapAccess<'de>>(
    mut map: A,
    object: &mut dyn Fields<'de, A>,
    names: &'static Names,
) -> Result<(), A::Error> {
    let mut seen = 0_u128;
    while let Some(field) = map.next_key_seed(Name(names))? {
        let Some(field) = field else {
            map.next_value::<IgnoredAny>()?;
            continue;
        };
        let bit = 1 << field;
        if seen & bit != 0 {
            return Err(A::Error::duplicate_field(names.name(field)));
        }
        seen |= bit;
        object.set_next(field, &mut map)?;
    }
    match names.first_missing(seen) {
        None => Ok(()),
        Some(name) => Err(A::Error::missing_field(name)),
    }
}

/// Reads a name as its place, `None` for an unknown one.
#[derive(Clone, Copy)]
struct Name(&'static Names);

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<usize>, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Name {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field's name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Option<usize>, E> {
        Ok(self.0.find(name.as_bytes()))
    }

    fn visit_bytes<E: Error>(self, name: &[u8]) -> Result<Option<usize>, E> {
        Ok(self.0.find(name))
    }
}

impl<T: Part> Part for Box<T> {
    fn blank() -> Self {
        Box::new(T::blank())
    }

    fn fill<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        (**self).fill(deserializer)
    }
}

impl<T: Part> Part for Option<T> {
    fn blank() -> Self {
        None
    }

    fn fill<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        struct OptionVisitor<'a, T>(&'a mut Option<T>);

        impl<'de, T: Part> Visitor<'de> for OptionVisitor<'_, T> {
            type Value = ();

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value or null")
            }

            fn visit_none<E: Error>(self) -> Result<(), E> {
                *self.0 = None;
                Ok(())
            }

            fn visit_unit<E: Error>(self) -> Result<(), E> {
                self.visit_none()
            }

            fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
                self.0.insert(T::blank()).fill(deserializer)
            }
        }

        deserializer.deserialize_option(OptionVisitor(self))
    }
}

impl<T: Part> Part for Vec<T> {
    fn blank() -> Self {
        Vec::new()
    }

    fn fill<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        struct VecVisitor<'a, T>(&'a mut Vec<T>);

        impl<'de, T: Part> Visitor<'de> for VecVisitor<'_, T> {
            type Value = ();

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
                self.0.clear();
                while seq.next_element_seed(Push(self.0))?.is_some() {}
                Ok(())
            }
        }

        deserializer.deserialize_seq(VecVisitor(self))
    }
}

/// Reads one more element, at the end of a list.
struct Push<'a, T>(&'a mut Vec<T>);

impl<'de, T: Part> DeserializeSeed<'de> for Push<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.0.push(T::blank());
        self.0.last_mut().map_or(Ok(()), |last| last.fill(deserializer))
    }
}

#[cfg(test)]
mod tests {
    use crate::{Chat, ChatType, InlineKeyboardButton, Message, Response, User};

    fn error<T: serde::de::DeserializeOwned>(json: &str) -> String {
        let error = serde_json::from_str::<T>(json)
            .err()
            .map(|error| error.to_string());
        error.unwrap_or_default()
    }

    #[test]
    fn what_is_missing_or_twice_is_named() {
        assert_eq!(
            error::<User>("{\"id\":1}"),
            "missing field `is_bot` at line 1 column 8"
        );
        assert_eq!(
            error::<User>("{\"id\":1,\"id\":2}"),
            "duplicate field `id` at line 1 column 12"
        );
        assert!(error::<User>("[1,false,\"A\"]").contains("expected an object `User`"));
        assert!(error::<User>("{\"id\":null}").contains("expected i64"));
    }

    #[test]
    fn absent_and_null_are_the_same() {
        let full = r#"{"id":1,"type":"private","title":null,"is_forum":null}"#;
        assert_eq!(
            serde_json::from_str::<Chat>(full).unwrap(),
            Chat::new(1, ChatType::Private)
        );
        let response: Response<User> = serde_json::from_str(r#"{"ok":false,"result":null}"#).unwrap();
        assert_eq!(response.result, None);
    }

    #[test]
    fn names_may_be_bytes_or_escaped() {
        let chat: Chat = serde_json::from_str(r#"{"\u0069d":1,"type":"private"}"#).unwrap();
        assert_eq!(chat.id, 1);
        use serde::de::IntoDeserializer as _;
        use serde::de::value::{BytesDeserializer, Error};
        let name: BytesDeserializer<'_, Error> = b"text".as_slice().into_deserializer();
        let found = serde::de::DeserializeSeed::deserialize(
            super::Name(<InlineKeyboardButton as super::Object>::NAMES),
            name,
        );
        assert_eq!(found.unwrap(), Some(0));
    }

    #[test]
    fn all_of_a_messages_names_are_found() {
        let names = <Message as super::Object>::NAMES;
        for (place, name) in names.wire().iter().enumerate() {
            assert_eq!(names.find(name.as_bytes()), Some(place), "{name}");
        }
        assert_eq!(names.find(b"telepathy"), None);
        assert_eq!(names.find(b""), None);
    }
}
