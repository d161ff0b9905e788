//! [`Webhook`]: receiving updates over HTTP, and answering in the response.

mod converse;
#[cfg(all(unix, any(test, fuzzing)))]
pub(crate) mod fuzz;
mod request;
mod ride;
mod seen;
mod serve;
mod service;
#[cfg(feature = "tower")]
mod tower;

pub(crate) use ride::Ride;
pub use service::{Reply, WebhookService};

use std::future::Future;
use std::net::SocketAddr;

use ringback_botapi::SetWebhook;
use tokio::net::TcpListener;
use tokio::time::sleep;

use crate::backoff::Backoff;
use crate::bot::Bot;
use crate::dispatch::{Desk, Dispatcher, Settings, setters};
use crate::error::{ApiErrorKind, Error};
use crate::router::{BuildError, Router, Routes};
use crate::signal;

/// The largest update that is taken unless told otherwise. Real ones are a few kilobytes.
const BODY_LIMIT: usize = 1 << 20;

/// Receives a bot's updates by webhook, and gives them to a router's handlers.
///
/// The answer to a query rides in the response to the update: it costs no call of its own, and the user's wait ends
/// with it. Handlers need not know; they answer as they always do. The response to any other update comes when its
/// handlers have ended, so that what was not handled when the program dies is sent again. When the connection dies
/// before the response is written, the answer goes by a call.
///
/// The response to a press comes when it has been answered, also where that was left to a task
/// ([`answer_later`](crate::CallbackQuery::answer_later)). An update that is sent again is not handled again while the
/// process knows it: the latest 1,024 are remembered. With [`dedupe`](Self::dedupe) the next run and other instances know,
/// too.
///
/// As a server of its own, behind a proxy that does HTTPS:
///
/// ```no_run
/// # async fn example(router: ringback::Router) -> Result<(), Box<dyn std::error::Error>> {
/// use ringback::{Bot, Webhook};
///
/// Webhook::new(Bot::from_env()?, router)?
///     .secret(std::env::var("WEBHOOK_SECRET")?)
///     .url("https://bot.example.org/telegram")
///     .run(([0, 0, 0, 0], 8080))
///     .await?;
/// # Ok(()) }
/// ```
///
/// In a server that is there already: [`service`](Self::service).
///
/// # What an answer in the response can't do
///
/// The server does not say what became of it. So an answer that it would refuse, as far as can be told beforehand (a
/// text of more than 200 characters, any `url`), goes by a call of its own, and a refusal reaches the error handler
/// as it does when polling. With [`answer_by_call`](Self::answer_by_call) all do.
#[must_use = "a webhook receives when it is run, or its service is mounted"]
pub struct Webhook {
    bot: Bot,
    routes: Routes,
    desk: Desk,
    settings: Settings,
    /// `None`: not said. `Some("")`: anybody may send updates.
    secret: Option<String>,
    url: Option<String>,
    body_limit: usize,
    ride: bool,
}

impl Webhook {
    /// Checks the router.
    ///
    /// # Errors
    /// Two types claim the same callback data, or a handler takes a state that the router was not given.
    pub fn new(bot: Bot, router: Router) -> Result<Self, BuildError> {
        Ok(Webhook {
            routes: Routes::build(router)?,
            desk: Desk::new(bot.clone()),
            bot,
            settings: Settings::default(),
            secret: None,
            url: None,
            body_limit: BODY_LIMIT,
            ride: true,
        })
    }

    /// What only Telegram and this bot know: 1 to 256 letters, digits, `_` and `-`. A request without it is turned
    /// away with 401.
    pub fn secret(mut self, secret: impl Into<String>) -> Self {
        self.secret = Some(secret.into());
        self
    }

    /// Takes updates from whoever knows the address. Only for a port that nobody else can reach.
    pub fn without_secret(mut self) -> Self {
        self.secret = Some(String::new());
        self
    }

    /// The address at which Telegram reaches this bot. [`run`](Self::run) registers it (`setWebhook`), with the
    /// secret and the kinds of update that the router takes, and answers on its path only. Without this, whoever sets
    /// the bot up registers the address.
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// The largest body that is read; a larger one is turned away with 413. Default: 1 MiB.
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// Sends every answer by a call of its own, as polling does: it costs a round trip, and tells what became of it.
    pub fn answer_by_call(mut self) -> Self {
        self.ride = false;
        self
    }

    setters!();

    /// The bot as a service to mount in a server that is there already. It registers nothing; see
    /// [`SetWebhook`] and [`Router::allowed_updates`].
    ///
    /// # Errors
    /// No [`secret`](Self::secret) was given, or it is malformed.
    pub fn service(self) -> Result<WebhookService, Error> {
        let secret = match self.secret {
            Some(secret) if secret.is_empty() => None,
            Some(secret) if is_secret(&secret) => Some(secret),
            Some(_) => {
                return Err(Error::Config(
                    "the webhook's secret is malformed: 1 to 256 letters, digits, _ and -".into(),
                ));
            }
            None => {
                return Err(Error::Config(
                    "a webhook needs a secret, or anybody can send it updates; call .secret(…)".into(),
                ));
            }
        };
        let dispatcher = Dispatcher::new(self.routes, self.desk, self.settings);
        Ok(WebhookService::new(
            self.bot,
            dispatcher,
            secret,
            self.body_limit,
            self.ride,
        ))
    }

    /// Listens on the address and serves until SIGTERM or ctrl-c, then drains.
    ///
    /// # Errors
    /// The address can't be listened on, the token is not a bot's, the server refuses the [`url`](Self::url), or the
    /// [`secret`](Self::secret) is missing.
    pub async fn run(self, address: impl Into<SocketAddr>) -> Result<(), Error> {
        self.run_until(address, signal::stop()).await
    }

    /// Listens on the address and serves until `stop` is ready: takes no more connections then, and waits for the
    /// handlers. The webhook stays registered: updates wait at the server for the next run.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub async fn run_until(
        self,
        address: impl Into<SocketAddr>,
        stop: impl Future<Output = ()>,
    ) -> Result<(), Error> {
        let address = address.into();
        let listener = TcpListener::bind(address).await;
        let listener =
            listener.map_err(|error| Error::Config(format!("can't listen on {address}: {error}")))?;
        self.run_on(listener, stop).await
    }

    /// The same on a socket that listens already.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub async fn run_on(self, listener: TcpListener, stop: impl Future<Output = ()>) -> Result<(), Error> {
        let drain = self.settings.drain;
        let (url, secret, bot) = (self.url.clone(), self.secret.clone(), self.bot.clone());
        let service = self.service()?;
        let mut stop = std::pin::pin!(stop);
        // The socket listens: what is sent from here on waits in its queue.
        let mut path = None;
        if let Some(url) = url {
            path = path_of(&url);
            let kinds = service.allowed_updates();
            tokio::select! {
                registered = register(&bot, url, secret.filter(|secret| !secret.is_empty()), kinds) => registered?,
                () = &mut stop => return Ok(()),
            }
        }
        serve::serve(listener, service, path, stop, drain).await;
        Ok(())
    }
}

/// `setWebhook`, until the server takes it or refuses it.
async fn register(bot: &Bot, url: String, secret: Option<String>, kinds: Vec<String>) -> Result<(), Error> {
    let mut method = SetWebhook::new(url).allowed_updates(kinds);
    if let Some(secret) = secret {
        method = method.secret_token(secret);
    }
    let mut backoff = Backoff::default();
    loop {
        let error = match bot.send_ref(&method).await {
            Ok(_) => return Ok(()),
            Err(error) => error,
        };
        let passes = match &error {
            Error::Api(refusal) => refusal.kind == ApiErrorKind::TooManyRequests || refusal.code >= 500,
            Error::Network { .. } | Error::Timeout { .. } | Error::Response { .. } => true,
            _ => false,
        };
        if !passes {
            return Err(error);
        }
        tracing::warn!(%error, "the webhook can't be registered yet");
        sleep(error.retry_after().unwrap_or_else(|| backoff.next())).await;
    }
}

fn is_secret(secret: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    (1..=256).contains(&secret.len()) && secret.bytes().all(allowed)
}

/// The path of an address, without what stands behind `?`.
fn path_of(url: &str) -> Option<String> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split(['?', '#']).next().unwrap_or(rest);
    Some(rest.find('/').map_or("/", |at| &rest[at..]).to_owned())
}

impl std::fmt::Debug for Webhook {
    /// Without the secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Webhook")
            .field("bot", &self.bot)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_is_the_addresss() {
        for (url, path) in [
            ("https://example.org/a/b?c=d", "/a/b"),
            ("https://example.org", "/"),
            ("http://127.0.0.1:80/x", "/x"),
        ] {
            assert_eq!(path_of(url).as_deref(), Some(path));
        }
    }

    #[test]
    fn secrets_have_a_form() {
        assert!(is_secret("a-Z_9"));
        for bad in ["", "a b", "ä", &"x".repeat(257)] {
            assert!(!is_secret(bad), "{bad}");
        }
    }
}
