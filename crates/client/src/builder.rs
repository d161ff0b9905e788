//! How a client is to be, and its first connection.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use ringback_mtproto::crypto::{PemError, RsaPublicKey};
use ringback_mtproto::session::ClientSession;
use tokio::sync::mpsc;
use tokio::time::sleep;

use crate::client::Client;
use crate::engine::Engine;
use crate::error::Error;
use crate::link::Link;
use crate::session::{MemoryStore, Session, SessionStore};
use crate::system::{is_random, random};

/// How packets are told from one another on the wire.
/// <https://core.telegram.org/mtproto/mtproto-transports>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Transport {
    /// The lightest.
    #[default]
    Abridged,
    /// Four bytes of length.
    Intermediate,
    /// The same, with random padding.
    PaddedIntermediate,
    /// With sequence numbers and checksums.
    Full,
    /// Padded intermediate under a cipher, so that it looks like nothing in particular.
    Obfuscated,
}

/// A server: where it is, and the keys that it is known by.
///
/// For Telegram itself both are shown to whoever registers an application, at
/// <https://my.telegram.org/apps> (“Available MTProto servers”); they are not repeated here.
/// For a local server, `GET /_ringback/v1/mtproto` tells them.
#[derive(Clone, Debug)]
pub struct Server {
    address: SocketAddr,
    dc: i32,
    keys: Vec<RsaPublicKey>,
}

impl Server {
    /// A data centre, and its RSA public key as a `BEGIN RSA PUBLIC KEY` block.
    ///
    /// # Errors
    /// When the text is no such key.
    pub fn new(address: SocketAddr, dc: i32, pem: &str) -> Result<Self, PemError> {
        Ok(Self {
            address,
            dc,
            keys: vec![RsaPublicKey::from_pem(pem)?],
        })
    }

    /// One more key that the server may be known by.
    ///
    /// # Errors
    /// When the text is no such key.
    pub fn key(mut self, pem: &str) -> Result<Self, PemError> {
        self.keys.push(RsaPublicKey::from_pem(pem)?);
        Ok(self)
    }
}

/// Everything that was set.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) address: SocketAddr,
    pub(crate) dc: i32,
    pub(crate) keys: Vec<RsaPublicKey>,
    pub(crate) transport: Transport,
    pub(crate) api_id: i32,
    pub(crate) api_hash: String,
    pub(crate) device: String,
    pub(crate) language: String,
    pub(crate) connect_timeout: Duration,
    pub(crate) call_timeout: Duration,
    pub(crate) press_timeout: Duration,
    pub(crate) flood_ceiling: Duration,
    pub(crate) backoff: (Duration, Duration),
    pub(crate) connect_attempts: u32,
    pub(crate) ping_every: Duration,
    pub(crate) updates_kept: usize,
}

/// Sets up a [`Client`]; from [`Client::builder`].
#[must_use]
pub struct Builder {
    settings: Settings,
    server: Option<Server>,
    store: Arc<dyn SessionStore>,
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("server", &self.server)
            .field("store", &self.store)
            .finish_non_exhaustive()
    }
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            settings: Settings {
                address: SocketAddr::from(([127, 0, 0, 1], 0)),
                dc: 0,
                keys: Vec::new(),
                transport: Transport::default(),
                api_id: 1,
                api_hash: String::new(),
                device: "Ringback".to_owned(),
                language: "en".to_owned(),
                connect_timeout: Duration::from_secs(10),
                call_timeout: Duration::from_secs(30),
                press_timeout: Duration::from_secs(30),
                flood_ceiling: Duration::from_secs(60),
                backoff: (Duration::from_millis(100), Duration::from_secs(30)),
                connect_attempts: 3,
                ping_every: Duration::from_secs(25),
                updates_kept: 1000,
            },
            server: None,
            store: Arc::new(MemoryStore::default()),
        }
    }
}

impl Builder {
    /// The server. Not needed with a session, which says where its server is; given both, the address is
    /// this one's.
    pub fn server(mut self, server: Server) -> Self {
        self.server = Some(server);
        self
    }

    /// The application's `api_id` and `api_hash`, from <https://my.telegram.org/apps>. A local server takes
    /// any (1 and nothing unless set).
    pub fn api(mut self, id: i32, hash: impl Into<String>) -> Self {
        (self.settings.api_id, self.settings.api_hash) = (id, hash.into());
        self
    }

    /// Where the session is kept: [`MemoryStore`] unless set.
    pub fn store(mut self, store: impl SessionStore + 'static) -> Self {
        self.store = Arc::new(store);
        self
    }

    /// Begins with this session, and keeps it in memory.
    pub fn session(self, session: Session) -> Self {
        self.store(MemoryStore::new(Some(session)))
    }

    /// The transport: abridged unless set.
    pub fn transport(mut self, transport: Transport) -> Self {
        self.settings.transport = transport;
        self
    }

    /// What the server is told that this runs on: “Ringback” unless set.
    pub fn device(mut self, device: impl Into<String>) -> Self {
        self.settings.device = device.into();
        self
    }

    /// The language, as in `en`, which is the one unless set.
    pub fn language(mut self, code: impl Into<String>) -> Self {
        self.settings.language = code.into();
        self
    }

    /// How long connecting, the key exchange and one write may take: 10 s unless set.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.settings.connect_timeout = limit;
        self
    }

    /// How long a call may wait for its answer, over all connections: 30 s unless set.
    pub fn call_timeout(mut self, limit: Duration) -> Self {
        self.settings.call_timeout = limit;
        self
    }

    /// The same for a press, which waits for a bot: 30 s unless set.
    pub fn press_timeout(mut self, limit: Duration) -> Self {
        self.settings.press_timeout = limit;
        self
    }

    /// The longest `FLOOD_WAIT_x` to sit out; a longer one is an error at once. 60 s unless set; zero: none.
    pub fn flood_ceiling(mut self, limit: Duration) -> Self {
        self.settings.flood_ceiling = limit;
        self
    }

    /// The first and the longest pause before connecting again; it doubles in between, and up to a quarter is
    /// added by chance. 100 ms and 30 s unless set.
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.settings.backoff = (first, longest.max(first));
        self
    }

    /// How often the first connection is tried: 3 times unless set. Later ones are tried for ever.
    pub fn connect_attempts(mut self, count: u32) -> Self {
        self.settings.connect_attempts = count.max(1);
        self
    }

    /// After how long a silence the server is pinged: 25 s unless set.
    pub fn ping_every(mut self, every: Duration) -> Self {
        self.settings.ping_every = every.max(Duration::from_secs(1));
        self
    }

    /// How many packets of updates wait for a slow reader: 1000 unless set. What does not fit is fetched with
    /// `updates.getDifference` later.
    pub fn updates_kept(mut self, count: usize) -> Self {
        self.settings.updates_kept = count.max(1);
        self
    }

    /// Connects; makes a key if the session has none; introduces itself (`initConnection`, `help.getConfig`).
    ///
    /// # Errors
    /// When that does not succeed.
    pub async fn connect(self) -> Result<Client, Error> {
        if !is_random() {
            return Err(Error::Randomness);
        }
        let Self {
            mut settings,
            server,
            store,
        } = self;
        let kept = store.load()?;
        match (server, &kept) {
            (Some(server), _) => {
                (settings.address, settings.dc, settings.keys) = (server.address, server.dc, server.keys);
            }
            (None, Some(session)) => (settings.address, settings.dc) = (session.address, session.dc),
            (None, None) => return Err(Error::NoServerKey),
        }
        let mut pause = settings.backoff.0;
        let mut left = settings.connect_attempts;
        let (link, session, protocol) = loop {
            match first_link(&settings, kept.clone()).await {
                Ok(ready) => break ready,
                Err(error @ (Error::Connect(_) | Error::Timeout(_) | Error::Handshake(_))) if left > 1 => {
                    tracing::debug!(%error, "trying again");
                }
                Err(error) => return Err(error),
            }
            left -= 1;
            sleep(pause).await;
            pause = (pause * 2).min(settings.backoff.1);
        };
        if kept.as_ref() != Some(&session) {
            store.save(Some(&session))?;
        }
        let settings = Arc::new(settings);
        let (commands, orders) = mpsc::channel(64);
        let engine = Engine::new(Arc::clone(&settings), protocol, orders);
        tokio::spawn(engine.run(link));
        let client = Client::new(settings, session, store, commands);
        client.introduce().await?;
        Ok(client)
    }
}

async fn first_link(
    settings: &Settings,
    kept: Option<Session>,
) -> Result<(Link, Session, ClientSession), Error> {
    let mut link = Link::open(settings).await?;
    let (session, salt, offset) = match kept {
        Some(mut session) => {
            (session.address, session.dc) = (settings.address, settings.dc);
            (session, 0, 0)
        }
        None => {
            let made = link.make_key(settings).await?;
            let session = Session {
                address: settings.address,
                dc: settings.dc,
                user: 0,
                key: made.key,
            };
            (session, made.salt, made.time_offset)
        }
    };
    let protocol = ClientSession::new(Arc::new(session.key.clone()), salt, offset, &mut random);
    Ok((link, session, protocol))
}
