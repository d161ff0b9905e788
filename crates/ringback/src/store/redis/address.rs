//! Where a Redis server is, as its URL says.

use std::fmt;

use crate::error::Error;

/// `redis://user:password@host:port/database`, `rediss://` for TLS; everything but the host may be left out.
pub(super) struct Address {
    pub(super) tls: bool,
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) user: Option<String>,
    pub(super) password: Option<String>,
    pub(super) database: u32,
}

impl Address {
    /// No error holds the URL: a password may be in it.
    pub(super) fn parse(url: &str) -> Result<Self, Error> {
        let wrong = |why: &str| {
            Error::Config(format!(
                "the Redis server's URL {why}; it looks like redis://:password@localhost:6379/0"
            ))
        };
        let (tls, rest) = match (url.strip_prefix("redis://"), url.strip_prefix("rediss://")) {
            (Some(rest), _) => (false, rest),
            (_, Some(rest)) => (true, rest),
            _ => return Err(wrong("starts with neither redis:// nor rediss://")),
        };
        if tls && cfg!(not(feature = "tls")) {
            return Err(wrong("needs the feature `tls`"));
        }
        if rest.contains(['?', '#']) {
            return Err(wrong("has options, which are not known here"));
        }
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (login, place) = match authority.rsplit_once('@') {
            Some((login, place)) => (Some(login), place),
            None => (None, authority),
        };
        let (user, password) = match login {
            None => (None, None),
            Some(login) => {
                let (user, password) = login
                    .split_once(':')
                    .ok_or_else(|| wrong("has a user without a password"))?;
                let plain = |text| {
                    plain(text).ok_or_else(|| wrong("has a user or password that is not encoded as URLs are"))
                };
                (plain(user)?, plain(password)?)
            }
        };
        let (host, port) = match place.strip_prefix('[').and_then(|place| place.split_once(']')) {
            Some((host, port)) => (host, port.strip_prefix(':')),
            None => match place.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (place, None),
            },
        };
        if host.is_empty() {
            return Err(wrong("has no host"));
        }
        let port = port.map_or(Ok(6379), str::parse);
        let database = if path.is_empty() { Ok(0) } else { path.parse() };
        Ok(Address {
            tls,
            host: host.to_owned(),
            port: port.map_err(|_| wrong("has a port that is no number"))?,
            user,
            password,
            database: database.map_err(|_| wrong("has a database that is no number"))?,
        })
    }
}

/// Without the percent signs; `None` inside if it is empty.
fn plain(text: &str) -> Option<Option<String>> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digit = |byte: u8| char::from(byte).to_digit(16);
                let (high, low) = (digit(rest.next()?)?, digit(rest.next()?)?);
                u8::try_from(high * 16 + low).ok()?
            }
            byte => byte,
        });
    }
    let text = String::from_utf8(bytes).ok()?;
    Some((!text.is_empty()).then_some(text))
}

impl fmt::Debug for Address {
    /// Without the login.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.tls { "rediss" } else { "redis" };
        write!(f, "{scheme}://{}:{}/{}", self.host, self.port, self.database)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_taken_apart() {
        let address = Address::parse("rediss://bot:p%40ss%3A@example.org:7000/3").unwrap();
        assert_eq!(format!("{address:?}"), "rediss://example.org:7000/3");
        assert_eq!(address.user.as_deref(), Some("bot"));
        assert_eq!(address.password.as_deref(), Some("p@ss:"));
        let address = Address::parse("redis://:secret@[::1]").unwrap();
        assert_eq!(
            (address.host.as_str(), address.port, address.database),
            ("::1", 6379, 0)
        );
        assert_eq!(
            (address.user, address.password.as_deref()),
            (None, Some("secret"))
        );
        assert!(Address::parse("redis://localhost/").is_ok());
    }

    #[test]
    fn what_is_wrong_is_said_and_the_password_is_not() {
        for wrong in [
            "http://x",
            "redis://",
            "redis://:secret@",
            "redis://secret@x",
            "redis://:se%cret@x",
            "redis://:secret%f@x",
            "redis://:secret@x:port",
            "redis://:secret@x/db",
            "redis://:secret@x?protocol=3",
        ] {
            let error = Address::parse(wrong).unwrap_err().to_string();
            assert!(
                error.contains("redis://") && !error.contains("secret") && !error.contains("cret@"),
                "{error}"
            );
        }
    }
}
