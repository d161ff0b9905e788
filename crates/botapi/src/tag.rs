//! Fields that always hold the same string, and so tell which member of a union an object is.

use std::fmt;

use serde::de::{self, Deserializer, Visitor};

/// Defines one zero-sized type for each value: written as that value, read only from it.
macro_rules! tags {
    ($($name:ident = $value:literal,)+) => {
        $(
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
            pub(crate) struct $name;

            impl serde::Serialize for $name {
                fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    serializer.serialize_str($value)
                }
            }

            crate::object::simple_parts! { $name = Self, }

            impl<'de> serde::Deserialize<'de> for $name {
                fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    crate::tag::exactly(deserializer, $value).map(|()| Self)
                }
            }
        )+
    };
}
pub(crate) use tags;

/// Reads text that can only be this.
pub(crate) fn exactly<'de, D: Deserializer<'de>>(
    deserializer: D,
    value: &'static str,
) -> Result<(), D::Error> {
    struct Exactly(&'static str);

    impl Visitor<'_> for Exactly {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "\"{}\"", self.0)
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<(), E> {
            if text == self.0 {
                Ok(())
            } else {
                Err(E::invalid_value(de::Unexpected::Str(text), &self))
            }
        }
    }

    deserializer.deserialize_str(Exactly(value))
}
