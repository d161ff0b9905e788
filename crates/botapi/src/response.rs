//! [`Response`]: the envelope of every answer of the Bot API's server.

use serde::{Deserialize, Serialize};

use crate::ResponseParameters;

/// What the server answers to a call, whether it went well or not.
///
/// Either `ok` is true and [`result`](Self#structfield.result) is there, or it is false and `error_code` and
/// `description` are. The fields are written in the official server's order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Response<T> {
    /// Whether the call went well.
    pub ok: bool,
    /// The method's result, when it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<T>,
    /// The kind of error, when it did not: an HTTP status, which is also the status of the response.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_code: Option<u16>,
    /// What went wrong, for people; a few methods also say here what went well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What a program can do about the error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameters: Option<ResponseParameters>,
}

impl<T> Response<T> {
    /// The call went well.
    pub fn ok(result: T) -> Self {
        Self {
            ok: true,
            result: Some(result),
            error_code: None,
            description: None,
            parameters: None,
        }
    }

    /// The call failed.
    pub fn error(error_code: u16, description: impl Into<String>) -> Self {
        Self {
            ok: false,
            result: None,
            error_code: Some(error_code),
            description: Some(description.into()),
            parameters: None,
        }
    }

    /// Adds a description.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Adds what a program can do about the error.
    #[must_use]
    pub fn parameters(mut self, parameters: ResponseParameters) -> Self {
        self.parameters = Some(parameters);
        self
    }
}
