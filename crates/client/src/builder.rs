//! How a client is to be, and its first connection.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use ringback_mtproto::crypto::RsaPublicKey;

use crate::client::Client;
use crate::error::Error;
use crate::line;
use crate::server::{Network, Place, Server};
use crate::session::{MemoryStore, Session, SessionStore};
use crate::system::is_random;

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

/// Everything that was set.
#[derive(Clone)]
pub(crate) struct Settings {
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
    /// How long a temporary key lives, if there are to be such.
    pub(crate) forward_secrecy: Option<Duration>,
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
                forward_secrecy: None,
            },
            server: None,
            store: Arc::new(MemoryStore::default()),
        }
    }
}

impl Builder {
    /// The server. Not needed with a session, which says where its server is; given both, address
    /// and keys are this one's. A session of Telegram's servers knows their keys.
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

    /// Perfect forward secrecy: messages go under temporary keys of this lifetime, made anew before each ends and bound
    /// to the account's own key, which alone is kept. Not set unless asked for; at least a minute, a day is usual.
    /// Making one needs the server's RSA key.
    ///
    /// A call that has no answer when its key ends is sent anew under the next one, and may then be done twice.
    /// <https://core.telegram.org/api/pfs>
    pub fn forward_secrecy(mut self, lifetime: Duration) -> Self {
        self.settings.forward_secrecy = Some(lifetime.max(Duration::from_secs(60)));
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
        let place = match (server, &kept) {
            (Some(server), _) => {
                settings.keys = server.keys;
                server.place
            }
            (None, Some(session)) => Place {
                address: session.address,
                dc: session.dc,
            },
            (None, None) => return Err(Error::NoServerKey),
        };
        if settings.keys.is_empty()
            && let Some(network) = Network::at(place.address)
        {
            settings.keys = network.keys();
        }
        let settings = Arc::new(settings);
        let key = kept.as_ref().map(|session| session.key.clone());
        let (line, key) = line::open(&settings, place, key).await?;
        let session = Session {
            address: place.address,
            dc: place.dc,
            user: kept.as_ref().map_or(0, |session| session.user),
            key,
        };
        if kept.as_ref() != Some(&session) {
            store.save(Some(&session))?;
        }
        let client = Client::new(settings, session, store, line);
        client.introduce().await?;
        Ok(client)
    }
}
