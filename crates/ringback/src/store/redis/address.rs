//! Where a Redis server is, as its URL says.

use std::fmt;

use redis::{ConnectionAddr, IntoConnectionInfo as _, RedisConnectionInfo};

use crate::error::Error;

/// `redis://user:password@host:port/database`, `rediss://` for TLS; everything but the host may be left out.
pub(super) struct Address {
    pub(super) tls: bool,
    pub(super) host: String,
    pub(super) port: u16,
    /// The login and the database.
    pub(super) settings: RedisConnectionInfo,
}

impl Address {
    /// No error holds the URL: a password may be in it.
    pub(super) fn parse(url: &str) -> Result<Self, Error> {
        let wrong = |why: &str| {
            Error::Config(format!(
                "the Redis server's URL {why}; it looks like redis://:password@localhost:6379/0"
            ))
        };
        let mut url =
            redis::parse_redis_url(url).ok_or_else(|| wrong("is malformed, or another service's"))?;
        // TLS is this crate's own, so that of `redis` is not asked for, and need not be compiled in.
        let (tls, scheme) = match url.scheme() {
            "redis" => (false, "redis"),
            "rediss" => (true, "redis"),
            "valkey" => (false, "valkey"),
            "valkeys" => (true, "valkey"),
            _ => return Err(wrong("is a Unix socket's, where only TCP is known")),
        };
        if tls && cfg!(not(feature = "tls")) {
            return Err(wrong("needs the feature `tls`"));
        }
        // Ignored, `#insecure` would not be what it says, nor would what another client knows.
        if url.query().is_some() || url.fragment().is_some() {
            return Err(wrong("has options, which are not known here"));
        }
        // The password alone is easily written so; without this, nobody would sign in.
        if !url.username().is_empty() && url.password().is_none() {
            return Err(wrong("has a user without a password"));
        }
        let info = match url.set_scheme(scheme) {
            Ok(()) => url.into_connection_info().ok(),
            Err(()) => None,
        };
        let Some(info) = info else {
            return Err(wrong("has no host, or a database that is no number"));
        };
        let ConnectionAddr::Tcp(host, port) = info.addr() else {
            return Err(wrong("is not one of TCP"));
        };
        Ok(Address {
            tls,
            host: host.clone(),
            port: *port,
            // Says nothing of itself to the server: some proxies know the plainest commands only.
            settings: info.redis_settings().clone().set_skip_set_lib_name(),
        })
    }
}

impl fmt::Debug for Address {
    /// Without the login.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.tls { "rediss" } else { "redis" };
        let host = match self.host.contains(':') {
            true => format!("[{}]", self.host),
            false => self.host.clone(),
        };
        write!(f, "{scheme}://{host}:{}/{}", self.port, self.settings.db())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_taken_apart() {
        let address = Address::parse("redis://bot:p%40ss%3A@example.org:7000/3").unwrap();
        assert_eq!(format!("{address:?}"), "redis://example.org:7000/3");
        assert_eq!(address.settings.username(), Some("bot"));
        assert_eq!(address.settings.password(), Some("p@ss:"));
        let address = Address::parse("redis://:secret@[::1]").unwrap();
        assert_eq!(
            (address.host.as_str(), address.port, address.settings.db()),
            ("::1", 6379, 0)
        );
        assert_eq!(format!("{address:?}"), "redis://[::1]:6379/0");
        assert_eq!(
            (address.settings.username(), address.settings.password()),
            (None, Some("secret"))
        );
        assert!(Address::parse("redis://localhost/").is_ok());
    }

    #[test]
    fn tls_is_had_or_refused() {
        for (url, tls) in [
            ("redis://x", false),
            ("valkey://x", false),
            ("rediss://x", true),
            ("valkeys://x", true),
        ] {
            let address = Address::parse(url);
            assert_eq!(address.is_ok(), !tls || cfg!(feature = "tls"), "{url}");
            assert!(address.is_ok_and(|address| address.tls == tls) || cfg!(not(feature = "tls")));
        }
    }

    #[test]
    fn what_is_wrong_is_said_and_the_password_is_not() {
        for wrong in [
            "http://x",
            "unix:///run/redis.sock",
            "redis://",
            "redis:secret",
            "redis://:secret@",
            "redis://secret@x",
            "redis://:secret%ff@x",
            "redis://:secret@x:port",
            "redis://:secret@x/db",
            "redis://:secret@x?protocol=3",
            "rediss://:secret@x#insecure",
        ] {
            let error = Address::parse(wrong).unwrap_err().to_string();
            assert!(
                error.contains("redis://") && !error.contains("secret") && !error.contains("@x"),
                "{error}"
            );
        }
    }
}
