//! What the generated unions share.
//!
//! A union is read as a JSON value first, then asked which member it is. The generic part is kept this small because it
//! is compiled once for each union and deserializer; the rest is compiled once.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use crate::object::Part;

/// A known member was malformed; says which union, and what was wrong.
#[derive(Debug)]
pub(crate) struct Error {
    union: &'static str,
    error: serde_json::Error,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.union, self.error)
    }
}

/// Reads an object.
pub(crate) fn object<'de, D: Deserializer<'de>>(
    deserializer: D,
    union: &'static str,
) -> Result<Value, D::Error> {
    struct ObjectVisitor(&'static str);

    impl<'de> Visitor<'de> for ObjectVisitor {
        type Value = Value;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "an object of {}", self.0)
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Value, A::Error> {
            Value::deserialize(MapAccessDeserializer::new(map))
        }
    }

    deserializer.deserialize_map(ObjectVisitor(union))
}

/// Reads a value that may be something else than an object.
pub(crate) fn any<'de, D: Deserializer<'de>>(
    deserializer: D,
    _union: &'static str,
) -> Result<Value, D::Error> {
    Value::deserialize(deserializer)
}

/// The text in the field that tells the members apart.
pub(crate) fn tag<'a>(value: &'a Value, field: &str) -> Option<&'a str> {
    value.get(field)?.as_str()
}

/// Whether the object has all of these fields.
pub(crate) fn has(value: &Value, fields: &[&str]) -> bool {
    fields
        .iter()
        .all(|field| value.get(field).is_some_and(|value| !value.is_null()))
}

/// Reads the member that it was found to be.
pub(crate) fn member<T: Part>(union: &'static str, value: Value) -> Result<Box<T>, Error> {
    crate::object::read(value).map_err(|error| Error { union, error })
}
