//! [`RedisStore`].

mod address;
mod link;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use redis::{Cmd, ServerError, Value, cmd};
use tokio::time::Instant;

use self::address::Address;
use self::link::{Link, Trust};
use super::{Store, StoreFuture, When, millis};
use crate::error::{BoxError, Error};

/// How long a command may take, a new connection included.
const LIMIT: Duration = Duration::from_secs(5);
/// How long after a connection has failed no other is tried.
const PAUSE: Duration = Duration::from_millis(200);

/// Replaces a value if it is the expected one: key; expected, new, milliseconds or nothing.
const SWAP: &str = "if redis.call('GET',KEYS[1])~=ARGV[1] then return 0 end \
                    if ARGV[3]=='' then redis.call('SET',KEYS[1],ARGV[2]) \
                    else redis.call('SET',KEYS[1],ARGV[2],'PX',ARGV[3]) end return 1";
/// Removes a value if it is the expected one.
const REMOVE: &str =
    "if redis.call('GET',KEYS[1])~=ARGV[1] then return 0 end return redis.call('DEL',KEYS[1])";

const ANOTHERS: &str = "the reply is another command's: is it Redis?";

/// Values in Redis (2.6.12 or later), Valkey, or another server that speaks its protocol. Behind the feature `redis`.
///
/// Keys begin with `ringback:`, or what [`RedisBuilder::prefix`] says. What a server does when its memory is full, and
/// what it writes to its disk, is for its own configuration: a `maxmemory-policy` of `noeviction` and `appendonly yes`
/// lose nothing.
///
/// One connection carries the commands of all handlers. When it breaks, the next command opens another one; a command
/// whose reply is lost is repeated if it only reads, and is an error otherwise. A command may take five seconds. It is
/// a client of one server: a Redis Cluster or Sentinel needs a proxy, or a [`Store`] of your own.
#[derive(Clone)]
pub struct RedisStore(Arc<Inner>);

struct Inner {
    address: Address,
    trust: Trust,
    prefix: String,
    link: tokio::sync::Mutex<Option<Link>>,
    /// The last connection that could not be opened.
    failed: Mutex<Option<(Instant, String)>>,
}

/// What a [`RedisStore`] is made of; see [`RedisStore::builder`].
#[must_use = "call build()"]
pub struct RedisBuilder {
    url: String,
    prefix: String,
    #[cfg(feature = "tls")]
    roots: Option<Vec<u8>>,
}

impl RedisStore {
    /// The server at `redis://user:password@host:port/database`, of which only the host must be there; `rediss://` for
    /// TLS, by Mozilla's root certificates. `valkey://` and `valkeys://` are the same. Nothing is sent yet.
    ///
    /// # Errors
    /// The URL is malformed.
    pub fn new(url: &str) -> Result<Self, Error> {
        Self::builder(url).build()
    }

    /// For more than the URL says.
    pub fn builder(url: &str) -> RedisBuilder {
        RedisBuilder {
            url: url.to_owned(),
            prefix: "ringback:".to_owned(),
            #[cfg(feature = "tls")]
            roots: None,
        }
    }

    async fn call(&self, command: &Cmd, repeat: bool) -> Result<Value, BoxError> {
        let reply = tokio::time::timeout(LIMIT, self.exchange(command, repeat)).await;
        let Ok(reply) = reply else {
            // The connection may be one whose other end is gone: the next command has a new one.
            if let Ok(mut link) = self.0.link.try_lock() {
                *link = None;
            }
            return Err(format!("no reply from Redis within {LIMIT:?}").into());
        };
        match reply? {
            Value::ServerError(why) => Err(refused(&why).into()),
            reply => Ok(reply),
        }
    }

    async fn exchange(&self, command: &Cmd, repeat: bool) -> Result<Value, BoxError> {
        let mut again = repeat;
        loop {
            let link = self.link().await?;
            let error = match link.send(command).await {
                Ok(reply) => return Ok(reply),
                Err(error) => error,
            };
            // It may be on its way out only, and not know it yet.
            let mut own = self.0.link.lock().await;
            if own.as_ref().is_some_and(|own| own.is(&link)) {
                *own = None;
            }
            if !again {
                return Err(error);
            }
            again = false;
        }
    }

    /// The connection, or a new one. While the server is away, one caller tries at a time, and not all the time.
    async fn link(&self) -> Result<Link, BoxError> {
        let mut link = self.0.link.lock().await;
        if let Some(link) = link.as_ref().filter(|link| !link.is_over()) {
            return Ok(link.clone());
        }
        let failed = || self.0.failed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, why)) = &*failed()
            && at.elapsed() < PAUSE
        {
            return Err(why.clone().into());
        }
        *link = None;
        match Link::open(&self.0.address, &self.0.trust).await {
            Ok(new) => {
                *failed() = None;
                *link = Some(new.clone());
                Ok(new)
            }
            Err(error) => {
                let why = format!("can't reach Redis at {:?}: {error}", self.0.address);
                *failed() = Some((Instant::now(), why.clone()));
                Err(why.into())
            }
        }
    }

    /// A command about this key.
    fn about(&self, command: &str, key: &str) -> Cmd {
        let mut about = cmd(command);
        about.arg(self.key(key));
        about
    }

    /// A script about this key.
    fn script(&self, script: &str, key: &str) -> Cmd {
        let mut about = cmd("EVAL");
        about.arg(script).arg(1).arg(self.key(key));
        about
    }

    fn key(&self, key: &str) -> String {
        format!("{}{key}", self.0.prefix)
    }
}

/// Whether a write has happened.
fn done(reply: &Value) -> Result<bool, BoxError> {
    match reply {
        Value::Okay => Ok(true),
        Value::Nil => Ok(false),
        Value::Int(changed) => Ok(*changed > 0),
        _ => Err(ANOTHERS.into()),
    }
}

/// What the server says, without the command: a server that does not know a command quotes it, values and all.
fn refused(why: &ServerError) -> String {
    let details = why.details().unwrap_or_default();
    let end = details.find(", with args").unwrap_or(details.len());
    format!("Redis refuses: {} {}", why.code(), &details[..end])
}

impl Store for RedisStore {
    fn get<'a>(&'a self, key: &'a str) -> StoreFuture<'a, Option<Vec<u8>>> {
        Box::pin(async move {
            match self.call(&self.about("GET", key), true).await? {
                Value::BulkString(value) => Ok(Some(value)),
                Value::Nil => Ok(None),
                _ => Err(ANOTHERS.into()),
            }
        })
    }

    fn set<'a>(
        &'a self,
        key: &'a str,
        value: &'a [u8],
        keep: Option<Duration>,
        when: When<'a>,
    ) -> StoreFuture<'a, bool> {
        Box::pin(async move {
            // Redis takes no time of zero.
            let keep = millis(keep).map(|keep| keep.max(1));
            let command = match when {
                When::Is(expected) => {
                    let keep = keep.map(|keep| keep.to_string()).unwrap_or_default();
                    let mut swap = self.script(SWAP, key);
                    swap.arg(expected).arg(value).arg(keep);
                    swap
                }
                When::Always | When::Absent => {
                    let mut set = self.about("SET", key);
                    set.arg(value);
                    if let Some(keep) = keep {
                        set.arg("PX").arg(keep);
                    }
                    if when == When::Absent {
                        set.arg("NX");
                    }
                    set
                }
            };
            done(&self.call(&command, false).await?)
        })
    }

    fn remove<'a>(&'a self, key: &'a str, only: Option<&'a [u8]>) -> StoreFuture<'a, bool> {
        Box::pin(async move {
            let command = match only {
                None => self.about("DEL", key),
                Some(expected) => {
                    let mut remove = self.script(REMOVE, key);
                    remove.arg(expected);
                    remove
                }
            };
            done(&self.call(&command, false).await?)
        })
    }
}

impl RedisBuilder {
    /// What every key begins with, so that others may use the same database. Default: `ringback:`.
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// The certificates that the server's must come from, as PEM text, instead of Mozilla's: for a server with a
    /// certificate of your own.
    #[cfg(feature = "tls")]
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.roots = Some(pem.into());
        self
    }

    /// The store. Nothing is sent yet.
    ///
    /// # Errors
    /// The URL or a certificate is malformed.
    pub fn build(self) -> Result<RedisStore, Error> {
        let trust = Trust {
            #[cfg(feature = "tls")]
            config: match &self.roots {
                None => None,
                Some(pem) => {
                    let config = crate::net::connect::tls::config_with(pem);
                    Some(
                        config
                            .map_err(|error| Error::Config(format!("Redis's root certificates: {error}")))?,
                    )
                }
            },
        };
        Ok(RedisStore(Arc::new(Inner {
            address: Address::parse(&self.url)?,
            trust,
            prefix: self.prefix,
            link: tokio::sync::Mutex::default(),
            failed: Mutex::default(),
        })))
    }
}

impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RedisStore").field(&self.0.address).finish()
    }
}

impl fmt::Debug for RedisBuilder {
    /// Without the URL: a password may be in it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisBuilder")
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}
