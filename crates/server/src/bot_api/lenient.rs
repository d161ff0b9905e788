//! Methods from parameters that are all text, read as leniently as the official server reads them.
//!
//! Text is a number if it begins with one (`"12abc"` is 12, `"x"` is 0), and a flag if it is `true`, `yes` or `1`;
//! objects and arrays are JSON in text, and inside of that a number may again be text, and text a number. An optional
//! parameter that is empty is absent.

mod error;
mod json;

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::Value as JsonValue;

use super::Params;
pub(crate) use error::DecodeError;

/// Read by [`Params::reply_markup`] alone.
const NOT_HERE: &str = "reply_markup";

/// `true`, `yes` or `1`, in any letter case and with blanks around; anything else is no (TBA `Client.cpp:9357`).
pub(super) fn to_bool(text: &str) -> bool {
    let text = text.trim();
    ["true", "yes", "1"]
        .iter()
        .any(|yes| text.eq_ignore_ascii_case(yes))
}

/// The number that a text begins with, or 0; what does not fit becomes the nearest that does.
pub(super) fn to_integer(text: &str) -> i64 {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let digits = digits.bytes().take_while(u8::is_ascii_digit);
    digits.fold(0_i64, |number, digit| {
        let digit = i64::from(digit - b'0');
        let number = number.saturating_mul(10);
        if negative {
            number.saturating_sub(digit)
        } else {
            number.saturating_add(digit)
        }
    })
}

/// Reads a method.
pub(super) fn from_params<M: DeserializeOwned>(params: &Params) -> Result<M, DecodeError> {
    M::deserialize(ParamsDeserializer(params))
}

struct ParamsDeserializer<'a>(&'a Params);

impl<'de> Deserializer<'de> for ParamsDeserializer<'de> {
    type Error = DecodeError;

    /// Goes through the method's fields, not through what was sent: the latter is longer if someone wants it to be.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        let read = visitor.visit_map(Fields {
            params: self.0,
            fields: fields.iter(),
            next: None,
        });
        // The official server reads what is to be sent before it asks where to.
        read.map_err(|error| match error {
            DecodeError::Missing { name } if name == "chat_id" => {
                let is_missing = |name: &&&str| {
                    error::is_required_text(name)
                        && self.0.text(name).is_none()
                        && self.0.file(name).is_none()
                };
                let first = fields.iter().find(is_missing).copied();
                serde::de::Error::missing_field(first.unwrap_or("chat_id"))
            }
            error => error,
        })
    }

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, DecodeError> {
        Err(serde::de::Error::custom("parameters are read into a struct"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// The method's fields that were sent.
struct Fields<'a> {
    params: &'a Params,
    fields: std::slice::Iter<'static, &'static str>,
    next: Option<Field<'a>>,
}

impl<'de> MapAccess<'de> for Fields<'de> {
    type Error = DecodeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, DecodeError> {
        for name in self.fields.by_ref().filter(|name| **name != NOT_HERE) {
            self.next = match self.params.checked(name)? {
                Some(text) => Some(Field {
                    name,
                    value: Value::Text(text),
                }),
                // A file of a parameter's name is that parameter.
                None if self.params.file(name).is_some() => Some(Field {
                    name,
                    value: Value::Part,
                }),
                // A webhook without an address is none: empty, not missing.
                None if *name == "url" => Some(Field {
                    name,
                    value: Value::Text(""),
                }),
                None => None,
            };
            if self.next.is_some() {
                return seed.deserialize(BorrowedStrDeserializer::new(name)).map(Some);
            }
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, DecodeError> {
        match self.next.take() {
            Some(field) => {
                let name = field.name;
                seed.deserialize(field).map_err(|error| error.at(name))
            }
            None => Err(serde::de::Error::custom("a value before its name")),
        }
    }
}

/// One parameter.
#[derive(Clone, Copy)]
struct Field<'a> {
    name: &'static str,
    value: Value<'a>,
}

#[derive(Clone, Copy)]
enum Value<'a> {
    Text(&'a str),
    /// A file in the part of this name.
    Part,
}

impl<'a> Field<'a> {
    fn text(&self) -> &'a str {
        match self.value {
            Value::Text(text) => text,
            Value::Part => "",
        }
    }

    fn json(&self) -> Result<json::Lenient, DecodeError> {
        json::parse(self.text()).map(json::Lenient)
    }

    /// As JSON, whatever error there is being about the inside of this parameter.
    fn inside<T>(self, read: impl FnOnce(json::Lenient) -> Result<T, DecodeError>) -> Result<T, DecodeError> {
        self.json()
            .and_then(read)
            .map_err(|error| error.inside(self.name))
    }
}

macro_rules! integers {
    ($($method:ident $visit:ident $type:ty,)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
            let number = error::checked_id(self.name, to_integer(self.text()))?;
            visitor.$visit(<$type>::try_from(number).unwrap_or(if number < 0 { <$type>::MIN } else { <$type>::MAX }))
        })*
    };
}

impl<'de> Deserializer<'de> for Field<'de> {
    type Error = DecodeError;

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_bool(to_bool(self.text()))
    }

    integers! {
        deserialize_i8 visit_i8 i8,
        deserialize_i16 visit_i16 i16,
        deserialize_i32 visit_i32 i32,
        deserialize_i64 visit_i64 i64,
        deserialize_u8 visit_u8 u8,
        deserialize_u16 visit_u16 u16,
        deserialize_u32 visit_u32 u32,
        deserialize_u64 visit_u64 u64,
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        let number: f64 = self.text().trim().parse().unwrap_or(0.0);
        visitor.visit_f64(if number.is_finite() { number } else { 0.0 })
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.value {
            Value::Text("") if error::is_required_text(self.name) => {
                Err(serde::de::Error::missing_field(self.name))
            }
            Value::Text(text) => visitor.visit_borrowed_str(text),
            Value::Part => visitor.visit_string(format!("attach://{}", self.name)),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_borrowed_bytes(self.text().as_bytes())
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.value {
            Value::Text("") => visitor.visit_none(),
            // These are passed over if they are no array (TBA `get_input_entities`, `Client.cpp:15700-15724`).
            Value::Text(text)
                if error::is_optional_list(self.name)
                    && !matches!(json::parse(text), Ok(JsonValue::Array(_))) =>
            {
                visitor.visit_none()
            }
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.inside(|json| json.deserialize_seq(visitor))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Result<V::Value, DecodeError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.inside(|json| json.deserialize_map(visitor))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        visitor.visit_enum(self.text().into_deserializer())
    }

    /// An object or array if it looks like one, else a number if it is one, else text.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        let text = self.text();
        if text.is_empty() && matches!(self.value, Value::Text(_)) {
            return Err(serde::de::Error::missing_field(self.name));
        }
        if text.starts_with(['{', '[']) {
            return self.inside(|json| json.deserialize_any(visitor));
        }
        match text.parse() {
            Ok(number) => visitor.visit_i64(number),
            Err(_) => self.deserialize_str(visitor),
        }
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_unit()
    }
}

#[cfg(test)]
mod tests;
