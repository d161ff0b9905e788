//! What a request asks, read.

use super::error::Failure;
use super::id::Id;
use bytes::Bytes;
use hyper::HeaderMap;
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use std::str::FromStr;

/// A request that found its route.
pub(super) struct Ask {
    /// What stands in the path where the route has `{…}`.
    parts: Vec<String>,
    query: Vec<(String, String)>,
    body: Bytes,
    pub headers: HeaderMap,
}

impl Ask {
    pub(super) fn new(parts: Vec<String>, query: Option<&str>, body: Bytes, headers: HeaderMap) -> Ask {
        let query = form_urlencoded::parse(query.unwrap_or_default().as_bytes())
            .into_owned()
            .collect();
        Ask {
            parts,
            query,
            body,
            headers,
        }
    }

    /// The `{…}` of the path at this place, from 0.
    pub(super) fn part(&self, at: usize) -> &str {
        self.parts.get(at).map_or("", String::as_str)
    }

    /// The id in the path at this place.
    pub(super) fn id(&self, at: usize) -> Id {
        Id::read(self.part(at))
    }

    /// A parameter of the query string.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
    }

    /// A parameter of the query string that must be there.
    pub(super) fn needed(&self, name: &str) -> Result<&str, Failure> {
        let missing = || {
            Failure::bad_request(format!("The parameter “{name}” is missing"))
                .hint(format!("Add ?{name}=… to the address."))
        };
        self.query(name)
            .filter(|value| !value.is_empty())
            .ok_or_else(missing)
    }

    /// A parameter of the query string that is a number.
    pub(super) fn number<T: FromStr>(&self, name: &str) -> Result<Option<T>, Failure> {
        let Some(text) = self.query(name) else {
            return Ok(None);
        };
        let wrong = |_| {
            Failure::bad_request(format!(
                "The parameter “{name}” is “{text}”, which is no such number"
            ))
        };
        text.parse().map(Some).map_err(wrong)
    }

    /// The body.
    pub(super) fn body<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        if self.body.is_empty() {
            return Err(Failure::bad_request("The body is empty")
                .hint("A JSON object is expected: see openapi.json."));
        }
        // A list would be taken for an object's values in order.
        if self.body.trim_ascii_start().starts_with(b"[") {
            return Err(Failure::bad_request("The body is a list")
                .hint("A JSON object is expected: see openapi.json."));
        }
        serde_json::from_slice(&self.body).map_err(|error| match error.classify() {
            Category::Data => Failure::bad_request(format!("The body does not fit: {error}"))
                .hint("See openapi.json for what may stand there."),
            Category::Syntax | Category::Eof | Category::Io => {
                Failure::bad_request(format!("The body is not JSON: {error}"))
            }
        })
    }
}
