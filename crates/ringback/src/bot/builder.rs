//! [`Builder`]: a bot with settings.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OnceCell;

use super::{Bot, Inner, TELEGRAM};
use crate::error::Error;
#[cfg(feature = "tls")]
use crate::net::connect::tls;
use crate::net::{Endpoint, Pool, Proxy};
use crate::outgoing::{Limits, Outgoing, Retry};

/// What a [`Bot`] is made of; see [`Bot::builder`].
#[must_use = "call build()"]
pub struct Builder {
    token: String,
    server: String,
    connections: usize,
    timeout: Duration,
    answer_timeout: Duration,
    limits: Limits,
    retry: Retry,
    proxy: Option<Proxy>,
    env_proxy: bool,
    #[cfg(feature = "tls")]
    roots: Option<Vec<u8>>,
}

impl Builder {
    pub(super) fn new(token: &str) -> Self {
        Builder {
            token: token.trim().to_owned(),
            server: TELEGRAM.to_owned(),
            connections: 256,
            timeout: Duration::from_secs(30),
            answer_timeout: Duration::from_secs(5),
            limits: Limits::default(),
            retry: Retry::default(),
            proxy: None,
            env_proxy: false,
            #[cfg(feature = "tls")]
            roots: None,
        }
    }

    /// The API server's address, such as `http://127.0.0.1:8081`; a path in it is kept. Default: [`TELEGRAM`].
    pub fn server(mut self, address: impl Into<String>) -> Self {
        self.server = address.into();
        self
    }

    /// How many connections may be open at once, and so how many calls can be under way. Default: 256. They are
    /// opened as they are needed. For answers to queries there are a few more.
    pub fn connections(mut self, most: usize) -> Self {
        self.connections = most;
        self
    }

    /// How long a call may take, once it is its turn. Default: 30 s. With files it counts for each piece of them.
    /// Receiving updates has a time of its own.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long one try to answer a query may take: then it is sent again, over another connection, if there is
    /// [time](Retry). A press is worth little attention after the ten seconds or so for which the user's app waits, so
    /// a server that takes an answer and does not respond is not waited for any longer. Default: 5 s; never more than
    /// [`timeout`](Self::timeout).
    ///
    /// It is known of no try that has timed out whether it was carried out. When a later one is told that the query is
    /// not known any more ([`QueryTooOld`](crate::ApiErrorKind::QueryTooOld)), nor is it of all of them: the error
    /// is that of the earlier try ([`Error::Timeout`]), and a press's report says
    /// [`Failure::Unconfirmed`](crate::Failure::Unconfirmed).
    pub fn answer_timeout(mut self, timeout: Duration) -> Self {
        self.answer_timeout = timeout;
        self
    }

    /// How fast messages are sent. Default: [as Telegram takes them](Limits::telegram).
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// What is sent again. Default: [what is safe, a few times](Retry).
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// The way to the server leads through this proxy. Default: none.
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.proxy = Some(proxy);
        self
    }

    /// Takes the proxy from the environment, unless [one is given](Self::proxy): `HTTPS_PROXY` for an `https://` server,
    /// else `ALL_PROXY`; none for a server that `NO_PROXY` names. Not done by default: such variables are set for
    /// browsers, and a bot's token goes where they point.
    pub fn proxy_from_env(mut self) -> Self {
        self.env_proxy = true;
        self
    }

    /// Trusts the certificates in this PEM text, and no others: for a Bot API server of one's own, with a certificate
    /// of one's own. Default: Mozilla's roots, built in.
    #[cfg(feature = "tls")]
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.roots = Some(pem.into());
        self
    }

    /// The bot. Nothing is sent yet.
    ///
    /// # Errors
    /// The token, the server's address, that of the environment's proxy or a root certificate is malformed.
    pub fn build(self) -> Result<Bot, Error> {
        let malformed =
            || Error::Config("the bot's token is malformed; a token looks like 12345:AbC-d_e".into());
        let (id, secret) = self.token.split_once(':').ok_or_else(malformed)?;
        let id = id.parse().map_err(|_| malformed())?;
        if secret.is_empty()
            || !secret
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        {
            return Err(malformed());
        }
        let mut endpoint = Endpoint::new(&self.server, &self.token)?;
        endpoint.proxy = self.proxy;
        if endpoint.proxy.is_none() && self.env_proxy {
            let var = |name: &str| std::env::var(name).ok();
            endpoint.proxy = Proxy::from_env(endpoint.tls, &endpoint.host, var)?;
        }
        #[cfg(feature = "tls")]
        if let Some(pem) = &self.roots {
            let config = tls::config_with(pem)
                .map_err(|error| Error::Config(format!("the API server's root certificates: {error}")))?;
            endpoint.trusted = Some(config);
        }
        let endpoint = Arc::new(endpoint);
        let calls = Pool::new(Arc::clone(&endpoint), self.connections);
        let polls = Pool::new(endpoint, 1);
        Ok(Bot(Arc::new(Inner {
            id,
            calls,
            polls,
            timeout: self.timeout,
            answer_timeout: self.answer_timeout.min(self.timeout),
            outgoing: Outgoing::new(self.limits, self.retry),
            me: OnceCell::new(),
        })))
    }
}

impl fmt::Debug for Builder {
    /// Without the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("server", &self.server)
            .finish_non_exhaustive()
    }
}
