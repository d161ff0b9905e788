//! Reading an object's fields with the official server's own complaints.

use serde_json::{Map, Value};

use crate::bot_api::lenient::to_integer;

/// What is wrong, without what it is wrong with.
pub(super) type What = String;

/// An object's fields.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a>(pub(super) &'a Map<String, Value>);

impl<'a> Fields<'a> {
    /// The field, even if it is null.
    pub(super) fn has(self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The field, unless it is null.
    pub(super) fn get(self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A text; a number counts as its digits.
    pub(super) fn string(self, name: &str) -> Result<String, What> {
        match self.get(name) {
            None => Err(missing(name)),
            Some(Value::String(text)) => Ok(text.clone()),
            Some(Value::Number(number)) => Ok(number.to_string()),
            Some(_) => Err(wrong(name, "String")),
        }
    }

    /// A text, or nothing; empty is nothing.
    pub(super) fn optional_string(self, name: &str) -> Result<Option<String>, What> {
        match self.get(name) {
            None => Ok(None),
            Some(_) => self
                .string(name)
                .map(|text| Some(text).filter(|text| !text.is_empty())),
        }
    }

    /// A flag; one that is absent is false. Unlike a parameter, it must be a Boolean.
    pub(super) fn flag(self, name: &str) -> Result<bool, What> {
        match self.get(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(_) => Err(wrong(name, "Boolean")),
        }
    }

    /// A number; a text counts as the number that it begins with.
    pub(super) fn integer(self, name: &str) -> Result<i64, What> {
        match self.get(name) {
            None => Err(missing(name)),
            Some(Value::Number(number)) => number.as_i64().ok_or_else(|| wrong(name, "Number")),
            Some(Value::String(text)) => Ok(to_integer(text)),
            Some(_) => Err(wrong(name, "Number")),
        }
    }

    /// A number, or 0.
    pub(super) fn optional_integer(self, name: &str) -> Result<i64, What> {
        match self.get(name) {
            None => Ok(0),
            Some(_) => self.integer(name),
        }
    }

    /// An object's fields.
    pub(super) fn object(self, name: &str) -> Result<Fields<'a>, What> {
        match self.get(name) {
            None => Err(missing(name)),
            Some(Value::Object(fields)) => Ok(Fields(fields)),
            Some(_) => Err(wrong(name, "Object")),
        }
    }

    /// An array's items, or nothing.
    pub(super) fn optional_array(self, name: &str) -> Result<Option<&'a [Value]>, What> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Array(items)) => Ok(Some(items)),
            Some(_) => Err(wrong(name, "Array")),
        }
    }
}

fn missing(name: &str) -> What {
    format!("Can't find field \"{name}\"")
}

fn wrong(name: &str, expected: &str) -> What {
    format!("Field \"{name}\" must be of type {expected}")
}
