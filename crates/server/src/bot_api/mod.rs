//! The Bot API: `/bot<token>/<method>` and `/file/bot<token>/<path>`.
//!
//! A request goes through here from top to bottom: whose it is, what it asks, what is to go wrong with it, the
//! method itself (one file each in [`methods`]), and the answer in Telegram's envelope.

pub(crate) mod decode;
pub(crate) mod encode;
mod error;
mod get_updates;
mod lenient;
mod methods;
mod params;
pub(crate) mod parse_mode;
pub(crate) mod webhook;

pub(crate) use error::ApiError;
pub(crate) use lenient::DecodeError;
pub(crate) use params::Params;

use crate::app::App;
use crate::http::{self, Body, BodyError};
use bytes::Bytes;
use flate2::read::{GzDecoder, ZlibDecoder};
use hyper::body::Incoming;
use hyper::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use hyper::{Method, Request, Response, StatusCode};
use methods::Run;
use ringback_world::calls::{About, Called, Responded, Started, UseToken};
use ringback_world::{InlineQueryId, MessageId, QueryId, Seq, UserId};
use std::io::Read as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The most bytes a request may bring: what the official server takes from a bot.
const MAX_BODY: usize = 50 * 1024 * 1024;
/// How much of a response the journal keeps.
const MAX_JOURNALED: usize = 16 * 1024;

/// What stands where no path leads.
pub(crate) const NOT_FOUND: &str = r#"{"ok":false,"error_code":404,"description":"Not Found"}"#;

/// What a method gives when it went well: the result as JSON, and for some a word about it.
#[derive(Debug)]
pub(crate) struct Reply {
    result: String,
    description: Option<&'static str>,
}

impl Reply {
    /// Any result.
    pub(crate) fn json<T: serde::Serialize>(result: &T) -> Result<Reply, ApiError> {
        let result = serde_json::to_string(result)
            .map_err(|error| ApiError::new(500, format!("Internal Server Error: {error}")))?;
        Ok(Reply {
            result,
            description: None,
        })
    }

    /// `true`.
    pub(crate) fn done() -> Reply {
        Reply {
            result: "true".into(),
            description: None,
        }
    }

    /// `true`, and what was done.
    pub(crate) fn done_with(description: &'static str) -> Reply {
        Reply {
            result: "true".into(),
            description: Some(description),
        }
    }
}

/// Answers `/bot<token>/<method>`.
pub(crate) async fn serve(app: &Arc<App>, request: Request<Incoming>) -> Response<Body> {
    let result = match *request.method() {
        Method::GET | Method::POST => receive(app, request).await,
        _ => Err(ApiError::new(501, "Not Implemented: only GET and POST are")),
    };
    respond(result)
}

async fn receive(app: &Arc<App>, request: Request<Incoming>) -> Result<Reply, ApiError> {
    let path = request.uri().path().to_owned();
    let query = request.uri().query().map(str::to_owned);
    let header = |name| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    };
    let (content_type, encoding) = (header(CONTENT_TYPE), header(CONTENT_ENCODING));
    let (token, method) = split_path(&path).ok_or_else(|| ApiError::new(404, "Not Found"))?;
    let bot = authorize(app, &token)?;
    let body = http::read(request.into_body(), MAX_BODY)
        .await
        .map_err(|error| match error {
            BodyError::TooLarge => ApiError::new(413, "Request Entity Too Large"),
            BodyError::Truncated => ApiError::new(400, "Bad Request: request body is incomplete"),
        })?;
    let body = match encoding.as_deref() {
        None | Some("identity") => body,
        Some(encoding) => unpack(encoding, &body)?,
    };
    let params = Params::parse(query.as_deref(), content_type.as_deref(), body).await?;
    let method = if method.is_empty() {
        params.get("method").unwrap_or_default().to_owned()
    } else {
        method
    };
    carry_out(app, bot, &method, params).await
}

/// A body that came packed, as large as an unpacked one may be.
fn unpack(encoding: &str, body: &[u8]) -> Result<Bytes, ApiError> {
    let limit = MAX_BODY as u64 + 1;
    let mut unpacked = Vec::new();
    let read = match encoding.trim().to_ascii_lowercase().as_str() {
        "gzip" | "x-gzip" => GzDecoder::new(body).take(limit).read_to_end(&mut unpacked),
        "deflate" => ZlibDecoder::new(body).take(limit).read_to_end(&mut unpacked),
        _ => return Err(ApiError::new(415, "Unsupported Media Type: content encoding")),
    };
    match read {
        Ok(len) if len > MAX_BODY => Err(ApiError::new(413, "Request Entity Too Large")),
        Ok(_) => Ok(unpacked.into()),
        Err(_) => Err(ApiError::bad_request("can't unpack the request body")),
    }
}

/// Token and method of `/bot<token>/<method>` or `/bot<token>/test/<method>`.
fn split_path(path: &str) -> Option<(String, String)> {
    let (token, rest) = path.strip_prefix("/bot")?.split_once('/')?;
    let method = rest.strip_prefix("test/").unwrap_or(rest).trim_end_matches('/');
    if method.contains('/') {
        return None;
    }
    // Some clients write the colon as %3A.
    Some((token.replace("%3A", ":").replace("%3a", ":"), method.to_owned()))
}

/// The bot that a token belongs to; made on first use, unless the server is strict.
fn authorize(app: &App, token: &str) -> Result<UserId, ApiError> {
    let mut locked = app.hub.lock();
    let known = locked.world().bot_by_token(token);
    let id = match known {
        Some(id) => id,
        None if app.hub.is_strict() && token.contains(':') => {
            return Err(ringback_world::Error::Unauthorized.into());
        }
        None => locked.call(
            None,
            UseToken {
                token: token.to_owned(),
            },
        )?,
    };
    let away = locked
        .world()
        .bot(id)
        .and_then(|bot| bot.logged_out)
        .is_some_and(|until| until > locked.world().now());
    if away {
        Err(ringback_world::Error::LoggedOut.into())
    } else {
        Ok(id)
    }
}

/// Carries out a method for a bot, however it was asked for: by a request, or in a webhook's answer.
pub(crate) async fn carry_out(
    app: &Arc<App>,
    bot: UserId,
    method: &str,
    params: Params,
) -> Result<Reply, ApiError> {
    let Some(entry) = methods::find(method) else {
        return Err(unsupported(app, bot, method, &params));
    };
    let handler = match entry.run {
        // Waiting is no news: the journal tells what was delivered.
        Run::GetUpdates => return get_updates::run(app, bot, &params).await,
        Run::Now(handler) => handler,
    };
    let arrived = Instant::now();
    let uploads = methods::keep_uploads(app, entry, &params)?;
    let started = call_arrived(app, bot, entry.name, &params);
    if let Some(fault) = &started.fault {
        if !fault.delay.is_zero() {
            tokio::time::sleep(fault.delay).await;
        }
        if let Some(error) = &fault.error {
            let result = Err(error.clone().into());
            call_done(app, bot, started.seq, arrived, &result, None);
            return result;
        }
    }
    let mut context = methods::Context::new(app, bot, started.seq, &params, uploads);
    let result = handler(&mut context);
    drop(context);
    call_done(app, bot, started.seq, arrived, &result, None);
    result
}

/// A method of the Bot API that this server does not have, or none at all.
fn unsupported(app: &App, bot: UserId, method: &str, params: &Params) -> ApiError {
    let Some(name) = ringback_botapi::METHODS
        .iter()
        .find(|name| name.eq_ignore_ascii_case(method))
    else {
        return ApiError::new(404, "Not Found: method not found");
    };
    let error = ApiError::new(
        400,
        format!("Bad Request: method {name} is not supported by this local server"),
    );
    let started = call_arrived(app, bot, name, params);
    let warning = format!("{name} is not supported: nothing was done");
    call_done(
        app,
        bot,
        started.seq,
        Instant::now(),
        &Err(error.clone()),
        Some(warning),
    );
    error
}

fn call_arrived(app: &App, bot: UserId, method: &str, params: &Params) -> Started {
    let called = Called {
        bot,
        method: method.to_owned(),
        params: params.to_json_for_journal(),
        about: about(params),
    };
    // Writing down that a call arrived cannot be refused.
    app.hub.call(None, called).unwrap_or(Started {
        seq: Seq(0),
        fault: None,
    })
}

fn call_done(
    app: &App,
    bot: UserId,
    call: Seq,
    arrived: Instant,
    result: &Result<Reply, ApiError>,
    warning: Option<String>,
) {
    let (ok, error_code, mut body) = match result {
        Ok(reply) => (true, None, reply.result.clone()),
        Err(error) => (false, Some(i32::from(error.code)), error.description.clone()),
    };
    if body.len() > MAX_JOURNALED {
        let cut = (0..=MAX_JOURNALED)
            .rev()
            .find(|at| body.is_char_boundary(*at))
            .unwrap_or(0);
        body.truncate(cut);
    }
    let responded = Responded {
        bot,
        call,
        ok,
        error_code,
        body,
        elapsed: arrived.elapsed(),
        warning,
    };
    // Writing down an answer cannot be refused.
    let _ = app.hub.call(Some(call), responded);
}

/// What a call names, by its parameters.
fn about(params: &Params) -> About {
    if let Some(id) = params.get("callback_query_id") {
        return id
            .trim()
            .parse()
            .map_or(About::Nothing, |id| About::Query(QueryId(id)));
    }
    if let Some(id) = params.get("inline_query_id") {
        return id
            .trim()
            .parse()
            .map_or(About::Nothing, |id| About::InlineQuery(InlineQueryId(id)));
    }
    if let Some(id) = params.get("inline_message_id") {
        return encode::read_inline_message_id(id).map_or(About::Nothing, About::Inline);
    }
    let peer = params
        .get("chat_id")
        .and_then(|id| id.trim().parse().ok())
        .and_then(ringback_world::Peer::from_chat_id);
    let message = params
        .get("message_id")
        .and_then(|id| id.trim().parse().ok())
        .map(MessageId);
    peer.map_or(About::Nothing, |peer| About::Chat(peer, message))
}

/// Telegram's envelope.
fn respond(result: Result<Reply, ApiError>) -> Response<Body> {
    match result {
        Ok(Reply { result, description }) => {
            let mut body = String::with_capacity(result.len() + 64);
            body.push_str(r#"{"ok":true,"result":"#);
            body.push_str(&result);
            if let Some(description) = description {
                body.push_str(r#","description":""#);
                body.push_str(description);
                body.push('"');
            }
            body.push('}');
            http::full(StatusCode::OK, "application/json", body)
        }
        Err(error) => {
            let status = StatusCode::from_u16(error.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let mut response = http::full(status, "application/json", envelope(&error));
            let retry_after = error
                .parameters
                .as_ref()
                .and_then(|parameters| parameters.retry_after);
            if let Some(seconds) = retry_after {
                response
                    .headers_mut()
                    .insert(RETRY_AFTER, HeaderValue::from(seconds));
            }
            response
        }
    }
}

/// A refusal in Telegram's envelope.
fn envelope(error: &ApiError) -> String {
    let mut body: ringback_botapi::Response<()> =
        ringback_botapi::Response::error(error.code, error.description.as_str());
    body.parameters = error.parameters.as_deref().cloned();
    // Text and numbers: cannot fail.
    serde_json::to_string(&body).unwrap_or_default()
}

/// Answers `/file/bot<token>/<path>`, with a path that `getFile` gave.
pub(crate) async fn serve_file(app: &Arc<App>, request: &Request<Incoming>) -> Response<Body> {
    let found = async {
        let (token, path) = request.uri().path().strip_prefix("/file/bot")?.split_once('/')?;
        authorize(app, &token.replace("%3A", ":").replace("%3a", ":")).ok()?;
        let digest = app
            .hub
            .lock()
            .world()
            .file(methods::file_at(path)?)?
            .digest
            .clone();
        app.hub.blobs.get(&digest).ok().flatten()
    };
    match found.await {
        Some(bytes) => http::full(StatusCode::OK, "application/octet-stream", bytes),
        None => http::full(StatusCode::NOT_FOUND, "application/json", NOT_FOUND),
    }
}

/// How long a bot may ask to wait for updates.
const MAX_POLL: Duration = Duration::from_secs(50);
