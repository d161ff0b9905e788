//! Parameters as one JSON object.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde::ser::{SerializeMap, Serializer};
use serde_json::value::RawValue;

use super::{ApiError, Arg, Form, Params, ParamsError, SECRETS};

/// Reads a body.
pub(super) fn read(params: &mut Params, body: &[u8]) -> Result<(), ParamsError> {
    let text =
        std::str::from_utf8(body).map_err(|_| ApiError::bad_request("strings must be encoded in UTF-8"))?;
    let text = text.trim_start();
    if text.is_empty() {
        return Ok(());
    }
    if !text.starts_with('{') {
        return Err(ApiError::bad_request("JSON object expected"));
    }
    let mut json = serde_json::Deserializer::from_str(text);
    let read = json
        .deserialize_map(ObjectVisitor(params))
        .and_then(|()| json.end());
    read.map_err(|error| {
        ApiError::bad_request(format_args!("can't parse the request's JSON object: {error}"))
    })
}

struct ObjectVisitor<'a>(&'a mut Params);

impl<'de> Visitor<'de> for ObjectVisitor<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of parameters")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            let value: &RawValue = map.next_value()?;
            let value = value.get();
            let (value, form) = if value.starts_with('"') {
                let text: String = serde_json::from_str(value).map_err(serde::de::Error::custom)?;
                (text, Form::Text)
            } else {
                (value.to_owned(), Form::Json)
            };
            self.0.args.push(Arg { name, value, form });
        }
        Ok(())
    }
}

/// The parameters as an object again.
pub(super) fn write(params: &Params) -> String {
    let mut out = Vec::with_capacity(256);
    // Writing to memory cannot fail.
    let _ = write_to(&mut serde_json::Serializer::new(&mut out), params);
    String::from_utf8(out).unwrap_or_default()
}

fn write_to<S: Serializer>(serializer: S, params: &Params) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    for arg in &params.args {
        let raw = || RawValue::from_string(arg.value.clone()).ok();
        if SECRETS.contains(&arg.name.as_str()) {
            map.serialize_entry(&arg.name, "…")?;
        } else if let Some(raw) = (arg.form == Form::Json).then(raw).flatten() {
            map.serialize_entry(&arg.name, &raw)?;
        } else {
            map.serialize_entry(&arg.name, &arg.value)?;
        }
    }
    for file in &params.files {
        map.serialize_entry(&file.name, &FileNote::of(file))?;
    }
    map.end()
}

/// What is said of a file.
#[derive(serde::Serialize)]
struct FileNote<'a> {
    file: Cow<'a, str>,
    size: usize,
}

impl<'a> FileNote<'a> {
    fn of(file: &'a super::FilePart) -> FileNote<'a> {
        FileNote {
            file: Cow::Borrowed(&file.file_name),
            size: file.content.len(),
        }
    }
}
