//! What a client has to keep to be signed in again: the key, the server and who.
//!
//! As text it is `ringback1:ADDRESS:DC:USER:KEY`: the server's address and port (`127.0.0.1:8081`,
//! `[::1]:8081`), its data centre, the account's id (0 when nobody has signed in) and the 256 bytes of the
//! authorization key in URL-safe base64 without padding. Whoever has it *is* the account: keep it as a
//! password is kept.

use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

use ringback_mtproto::AuthKey;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::base64::{decode, encode};
use crate::server::Network;

/// What a session's text begins with.
const VERSION: &str = "ringback1";

/// Why a session cannot be read or kept.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SessionError {
    /// The text does not begin with `ringback1:`.
    #[error("this is no session of this client: it does not begin with `ringback1:`")]
    Version,
    /// A part of the text is not what it should be. The text itself is not shown: it is a secret.
    #[error("the session's {0} cannot be read")]
    Part(&'static str),
    /// The text is no session of this other library. It is not shown: it is a secret.
    #[error("this is no session of {0}")]
    Foreign(&'static str),
    /// The file cannot be read or written.
    #[error("cannot use the session file {path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// A key, and where and for whom it is.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    /// The server.
    pub address: SocketAddr,
    /// Its data centre.
    pub dc: i32,
    /// The account; 0 when nobody has signed in.
    pub user: i64,
    /// The key.
    pub key: AuthKey,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("address", &self.address)
            .field("dc", &self.dc)
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

impl Session {
    /// The session as text. It is a secret.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let key = encode(self.key.as_bytes());
        let Self {
            address, dc, user, ..
        } = self;
        Zeroizing::new(format!("{VERSION}:{address}:{dc}:{user}:{}", *key))
    }
}

impl Session {
    /// Whether it is for Telegram's own servers, by the address.
    #[must_use]
    pub fn is_telegrams(&self) -> bool {
        Network::at(self.address).is_some()
    }
}

impl FromStr for Session {
    type Err = SessionError;

    fn from_str(text: &str) -> Result<Self, SessionError> {
        let rest = text
            .trim()
            .strip_prefix(VERSION)
            .and_then(|rest| rest.strip_prefix(':'))
            .ok_or(SessionError::Version)?;
        // From the right, as an IPv6 address has colons of its own.
        let mut parts = rest.rsplitn(4, ':');
        let key = parts.next().and_then(decode);
        let key = key.and_then(|key| <[u8; 256]>::try_from(key.as_slice()).ok());
        let key = Zeroizing::new(key.ok_or(SessionError::Part("key"))?);
        let mut number = |what| {
            let part = parts.next().and_then(|part| part.parse::<i64>().ok());
            part.ok_or(SessionError::Part(what))
        };
        let user = number("account")?;
        let dc = number("data centre")?
            .try_into()
            .map_err(|_| SessionError::Part("data centre"))?;
        let address = parts.next().and_then(|part| part.parse().ok());
        Ok(Self {
            address: address.ok_or(SessionError::Part("address"))?,
            dc,
            user,
            key: AuthKey::from_bytes(*key),
        })
    }
}

/// Where a session is kept between runs.
///
/// It is asked once, when the client is built, and told whenever the key or the account changes.
pub trait SessionStore: Send + Sync + fmt::Debug {
    /// What was kept; `None` at the first run.
    ///
    /// # Errors
    /// When there is something that cannot be read.
    fn load(&self) -> Result<Option<Session>, SessionError>;

    /// Keeps a session, or with `None` forgets it.
    ///
    /// # Errors
    /// When it cannot be kept.
    fn save(&self, session: Option<&Session>) -> Result<(), SessionError>;
}

/// A session in memory: gone with the program, unless [`MemoryStore::get`] takes it out.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore(Arc<Mutex<Option<Session>>>);

impl MemoryStore {
    /// Begins with this session, for example one read from a string.
    #[must_use]
    pub fn new(session: Option<Session>) -> Self {
        Self(Arc::new(Mutex::new(session)))
    }

    /// What is kept now.
    #[must_use]
    pub fn get(&self) -> Option<Session> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl SessionStore for MemoryStore {
    fn load(&self) -> Result<Option<Session>, SessionError> {
        Ok(self.get())
    }

    fn save(&self, session: Option<&Session>) -> Result<(), SessionError> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = session.cloned();
        Ok(())
    }
}

/// A session in a file, as [text](Session::to_text) and a line's end. On Unix only its owner may read it.
#[derive(Clone, Debug)]
pub struct FileStore {
    path: PathBuf,
}

impl FileStore {
    /// Keeps the session at `path`; its folder must be there.
    #[must_use]
    pub fn new(path: impl AsRef<Path>) -> Self {
        Self {
            path: path.as_ref().to_owned(),
        }
    }

    fn failed(&self, source: io::Error) -> SessionError {
        SessionError::File {
            path: self.path.clone(),
            source,
        }
    }

    /// Writes beside the file and renames, so that it is never half written.
    fn write(&self, text: &str) -> io::Result<()> {
        let mut beside = self.path.clone().into_os_string();
        beside.push(".new");
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&beside)?;
        file.write_all(text.as_bytes())?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        drop(file);
        fs::rename(beside, &self.path)
    }
}

impl SessionStore for FileStore {
    fn load(&self) -> Result<Option<Session>, SessionError> {
        match fs::read_to_string(&self.path) {
            Ok(text) => Zeroizing::new(text).parse().map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.failed(error)),
        }
    }

    fn save(&self, session: Option<&Session>) -> Result<(), SessionError> {
        let done = match session {
            Some(session) => self.write(&session.to_text()),
            None => match fs::remove_file(&self.path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
                done => done,
            },
        };
        done.map_err(|error| self.failed(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(address: &str) -> Session {
        let mut key = [0; 256];
        key.iter_mut().enumerate().for_each(|(at, byte)| *byte = at as u8);
        Session {
            address: address.parse().unwrap(),
            dc: 2,
            user: 5_000_000_001,
            key: AuthKey::from_bytes(key),
        }
    }

    #[test]
    fn text_there_and_back() {
        for address in ["127.0.0.1:8081", "[::1]:443"] {
            let session = session(address);
            let text = session.to_text();
            assert!(text.starts_with(&format!("ringback1:{address}:2:5000000001:AAECAwQ")));
            assert_eq!(text.parse::<Session>().unwrap(), session);
            for end in 0..text.len() {
                assert!(text[..end].parse::<Session>().is_err());
            }
        }
    }

    #[test]
    fn nothing_secret_is_shown() {
        let session = session("127.0.0.1:1");
        let shown = format!("{session:?} {:?}", MemoryStore::new(Some(session.clone())));
        assert!(!shown.contains("AAECAwQ") && !shown.contains("1, 2, 3"));
        let error = "ringback1:127.0.0.1:1:2:3:secret".parse::<Session>().unwrap_err();
        assert!(!format!("{error} {error:?}").contains("secret"));
    }

    #[test]
    fn a_file_is_kept_and_forgotten() {
        let path = std::env::temp_dir().join(format!("ringback-client-{}.session", std::process::id()));
        let store = FileStore::new(&path);
        store.save(None).unwrap();
        assert_eq!(store.load().unwrap(), None);
        let session = session("127.0.0.1:1");
        store.save(Some(&session)).unwrap();
        assert_eq!(store.load().unwrap(), Some(session));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        store.save(None).unwrap();
        assert!(!path.exists());
    }
}
