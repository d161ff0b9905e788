//! What a call is answered with when it fails.

use std::fmt;

use ringback_botapi::ResponseParameters;

/// A failed call: `error_code`, `description` and, where a program can do something about it, `parameters`.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct ApiError {
    /// Also the HTTP status.
    pub code: u16,
    /// The text, exactly as on the wire.
    pub description: String,
    /// What a program can do about it.
    pub parameters: Option<Box<ResponseParameters>>,
}

impl ApiError {
    /// An error of this code, with the whole description.
    pub(crate) fn new(code: u16, description: impl Into<String>) -> ApiError {
        ApiError {
            code,
            description: description.into(),
            parameters: None,
        }
    }

    /// A 400: `what` goes behind `Bad Request: `, its first letter in lower case as the official server writes it.
    pub(crate) fn bad_request(what: impl fmt::Display) -> ApiError {
        let what = what.to_string();
        ApiError::new(400, format!("Bad Request: {}", lower_first(&what)))
    }
}

/// The first letter in lower case, unless the second is a capital or `_`: then it is a name, not a sentence
/// (TBA `Client.cpp:71-205`).
fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.clone().next()) {
        (Some(_), Some('_' | 'A'..='Z')) | (None, _) => text.to_owned(),
        (Some(first), _) => first.to_ascii_lowercase().to_string() + chars.as_str(),
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code, self.description)
    }
}

impl std::error::Error for ApiError {}

impl From<ringback_world::Error> for ApiError {
    fn from(error: ringback_world::Error) -> ApiError {
        let error = error.bot_api();
        ApiError {
            code: error.code,
            description: error.description,
            parameters: error
                .retry_after
                .map(|seconds| Box::new(ResponseParameters::new().retry_after(seconds.into()))),
        }
    }
}

impl From<super::DecodeError> for ApiError {
    fn from(error: super::DecodeError) -> ApiError {
        ApiError::new(400, error.description())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_begin_in_lower_case() {
        for (what, expected) in [
            ("Can't parse entities", "Bad Request: can't parse entities"),
            ("BUTTON_DATA_INVALID", "Bad Request: BUTTON_DATA_INVALID"),
            ("X", "Bad Request: x"),
            ("", "Bad Request: "),
        ] {
            assert_eq!(ApiError::bad_request(what).description, expected);
        }
    }

    #[test]
    fn a_flood_says_how_long() {
        let error = ApiError::from(ringback_world::Error::Flood { seconds: 7 });
        assert_eq!(error.code, 429);
        assert_eq!(
            error.parameters.and_then(|parameters| parameters.retry_after),
            Some(7)
        );
    }
}
