//! Where the API server is, and what a request to it looks like.

use std::fmt;

use http::Uri;

use super::Proxy;
use super::request::Head;
use crate::error::Error;

/// A server's address, taken apart once, and the token that every path to it holds.
pub(crate) struct Endpoint {
    pub(crate) tls: bool,
    pub(crate) host: String,
    pub(crate) port: u16,
    /// The way there, if not the straight one.
    pub(crate) proxy: Option<Proxy>,
    /// Who vouches for the server, if not the usual ones.
    #[cfg(feature = "tls")]
    pub(crate) trusted: Option<std::sync::Arc<tokio_rustls::rustls::ClientConfig>>,
    /// `/bot<token>/`, with what the address has before it.
    prefix: String,
    /// How much of the prefix is the address's.
    base: usize,
    /// What stands behind the path in every request, up to the length.
    headers: Vec<u8>,
}

impl Endpoint {
    /// `address` is `http://` or `https://`, a host, an optional port and an optional path.
    pub(crate) fn new(address: &str, token: &str) -> Result<Self, Error> {
        let wrong = |why: &str| {
            Error::Config(format!(
                "the API server's address {address:?} {why}; it looks like https://api.telegram.org"
            ))
        };
        let (tls, rest) = if let Some(rest) = address.strip_prefix("https://") {
            (true, rest)
        } else if let Some(rest) = address.strip_prefix("http://") {
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
        let base = path.trim_end_matches('/');
        let prefix = format!("{base}/bot{token}/");
        prefix
            .parse::<Uri>()
            .map_err(|_| wrong("has a path that can't be used"))?;
        Ok(Endpoint {
            tls,
            host: host.trim_matches(['[', ']']).to_owned(),
            port: uri.port_u16().unwrap_or(if tls { 443 } else { 80 }),
            proxy: None,
            #[cfg(feature = "tls")]
            trusted: None,
            base: base.len(),
            prefix,
            headers: format!(" HTTP/1.1\r\nhost: {authority}\r\n").into_bytes(),
        })
    }

    /// The whole request for a file, whose path `getFile` has given; `None` if it is no path.
    pub(crate) fn file(&self, path: &str) -> Option<Vec<u8>> {
        let plain = |byte: u8| byte.is_ascii_graphic() && byte != b'?' && byte != b'#';
        // An absolute path is one on the server's own disk.
        if path.is_empty() || path.starts_with('/') || !path.bytes().all(plain) {
            return None;
        }
        let (base, bot) = self.prefix.split_at(self.base);
        let mut bytes = format!("GET {base}/file{bot}{path}").into_bytes();
        bytes.extend_from_slice(&self.headers);
        bytes.extend_from_slice(b"\r\n");
        Some(bytes)
    }

    /// A whole request: its head, and room for the body behind it. See [`Head`].
    pub(crate) fn request(&self, method: &str) -> Head {
        let mut bytes = Vec::with_capacity(512);
        bytes.extend_from_slice(b"POST ");
        bytes.extend_from_slice(self.prefix.as_bytes());
        bytes.extend_from_slice(method.as_bytes());
        bytes.extend_from_slice(&self.headers);
        Head::new(bytes)
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
    use crate::net::Request;

    #[test]
    fn addresses_are_taken_apart() {
        let local = Endpoint::new("http://127.0.0.1:8081", "1:a").unwrap();
        assert_eq!(
            (local.tls, local.host.as_str(), local.port),
            (false, "127.0.0.1", 8081)
        );
        let request = local.request("getMe").json(|body| {
            body.extend_from_slice(b"{}");
            Ok::<_, ()>(())
        });
        let expected = "POST /bot1:a/getMe HTTP/1.1\r\nhost: 127.0.0.1:8081\r\n\
                        content-type: application/json\r\ncontent-length:          2\r\n\r\n{}";
        let Ok(Request::Whole(request)) = request else {
            panic!("no whole request")
        };
        assert_eq!(String::from_utf8(request).unwrap(), expected);

        let behind = Endpoint::new("http://[::1]/telegram/", "1:a").unwrap();
        assert_eq!((behind.host.as_str(), behind.port), ("::1", 80));
        assert_eq!(behind.prefix, "/telegram/bot1:a/");
        let file = behind.file("photos/1.jpg").unwrap();
        assert!(file.starts_with(b"GET /telegram/file/bot1:a/photos/1.jpg HTTP/1.1\r\n"));
        for bad in ["", "/etc/passwd", "a b", "a\r\nb", "a?b"] {
            assert!(behind.file(bad).is_none(), "{bad:?}");
        }
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
