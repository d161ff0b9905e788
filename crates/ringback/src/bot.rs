//! [`Bot`]: a token, and the connections to the API server.

mod builder;
mod call;

pub use builder::Builder;
pub use call::{Call, MethodExt};
pub(crate) use call::{Sending, Substitute};

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use ringback_botapi::{GetMe, Method, User};
use serde::de::DeserializeOwned;
use tokio::sync::OnceCell;

use crate::error::{ApiError, ApiErrorKind, Error};
use crate::form::Form;
use crate::net::{self, Draft, Pool, Ready, Request, Sent};
use crate::outgoing::{About, Class, Outgoing};
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
    answer_timeout: Duration,
    outgoing: Outgoing,
    me: OnceCell<User>,
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
        Builder::new(token)
    }

    /// The bot's user id, as its token states it.
    pub fn id(&self) -> i64 {
        self.0.id
    }

    /// The bot's own account, with its username. The server is asked once (`getMe`).
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn me(&self) -> Result<&User, Error> {
        self.0.me.get_or_try_init(|| self.send(GetMe::new())).await
    }

    /// A link that opens the chat with this bot and has the user send `/start payload`; the handler is a
    /// [`Router::deep_link`](crate::Router::deep_link). The payload is 1 to 64 letters, digits, `_` and `-`.
    ///
    /// ```no_run
    /// # async fn example(bot: ringback::Bot, friend: i64) -> Result<(), ringback::Error> {
    /// let invitation = bot.start_link(&format!("by{friend}")).await?; // https://t.me/your_bot?start=by42
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The payload is not one ([`Error::Config`]), or the server could not be asked for the bot's name.
    pub async fn start_link(&self, payload: &str) -> Result<String, Error> {
        let is_payload = |letter: u8| letter.is_ascii_alphanumeric() || letter == b'_' || letter == b'-';
        if !(1..=64).contains(&payload.len()) || !payload.bytes().all(is_payload) {
            return Err(Error::Config(
                "a start link's payload is 1 to 64 letters, digits, _ and -".into(),
            ));
        }
        let name = self.me().await?.username.as_deref().unwrap_or_default();
        Ok(format!("https://t.me/{name}?start={payload}"))
    }

    /// Sends a method and reads its result.
    ///
    /// New messages wait for [Telegram's limits](crate::Limits), answers to queries for nothing. What the server refuses for
    /// being too much, or does not respond to, is [sent again](crate::Retry) where nothing can happen twice: [the
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

    /// How long one try of a call may take.
    fn limit(&self, about: &About) -> Duration {
        match about.class {
            Class::Answer => self.0.answer_timeout,
            _ => self.0.timeout,
        }
    }

    pub(crate) fn outgoing(&self) -> &Outgoing {
        &self.0.outgoing
    }

    /// A method that sends itself when it is awaited, and can be changed until then.
    pub fn call<M: Method>(&self, method: M) -> Call<M> {
        Call::new(self.clone(), method)
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
        read(
            about,
            &self.0.calls.call(about, request, self.limit(about)).await?,
        )
    }

    /// A method's request with a connection to go out on; it waits for no limits. Written, its response is left to
    /// [`finish`](Self::finish).
    pub(crate) async fn ready<M: Method>(&self, method: &M) -> Result<Ready, Error> {
        let about = About::new(method);
        let draft = Draft {
            limit: self.limit(&about),
            about,
            request: self.encode(method)?,
        };
        self.0.calls.ready(Box::new(draft)).await
    }

    /// Reads the result of a method whose request was sent, which is sent again where that is safe.
    pub(crate) async fn finish<T: DeserializeOwned>(&self, sent: &mut Sent) -> Result<T, Error> {
        let response = sent.response(&self.0.calls).await;
        let Draft { about, request, .. } = sent.draft();
        match response.and_then(|response| read(about, &response)) {
            Ok(result) => Ok(result),
            Err(error) => {
                let post = || self.post(about, request);
                Box::pin(self.0.outgoing.again(about, post, error)).await
            }
        }
    }

    /// A method that could not be written, once more where that is safe.
    pub(crate) async fn again<M: Method>(&self, method: &M, error: Error) -> Result<M::Response, Error> {
        let about = About::new(method);
        let request = self.encode(method)?;
        let post = || self.post(&about, &request);
        self.0.outgoing.again(&about, post, error).await
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
        let response = self.0.polls.call(&About::read(METHOD), &request, limit).await?;
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

fn read<T: DeserializeOwned>(about: &About, response: &net::Response) -> Result<T, Error> {
    let method = about.method;
    let envelope = serde_json::from_slice::<Envelope<T>>(&response.body);
    let envelope = envelope.map_err(|error| unreadable(method, response, error))?;
    match open(method, response, envelope) {
        // Perhaps by what was sent over the connection that was closed.
        Err(error)
            if response.again && about.class == Class::Answer && error.is(ApiErrorKind::QueryTooOld) =>
        {
            Err(Error::Network {
                method,
                sent: true,
                source: error.into(),
            })
        }
        result => result,
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
