//! [`Bot`]: a token, and the connections to the API server.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::ops::{Deref, DerefMut};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use ringback_botapi::{GetFile, Method};
use serde::de::DeserializeOwned;

use crate::error::{ApiError, BoxError, Error};
use crate::net::{self, Endpoint, Pool, Ready, Sent};
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
        }
    }

    /// The bot's user id, as its token states it.
    pub fn id(&self) -> i64 {
        self.0.id
    }

    /// Sends a method and reads its result.
    ///
    /// A call that was not sent, because the server had closed the kept-alive connection, goes over the next one.
    /// Nothing else is repeated: after [`Error::Network`] and [`Error::Timeout`] the server may have carried the
    /// call out.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn send<M: Method>(&self, method: M) -> Result<M::Response, Error> {
        let request = self.encode(&method)?;
        self.post(M::NAME, request).await
    }

    /// The same by reference, so that the caller keeps the method's value.
    pub(crate) async fn send_ref<M: Method>(&self, method: &M) -> Result<M::Response, Error> {
        let request = self.encode(method)?;
        self.post(M::NAME, request).await
    }

    /// Fetches a file that somebody has sent, by its `file_id`: up to 20 MB, as far as Telegram's own server gives them
    /// out.
    ///
    /// A server that was started with `--local` gives paths on its own disk instead: see
    /// [`GetFile`] and [`File::file_path`](ringback_botapi::File::file_path).
    ///
    /// # Errors
    /// See [`Error`]. A status other than 200 is an [`Error::Api`] with that code.
    pub async fn download(&self, file_id: impl Into<String>) -> Result<bytes::Bytes, Error> {
        const METHOD: &str = "getFile";
        let file = self.send(GetFile::new(file_id)).await?;
        let path = file.file_path.unwrap_or_default();
        let request = self
            .0
            .calls
            .endpoint()
            .file(&path)
            .ok_or_else(|| Error::Response {
                method: METHOD,
                status: 200,
                source: "the file's path is not one to download from".into(),
            })?;
        let response = self.0.calls.call(METHOD, &request, self.0.timeout).await?;
        match response.status {
            200 => Ok(response.body),
            status => Err(ApiError::new(METHOD, status, "the file can't be downloaded".into()).into()),
        }
    }

    /// A method that sends itself when it is awaited, and can be changed until then.
    pub fn call<M: Method>(&self, method: M) -> Call<M> {
        Call {
            bot: self.clone(),
            method,
        }
    }

    /// The whole request: parameters as JSON, or as a form when files go with them.
    fn encode<M: Method>(&self, method: &M) -> Result<Vec<u8>, Error> {
        let failed = |source: BoxError| Error::Request {
            method: M::NAME,
            source,
        };
        let request = self.0.calls.endpoint().request(M::NAME);
        let files = method.files();
        if files.is_empty() {
            return request
                .json(|body| serde_json::to_writer(body, method))
                .map_err(|error| failed(error.into()));
        }
        let form = crate::form::Form::new(&files);
        request
            .body(&form.content_type(), |body| form.write(method, body))
            .map_err(failed)
    }

    async fn post<T: DeserializeOwned>(&self, method: &'static str, request: Vec<u8>) -> Result<T, Error> {
        read(
            method,
            &self.0.calls.call(method, &request, self.0.timeout).await?,
        )
    }

    /// A method's request with a connection to go out on. Written, its response is left to [`finish`](Self::finish).
    pub(crate) async fn ready<M: Method>(&self, method: &M) -> Result<Ready, Error> {
        let request = self.encode(method)?;
        self.0.calls.ready(M::NAME, request, self.0.timeout).await
    }

    /// Reads the result of a method whose request was sent.
    pub(crate) async fn finish<T: DeserializeOwned>(sent: Sent) -> Result<T, Error> {
        let method = sent.method();
        read(method, &sent.response().await?)
    }

    /// `getUpdates`, whose result is read by other means than the rest: the response's body, and the updates in it.
    pub(crate) async fn poll(
        &self,
        question: &impl serde::Serialize,
        limit: Duration,
    ) -> Result<(bytes::Bytes, Vec<crate::update::Update>), Error> {
        const METHOD: &str = "getUpdates";
        let request = self.0.polls.endpoint().request(METHOD);
        let request = request.json(|body| serde_json::to_writer(body, question));
        let request = request.map_err(|error| Error::Request {
            method: METHOD,
            source: error.into(),
        })?;
        let response = self.0.polls.call(METHOD, &request, limit).await?;
        let envelope = crate::update::read_batch(&response.body);
        let envelope = envelope.map_err(|error| unreadable(METHOD, &response, error))?;
        let updates = open(METHOD, &response, envelope)?;
        Ok((response.body, updates))
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

fn read<T: DeserializeOwned>(method: &'static str, response: &net::Response) -> Result<T, Error> {
    let envelope = serde_json::from_slice::<Envelope<T>>(&response.body);
    open(
        method,
        response,
        envelope.map_err(|error| unreadable(method, response, error))?,
    )
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
}

impl Builder {
    /// The API server's address, such as `http://127.0.0.1:8081`; a path in it is kept. Default: [`TELEGRAM`].
    pub fn server(mut self, address: impl Into<String>) -> Self {
        self.server = address.into();
        self
    }

    /// How many connections may be open at once, and so how many calls can be under way. Default: 256. They are
    /// opened as they are needed.
    pub fn connections(mut self, most: usize) -> Self {
        self.connections = most;
        self
    }

    /// How long a call may take. Default: 30 s. Receiving updates has a time of its own.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The bot. Nothing is sent yet.
    ///
    /// # Errors
    /// The token or the server's address is malformed.
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
        let endpoint = Arc::new(Endpoint::new(&self.server, &self.token)?);
        let calls = Pool::new(Arc::clone(&endpoint), self.connections);
        let polls = Pool::new(endpoint, 1);
        Ok(Bot(Arc::new(Inner {
            id,
            calls,
            polls,
            timeout: self.timeout,
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
