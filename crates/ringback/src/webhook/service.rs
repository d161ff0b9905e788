//! [`WebhookService`]: one request in, one response out, whoever does the HTTP.

use std::convert::Infallible;
use std::fmt;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use http_body::{Body, Frame, SizeHint};
use http_body_util::{BodyExt, LengthLimitError, Limited};

use ringback_botapi::{AnswerCallbackQuery, GetMe};
use subtle::ConstantTimeEq;
use tokio::time::Instant;

use super::Ride;
use super::seen::{Entered, Seen};
use crate::bot::Bot;
use crate::dispatch::{Dispatcher, Failure, Idle, Origin, Report};
use crate::error::BoxError;
use crate::time::timeout_at;
use crate::update::{self, Content};

/// How long a body may take to come.
const BODY_TIME: Duration = Duration::from_secs(30);

pub(super) const SECRET: &str = "x-telegram-bot-api-secret-token";

/// A bot's webhook, to be mounted in any server: [`handle`](Self::handle) takes a request and gives the response.
///
/// A cheap handle; clones are the same webhook. It looks at the method, the secret and the body, and not at the path.
///
/// With the feature `tower` it is a `tower::Service` as well, so that `axum`'s `post_service` takes it. That is a
/// feature, because the trait's crate has not reached 1.0; `handle` names only `http` and `http-body`, which have.
///
/// A program that mounts it also stops it: after its server has stopped, [`drain`](Self::drain) waits for the
/// handlers that go on after their answers.
#[derive(Clone)]
pub struct WebhookService(Arc<Inner>);

struct Inner {
    bot: Bot,
    dispatcher: Arc<Dispatcher>,
    secret: Option<String>,
    body_limit: usize,
    ride: bool,
    seen: Arc<Seen>,
    idle: Arc<Idle>,
    introduced: AtomicBool,
}

impl WebhookService {
    pub(super) fn new(
        bot: Bot,
        dispatcher: Arc<Dispatcher>,
        secret: Option<String>,
        body_limit: usize,
        ride: bool,
    ) -> Self {
        WebhookService(Arc::new(Inner {
            // Presses need no introduction: a bot that only answers them calls nobody.
            introduced: AtomicBool::new(!dispatcher.has_commands()),
            bot,
            dispatcher,
            secret,
            body_limit,
            ride,
            seen: Arc::default(),
            idle: Arc::default(),
        }))
    }

    /// The kinds of update that the router takes, for `setWebhook`.
    pub fn allowed_updates(&self) -> Vec<String> {
        let kinds = self.0.dispatcher.allowed_updates();
        kinds.iter().map(|kind| (*kind).to_owned()).collect()
    }

    /// Takes one request. The response is
    ///
    /// * 200, with the answer to a query or empty, when the update has been handled (a query: answered);
    /// * 401 without the secret, 405 for anything but POST, 413 for a body that is too large, 408 for one that
    ///   does not come, 400 for one that is no update. The server sends such an update again.
    pub async fn handle<B>(&self, request: Request<B>) -> Response<Reply>
    where
        B: Body,
        B::Error: Into<BoxError>,
    {
        let said = match self.body(request).await {
            Ok(body) => self.take(&body).await.1,
            Err(status) => Said::refusal(status),
        };
        said.into()
    }

    async fn body<B>(&self, request: Request<B>) -> Result<Bytes, StatusCode>
    where
        B: Body,
        B::Error: Into<BoxError>,
    {
        if request.method() != Method::POST {
            return Err(StatusCode::METHOD_NOT_ALLOWED);
        }
        if !self.knows_secret(request.headers().get(SECRET).map(HeaderValue::as_bytes)) {
            return Err(StatusCode::UNAUTHORIZED);
        }
        let body = request.into_body();
        if body.size_hint().lower() > self.0.body_limit as u64 {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        let body = pin!(Limited::new(body, self.0.body_limit).collect());
        match timeout_at(|| Instant::now() + BODY_TIME, body).await {
            Ok(Ok(body)) => Ok(body.to_bytes()),
            Ok(Err(error)) if error.is::<LengthLimitError>() => Err(StatusCode::PAYLOAD_TOO_LARGE),
            Ok(Err(_)) => Err(StatusCode::BAD_REQUEST),
            Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
        }
    }

    /// Takes an update whose sender knows the secret; its number, and the response.
    pub(super) async fn take(&self, body: &Bytes) -> (Option<i64>, Said) {
        let Some(update) = update::read_single(body) else {
            return (None, Said::refusal(StatusCode::BAD_REQUEST));
        };
        let id = update.id;
        if !matches!(update.content, Content::Callback(_)) {
            self.introduce();
        }
        let mark = self.0.dispatcher.mark(&update);
        let response = match self.0.seen.enter(update.id) {
            Entered::Over(response) => response,
            // Dropped without a word: there is nothing to carry.
            Entered::Again(response) => response.await.unwrap_or_default(),
            Entered::New(claim, response) => {
                let origin = Origin::Hook(Ride::new(claim, self.0.ride, mark.clone()), self.0.idle.enter());
                self.0.dispatcher.submit(update, origin, mark.clone());
                response.await.unwrap_or_default()
            }
        };
        if let Some(mark) = mark.filter(|mark| !mark.is_written()) {
            // Whoever has asked may hang up meanwhile.
            let mut given = Given(Some((self, id)));
            mark.write(&response).await;
            given.0 = None;
        }
        let status = StatusCode::OK;
        (
            Some(id),
            Said {
                status,
                body: response,
            },
        )
    }

    /// An update's response could not be written. The answer that was in it goes by a call, unless the update has been
    /// sent again meanwhile and the answer with its response.
    pub(super) fn lost(&self, update: i64) {
        let Some(response) = self.0.seen.take_back(update) else {
            return;
        };
        let Ok(answer) = serde_json::from_slice::<AnswerCallbackQuery>(&response) else {
            return;
        };
        let (this, busy) = (self.clone(), self.0.idle.enter());
        tokio::spawn(async move {
            if let Err(error) = this.0.bot.send(answer).await {
                let report = Report::new(Some(update), Failure::NotSent(error));
                this.0.dispatcher.desk().report(None, report).await;
            }
            drop(busy);
        });
    }

    /// Waits until no handler is at work and no answer is owed by a [`Later`](crate::Later), but no longer than the time
    /// given. What is owed then gets the fallback answer. Whether all have ended.
    pub async fn drain(&self, limit: Duration) -> bool {
        if tokio::time::timeout(limit, self.0.idle.wait()).await.is_err() {
            self.0.dispatcher.answer_owed().await;
        }
        self.0.idle.count() == 0
    }

    /// Finds out the bot's name, once, on the side: until it is known, every addressed command is taken.
    fn introduce(&self) {
        if self.0.introduced.swap(true, Ordering::Relaxed) {
            return;
        }
        let this = self.clone();
        tokio::spawn(async move {
            match this.0.bot.send(GetMe::new()).await {
                Ok(me) => {
                    if let Some(name) = me.username {
                        this.0.dispatcher.set_username(name);
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "the bot's name is not known yet");
                    this.0.introduced.store(false, Ordering::Relaxed);
                }
            }
        });
    }

    pub(super) fn body_limit(&self) -> usize {
        self.0.body_limit
    }

    /// Compared in a time that does not depend on how much of it is right.
    pub(super) fn knows_secret(&self, given: Option<&[u8]>) -> bool {
        let Some(secret) = &self.0.secret else { return true };
        given.is_some_and(|given| given.ct_eq(secret.as_bytes()).into())
    }
}

/// A response that is about to be given. Dropped, it is lost.
struct Given<'a>(Option<(&'a WebhookService, i64)>);

impl Drop for Given<'_> {
    fn drop(&mut self) {
        // Without a runtime nobody could send the answer.
        if let Some((service, update)) = self.0.take()
            && tokio::runtime::Handle::try_current().is_ok()
        {
            service.lost(update);
        }
    }
}

impl fmt::Debug for WebhookService {
    /// Without the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookService")
            .field("bot", &self.0.bot)
            .finish_non_exhaustive()
    }
}

/// What is said to a request, whoever does the HTTP.
pub(super) struct Said {
    pub(super) status: StatusCode,
    /// Nothing, or one method as JSON.
    pub(super) body: Bytes,
}

impl Said {
    pub(super) fn refusal(status: StatusCode) -> Self {
        Said {
            status,
            body: Bytes::new(),
        }
    }

    /// The headers that say more about it.
    pub(super) fn headers(&self) -> impl Iterator<Item = (HeaderName, &'static str)> {
        let json = (!self.body.is_empty()).then_some((CONTENT_TYPE, "application/json"));
        let post = (self.status == StatusCode::METHOD_NOT_ALLOWED).then_some((ALLOW, "POST"));
        json.into_iter().chain(post)
    }
}

impl From<Said> for Response<Reply> {
    fn from(said: Said) -> Self {
        let mut response = Response::new(Reply(None));
        *response.status_mut() = said.status;
        for (name, value) in said.headers() {
            response
                .headers_mut()
                .insert(name, HeaderValue::from_static(value));
        }
        response.body_mut().0 = Some(said.body).filter(|body| !body.is_empty());
        response
    }
}

/// The body of a [`WebhookService`]'s response: nothing, or one method as JSON.
#[derive(Debug, Default)]
pub struct Reply(Option<Bytes>);

impl Reply {
    /// The whole body.
    pub fn into_bytes(self) -> Bytes {
        self.0.unwrap_or_default()
    }
}

impl Body for Reply {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.take().map(|body| Ok(Frame::data(body))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.as_ref().map_or(0, |body| body.len() as u64))
    }
}
