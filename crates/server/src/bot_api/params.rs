//! A request's parameters, whichever of the four encodings they came in.
//!
//! The query string is always read. A body is read as what its content type says:
//! `application/x-www-form-urlencoded`, `application/json` (an object; strings are unescaped, any other value stays
//! the JSON text that it was) or `multipart/form-data`; under any other type it is left alone, as the official server
//! does. When a parameter is there twice, the first counts, those of the query string before those of the body.

mod form;
mod json;

use std::fmt;

use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::lenient::{self, DecodeError};
use super::{ApiError, decode};
pub(super) use form::FilePart;

/// The most bytes of parameters, without files, that a request may have (TD `HttpReader`).
pub(super) const MAX_PARAMS: usize = 1 << 20;
const TOO_MUCH: &str = "Request Entity Too Large: too much parameters";

/// Parameters that must not be seen in a journal.
const SECRETS: &[&str] = &["secret_token", "provider_token"];

/// Why a request's parameters cannot be read: the HTTP code, and the Bot API's description.
pub(super) type ParamsError = ApiError;

/// A request's parameters: texts by name, and files.
#[derive(Clone, PartialEq, Default)]
pub(crate) struct Params {
    args: Vec<Arg>,
    files: Vec<FilePart>,
}

/// One parameter.
#[derive(Clone, PartialEq, Debug)]
struct Arg {
    name: String,
    value: String,
    form: Form,
}

/// What a parameter's text was.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Form {
    Text,
    /// A JSON value that is not a string.
    Json,
    /// Not UTF-8: what is kept has replacement characters.
    Broken,
}

impl Params {
    /// Reads a request's parameters; `query` is what stands behind the `?`.
    ///
    /// # Errors
    /// Over [`MAX_PARAMS`] bytes (413), or a body that is not what its content type says (400).
    pub(crate) async fn parse(
        query: Option<&str>,
        content_type: Option<&str>,
        body: Bytes,
    ) -> Result<Params, ParamsError> {
        let mut params = Params::default();
        let mut room = MAX_PARAMS;
        if let Some(query) = query {
            take(&mut room, query.len())?;
            params.urlencoded(query.as_bytes());
        }
        let content_type = content_type.unwrap_or_default();
        let is = |name| contains_ignore_case(content_type, name);
        if body.is_empty() {
        } else if is("multipart/form-data") {
            form::read(&mut params, content_type, body, room).await?;
        } else if is("application/x-www-form-urlencoded") {
            take(&mut room, body.len())?;
            params.urlencoded(&body);
        } else if is("application/json") {
            take(&mut room, body.len())?;
            json::read(&mut params, &body)?;
        }
        Ok(params)
    }

    /// Parameters from names and texts.
    #[cfg(test)]
    pub(crate) fn from_pairs<N: Into<String>, V: Into<String>>(
        pairs: impl IntoIterator<Item = (N, V)>,
    ) -> Params {
        let args = pairs.into_iter().map(|(name, value)| Arg {
            name: name.into(),
            value: value.into(),
            form: Form::Text,
        });
        Params {
            args: args.collect(),
            files: Vec::new(),
        }
    }

    /// A parameter's text; of a JSON value that is no string, its JSON text.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.arg(name).map(|arg| arg.value.as_str())
    }

    /// A parameter's text, unless it is empty: the official server treats that as absent.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|text| !text.is_empty())
    }

    /// A parameter that says yes (see [`lenient::to_bool`]).
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.get(name).is_some_and(lenient::to_bool)
    }

    /// A parameter as a number (see [`lenient::to_integer`]); 0 if it is absent.
    pub(crate) fn integer(&self, name: &str) -> i64 {
        self.get(name).map_or(0, lenient::to_integer)
    }

    /// A file that came with the request, by the name of its part.
    pub(crate) fn file(&self, name: &str) -> Option<&FilePart> {
        self.files.iter().find(|file| file.name == name)
    }

    /// All files, in the order they came.
    pub(crate) fn files(&self) -> &[FilePart] {
        &self.files
    }

    /// The method's own object. Parameters that it does not know are ignored.
    ///
    /// `reply_markup` is left out: [`Params::reply_markup`] reads it, and tells exactly what is wrong with it.
    ///
    /// # Errors
    /// A required parameter is missing, or one cannot be read.
    pub(crate) fn decode<M: DeserializeOwned>(&self) -> Result<M, DecodeError> {
        lenient::from_params(self)
    }

    /// The keyboard that comes with a message.
    ///
    /// # Errors
    /// What the official server says about a keyboard that it cannot read.
    pub(crate) fn reply_markup(&self) -> Result<Option<ringback_world::ReplyMarkup>, ApiError> {
        match self.checked("reply_markup")? {
            None | Some("") => Ok(None),
            Some(text) => decode::reply_markup(text),
        }
    }

    /// The parameters as a JSON object, for people to read: of a file its name and size, of a secret nothing.
    pub(crate) fn to_json_for_journal(&self) -> String {
        json::write(self)
    }

    /// A parameter's text, which must be UTF-8.
    pub(super) fn checked(&self, name: &str) -> Result<Option<&str>, DecodeError> {
        match self.arg(name) {
            Some(Arg {
                form: Form::Broken, ..
            }) => Err(DecodeError::NotUtf8 {
                name: name.to_owned(),
            }),
            arg => Ok(arg.map(|arg| arg.value.as_str())),
        }
    }

    fn arg(&self, name: &str) -> Option<&Arg> {
        self.args.iter().find(|arg| arg.name == name)
    }

    fn push(&mut self, name: String, value: Vec<u8>) {
        let (value, form) = match String::from_utf8(value) {
            Ok(value) => (value, Form::Text),
            Err(error) => (
                String::from_utf8_lossy(error.as_bytes()).into_owned(),
                Form::Broken,
            ),
        };
        self.args.push(Arg { name, value, form });
    }

    fn urlencoded(&mut self, text: &[u8]) {
        for pair in text.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            let at = pair.iter().position(|byte| *byte == b'=');
            let (name, value) = pair.split_at(at.unwrap_or(pair.len()));
            let name = String::from_utf8_lossy(&unescape(name)).into_owned();
            self.push(name, unescape(value.get(1..).unwrap_or_default()));
        }
    }
}

/// `%41` is `A`, `+` a space, anything else itself; what only looks like an escape stays as it is.
fn unescape(text: &[u8]) -> Vec<u8> {
    let hex = |at: usize| text.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        match (byte, hex(at + 1), hex(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push(u8::try_from(high * 16 + low).unwrap_or_default());
                at += 2;
            }
            (b'+', ..) => out.push(b' '),
            _ => out.push(*byte),
        }
        at += 1;
    }
    out
}

fn take(room: &mut usize, len: usize) -> Result<(), ParamsError> {
    *room = room
        .checked_sub(len)
        .ok_or_else(|| ApiError::new(413, TOO_MUCH))?;
    Ok(())
}

fn contains_ignore_case(text: &str, part: &str) -> bool {
    text.as_bytes()
        .windows(part.len())
        .any(|window| window.eq_ignore_ascii_case(part.as_bytes()))
}

/// As in a journal, so that no log ever shows a secret.
impl fmt::Debug for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_json_for_journal())
    }
}

#[cfg(test)]
mod tests;
