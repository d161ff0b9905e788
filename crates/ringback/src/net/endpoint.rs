//! Where the API server is, and what a request to it looks like.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use http_body_util::Full;
use hyper::Request;
use hyper::header::{CONTENT_TYPE, HOST, HeaderValue};
use hyper::http::Uri;

use crate::error::Error;

/// A server's address, taken apart once, and the token that every path to it holds.
pub(crate) struct Endpoint {
    pub(crate) tls: bool,
    pub(crate) host: String,
    pub(crate) port: u16,
    authority: HeaderValue,
    /// `/bot<token>/`, with what the address has before it.
    prefix: String,
    /// A request's path is the same for every call of a method: it is written once.
    paths: Mutex<HashMap<&'static str, Uri>>,
}

impl Endpoint {
    /// `base` is `http://` or `https://`, a host, an optional port and an optional path.
    pub(crate) fn new(base: &str, token: &str) -> Result<Self, Error> {
        let wrong = |why: &str| {
            Error::Config(format!(
                "the API server's address {base:?} {why}; it looks like https://api.telegram.org"
            ))
        };
        let (tls, rest) = if let Some(rest) = base.strip_prefix("https://") {
            (true, rest)
        } else if let Some(rest) = base.strip_prefix("http://") {
            (false, rest)
        } else {
            return Err(wrong("starts with neither http:// nor https://"));
        };
        if tls && cfg!(not(feature = "tls")) {
            return Err(wrong("needs the feature `tls`"));
        }
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let uri: Uri = authority.parse().map_err(|_| wrong("is not a host and port"))?;
        let host = uri
            .host()
            .filter(|host| !host.is_empty())
            .ok_or_else(|| wrong("has no host"))?;
        if authority.contains('@') {
            return Err(wrong("has a user name in it"));
        }
        let prefix = format!("{}/bot{token}/", path.trim_end_matches('/'));
        prefix
            .parse::<Uri>()
            .map_err(|_| wrong("has a path that can't be used"))?;
        Ok(Endpoint {
            tls,
            host: host.trim_matches(['[', ']']).to_owned(),
            port: uri.port_u16().unwrap_or(if tls { 443 } else { 80 }),
            authority: HeaderValue::from_str(authority).map_err(|_| wrong("is not a host and port"))?,
            prefix,
            paths: Mutex::default(),
        })
    }

    pub(crate) fn request(&self, method: &'static str, body: Bytes) -> Request<Full<Bytes>> {
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = hyper::Method::POST;
        *request.uri_mut() = self.path(method);
        let headers = request.headers_mut();
        headers.insert(HOST, self.authority.clone());
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        request
    }

    fn path(&self, method: &'static str) -> Uri {
        let mut paths = self.paths.lock().unwrap_or_else(PoisonError::into_inner);
        let write = || {
            let path = Bytes::from(format!("{}{method}", self.prefix));
            // The prefix parsed when it was made, and a method's name is letters.
            Uri::from_maybe_shared(path).unwrap_or_default()
        };
        paths.entry(method).or_insert_with(write).clone()
    }
}

impl fmt::Debug for Endpoint {
    /// Without the prefix: the token is in it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}://{}:{}",
            if self.tls { "https" } else { "http" },
            self.host,
            self.port
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_apart() {
        let local = Endpoint::new("http://127.0.0.1:8081", "1:a").unwrap();
        assert_eq!(
            (local.tls, local.host.as_str(), local.port),
            (false, "127.0.0.1", 8081)
        );
        assert_eq!(local.path("getMe"), "/bot1:a/getMe");

        let behind = Endpoint::new("http://[::1]/telegram/", "1:a").unwrap();
        assert_eq!((behind.host.as_str(), behind.port), ("::1", 80));
        assert_eq!(behind.path("getMe"), "/telegram/bot1:a/getMe");
    }

    #[test]
    fn a_wrong_address_says_so() {
        for base in [
            "",
            "api.telegram.org",
            "ftp://x",
            "http://",
            "http://a b",
            "http://u:p@host",
        ] {
            assert!(Endpoint::new(base, "1:a").is_err(), "{base:?} was taken");
        }
    }
}
