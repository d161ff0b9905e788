//! [`Bot`]: a token, and the connections to the API server.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::ops::{Deref, DerefMut};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use ringback_botapi::Method;
use serde::de::DeserializeOwned;

use crate::error::{ApiError, Error};
use crate::form::Form;
use crate::net::{self, Endpoint, Pool, Proxy, Request};
use crate::outgoing::{About, Limits, Outgoing, Retry};
use crate::update::Envelope;

/// Telegram's own API server.
pub const TELEGRAM: &str = "https://api.telegram.org";

/// A bot: its token and its connections to the API server.
///
/// A cheap handle: clones share the connections. Methods are values, and [`send`](Bot::send) sends them:
///
/// ```no_run
/// # async fn example() -> Result<(), ringback::Error> {
/// use ringback::{Bot, api::SendMessage};
///
/// let bot = Bot::new("7000000001:AAE-the-rest-of-the-token")?;
/// let message = bot.send(SendMessage::new(42, "Ready.")).await?;
/// println!("message {} of chat {}", message.message_id, message.chat.id);
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Bot(Arc<Inner>);

struct Inner {
    id: i64,
    calls: Pool,
    /// `getUpdates` waits for up to a minute: it has a connection to itself.
    polls: Pool,
    timeout: Duration,
    outgoing: Outgoing,
}

impl Bot {
    /// A bot on Telegram's server.
    ///
    /// # Errors
    /// The token has not the form `12345:letters`. Whether it is a bot's shows in the first call.
    pub fn new(token: &str) -> Result<Self, Error> {
        Self::builder(token).build()
    }

    /// A bot as the environment describes it: the token in `BOT_TOKEN`, the server's address in `API_BASE`
    /// (without it: Telegram's own).
    ///
    /// # Errors
    /// `BOT_TOKEN` is not set, or one of the two is malformed.
    pub fn from_env() -> Result<Self, Error> {
        let token = std::env::var("BOT_TOKEN")
            .map_err(|_| Error::Config("BOT_TOKEN is not set; @BotFather gives out tokens".into()))?;
        let builder = Self::builder(&token);
        match std::env::var("API_BASE") {
            Ok(base) if !base.is_empty() => builder.server(base),
            _ => builder,
        }
        .build()
    }

    /// For another server, or other limits.
    pub fn builder(token: &str) -> Builder {
        Builder {
            token: token.trim().to_owned(),
            server: TELEGRAM.to_owned(),
            connections: 256,
            timeout: Duration::from_secs(30),
            limits: Limits::default(),
            retry: Retry::default(),
            proxy: None,
            env_proxy: false,
        }
    }

    /// The bot's user id, as its token states it.
    pub fn id(&self) -> i64 {
        self.0.id
    }

    /// Sends a method and reads its result.
    ///
    /// New messages wait for [Telegram's limits](Limits), answers to queries for nothing. What the server refuses for
    /// being too much, or does not respond to, is [sent again](Retry) where nothing can happen twice: [the
    /// table](crate::outgoing::table) says which methods. After [`Error::Timeout`], and [`Error::Network`] that says
    /// `sent`, the server may have carried the call out.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn send<M: Method>(&self, method: M) -> Result<M::Response, Error> {
        self.send_ref(&method).await
    }

    /// The same by reference, so that the caller keeps the method's value.
    pub(crate) async fn send_ref<M: Method>(&self, method: &M) -> Result<M::Response, Error> {
        let mut about = About::new(method);
        let request = self.encode(method)?;
        about.once = request.is_once();
        let post = || self.post(&about, &request);
        self.0.outgoing.deliver(&about, post).await
    }

    pub(crate) fn calls(&self) -> &Pool {
        &self.0.calls
    }

    pub(crate) fn timeout(&self) -> Duration {
        self.0.timeout
    }

    pub(crate) fn outgoing(&self) -> &Outgoing {
        &self.0.outgoing
    }

    /// A method that sends itself when it is awaited, and can be changed until then.
    pub fn call<M: Method>(&self, method: M) -> Call<M> {
        Call {
            bot: self.clone(),
            method,
        }
    }

    /// The whole request: parameters as JSON, or as a form when files go with them.
    fn encode<M: Method>(&self, method: &M) -> Result<Request, Error> {
        let head = self.0.calls.endpoint().request(M::NAME);
        let request = match method.files().is_empty() {
            true => head
                .json(|body| serde_json::to_writer(body, method))
                .map_err(Into::into),
            false => Form::new(method).map(|form| head.form(form)),
        };
        request.map_err(|source| Error::Request {
            method: M::NAME,
            source,
        })
    }

    async fn post<T: DeserializeOwned>(&self, about: &About, request: &Request) -> Result<T, Error> {
        let method = about.method;
        let response = self.0.calls.call(about, request, self.0.timeout).await?;
        let envelope = serde_json::from_slice::<Envelope<T>>(&response.body);
        open(
            method,
            &response,
            envelope.map_err(|error| unreadable(method, &response, error))?,
        )
    }

    /// `getUpdates`, whose result is read by other means than the rest.
    pub(crate) async fn poll(
        &self,
        question: &impl serde::Serialize,
        limit: Duration,
    ) -> Result<Vec<crate::update::Update>, Error> {
        const METHOD: &str = "getUpdates";
        let request = self.0.polls.endpoint().request(METHOD);
        let request = request.json(|body| serde_json::to_writer(body, question));
        let request = request.map_err(|error| Error::Request {
            method: METHOD,
            source: error.into(),
        })?;
        let response = self.0.polls.call(&About::read(METHOD), &request, limit).await?;
        let envelope = crate::update::read_batch(&response.body);
        open(
            METHOD,
            &response,
            envelope.map_err(|error| unreadable(METHOD, &response, error))?,
        )
    }
}

impl fmt::Debug for Bot {
    /// Without the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bot")
            .field("id", &self.0.id)
            .field("server", self.0.calls.endpoint())
            .finish_non_exhaustive()
    }
}

/// The result in an envelope, or the refusal.
fn open<T>(method: &'static str, response: &net::Response, envelope: Envelope<T>) -> Result<T, Error> {
    if envelope.ok {
        return envelope.result.ok_or_else(|| Error::Response {
            method,
            status: response.status,
            source: "the result is missing".into(),
        });
    }
    let code = envelope.error_code.unwrap_or(response.status);
    let mut error = ApiError::new(method, code, envelope.description.unwrap_or_default());
    if let Some(parameters) = envelope.parameters {
        error.retry_after = parameters
            .retry_after
            .map(|s| Duration::from_secs(s.try_into().unwrap_or(0)));
        error.migrate_to_chat_id = parameters.migrate_to_chat_id;
    }
    Err(error.into())
}

fn unreadable(method: &'static str, response: &net::Response, error: serde_json::Error) -> Error {
    Error::Response {
        method,
        status: response.status,
        source: error.into(),
    }
}

/// What a [`Bot`] is made of; see [`Bot::builder`].
#[must_use = "call build()"]
pub struct Builder {
    token: String,
    server: String,
    connections: usize,
    timeout: Duration,
    limits: Limits,
    retry: Retry,
    proxy: Option<Proxy>,
    env_proxy: bool,
}

impl Builder {
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

    /// The bot. Nothing is sent yet.
    ///
    /// # Errors
    /// The token, the server's address or that of the environment's proxy is malformed.
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
        let endpoint = Arc::new(endpoint);
        let calls = Pool::new(Arc::clone(&endpoint), self.connections);
        let polls = Pool::new(endpoint, 1);
        Ok(Bot(Arc::new(Inner {
            id,
            calls,
            polls,
            timeout: self.timeout,
            outgoing: Outgoing::new(self.limits, self.retry),
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

/// Methods that find their bot from behind: `message.reply("hi").send(&bot)` is `bot.send(message.reply("hi"))`.
///
/// ```no_run
/// # async fn example(bot: ringback::Bot, message: ringback::api::Message) -> Result<(), ringback::Error> {
/// use ringback::MethodExt;
///
/// let sent = message.reply("Wait …").send(&bot).await?;
/// sent.edit_text("Done.").send(&bot).await?;
/// # Ok(()) }
/// ```
pub trait MethodExt: Method + Sized {
    /// The call of this method by this bot, which sends itself when it is awaited.
    fn send(self, bot: &Bot) -> Call<Self> {
        bot.call(self)
    }
}

impl<M: Method> MethodExt for M {}

/// A method with the bot that will send it: made by [`Bot::call`] and by the shortcuts on messages and queries.
///
/// The method's fields can be reached through it; `.await` sends it.
#[derive(Debug, Clone)]
#[must_use = "a call is sent when it is awaited"]
pub struct Call<M> {
    bot: Bot,
    method: M,
}

impl<M: Method> Call<M> {
    /// Changes the method by its own setters: `.with(|method| method.parse_mode(ParseMode::Html))`.
    pub fn with(mut self, change: impl FnOnce(M) -> M) -> Self {
        self.method = change(self.method);
        self
    }

    /// The method alone, not sent.
    pub fn into_method(self) -> M {
        self.method
    }
}

impl<M> Deref for Call<M> {
    type Target = M;

    fn deref(&self) -> &M {
        &self.method
    }
}

impl<M> DerefMut for Call<M> {
    fn deref_mut(&mut self) -> &mut M {
        &mut self.method
    }
}

impl<M> IntoFuture for Call<M>
where
    M: Method + Send + Sync + 'static,
    M::Response: Send,
{
    type Output = Result<M::Response, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.bot.send_ref(&self.method).await })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_never_shown() {
        let builder = Bot::builder("12345:Secret-part").server("http://localhost:1");
        assert!(!format!("{builder:?}").contains("Secret"));
        let bot = builder.build().unwrap();
        assert_eq!(bot.id(), 12345);
        assert!(!format!("{bot:?}").contains("Secret"), "{bot:?}");
    }

    #[test]
    fn a_malformed_token_is_refused_and_not_repeated() {
        for token in ["", "12345", "x:y", "12345:", "12345:Sec ret", "12345:Sec/../ret"] {
            let error = Bot::new(token).unwrap_err().to_string();
            assert!(!error.contains("Sec"), "{error}");
        }
    }
}
