//! Sending updates to webhooks.

use super::{Params, carry_out, encode};
use crate::app::App;
use crate::hub::DeliveryJob;
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER, USER_AGENT};
use hyper::{Request, Response, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use ringback_world::calls::{WebhookOutcome, WebhookResult};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// How long a webhook may take (TBA).
const TIMEOUT: Duration = Duration::from_secs(60);
/// How much of a webhook's answer is read.
const MAX_ANSWER: usize = 1024 * 1024;

/// Sends what the world wants sent, as long as the server runs.
pub(crate) async fn run(app: Arc<App>, mut jobs: mpsc::UnboundedReceiver<DeliveryJob>) {
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    let client = Client::builder(TokioExecutor::new()).build(connector);
    while let Some(job) = jobs.recv().await {
        // The world has no more of these under way than the bot allows.
        tokio::spawn(deliver(Arc::clone(&app), client.clone(), job));
    }
}

async fn deliver(app: Arc<App>, client: Client<HttpConnector, Full<Bytes>>, job: DeliveryJob) {
    let Some((url, request)) = build(&app, job) else {
        return;
    };
    let outcome = match request {
        Ok(request) => match tokio::time::timeout(TIMEOUT, send(&app, &client, job, request)).await {
            Ok(outcome) => outcome,
            Err(_) => failed("Read timeout expired"),
        },
        Err(reason) => failed(reason),
    };
    let result = WebhookResult {
        bot: job.bot,
        url,
        update: job.update,
        lane: job.lane,
        outcome,
    };
    // A result for a webhook that is gone is passed over.
    let _ = app.hub.call(None, result);
}

fn failed(error: impl Into<String>) -> WebhookOutcome {
    WebhookOutcome::Failed {
        error: error.into(),
        retry_after: None,
    }
}

/// A request, or why there can be none.
type Prepared = Result<Request<Full<Bytes>>, String>;

/// The address as the bot gave it, and the request; nothing if update or webhook are gone meanwhile.
fn build(app: &App, job: DeliveryJob) -> Option<(String, Prepared)> {
    let locked = app.hub.lock();
    let world = locked.world();
    let bot = world.bot(job.bot)?;
    let config = &bot.webhook.as_ref()?.config;
    let url = config.url.clone();
    let Some(waiting) = bot.queue.get(job.update) else {
        return Some((url, Err("the update has expired".into())));
    };
    let request = || {
        let update = encode::update(world, job.bot, job.update, &waiting.update);
        let body = serde_json::to_vec(&update).map_err(|error| error.to_string())?;
        let mut request = Request::post(parse_url(&url)?)
            .header(CONTENT_TYPE, "application/json")
            .header(USER_AGENT, "ringback")
            .body(Full::new(Bytes::from(body)))
            .map_err(|error| error.to_string())?;
        if let Some(secret) = &config.secret_token {
            let mut value = HeaderValue::from_str(secret).map_err(|error| error.to_string())?;
            value.set_sensitive(true);
            request
                .headers_mut()
                .insert("X-Telegram-Bot-Api-Secret-Token", value);
        }
        Ok(request)
    };
    let request = request();
    Some((url, request))
}

async fn send(
    app: &Arc<App>,
    client: &Client<HttpConnector, Full<Bytes>>,
    job: DeliveryJob,
    request: Request<Full<Bytes>>,
) -> WebhookOutcome {
    let response = match client.request(request).await {
        Ok(response) => response,
        Err(error) => return failed(in_words(&error)),
    };
    if !response.status().is_success() {
        let retry_after = response
            .headers()
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok()?.trim().parse().ok())
            .map(Duration::from_secs);
        return WebhookOutcome::Failed {
            error: format!("Wrong response from the webhook: {}", response.status()),
            retry_after,
        };
    }
    take_reply(app, job, response).await;
    WebhookOutcome::Taken
}

/// A method in the answer is carried out; what comes of it only the journal tells.
async fn take_reply(app: &Arc<App>, job: DeliveryJob, response: Response<hyper::body::Incoming>) {
    let content_type = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    let Ok(body) = Limited::new(response.into_body(), MAX_ANSWER).collect().await else {
        return;
    };
    let body = body.to_bytes();
    if body.is_empty() {
        return;
    }
    let Ok(params) = Params::parse(None, content_type.as_deref(), body).await else {
        return;
    };
    let method = params.get("method").unwrap_or_default().to_owned();
    let lower = method.to_ascii_lowercase();
    if lower.is_empty()
        || lower.starts_with("get")
        || ["setwebhook", "deletewebhook", "close", "logout"].contains(&lower.as_str())
    {
        return;
    }
    // The bot is not told, as with Telegram.
    let _ = carry_out(app, job.bot, &method, params).await;
}

/// What went wrong, as `getWebhookInfo` tells it.
fn in_words(error: &hyper_util::client::legacy::Error) -> String {
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        if let Some(io) = error.downcast_ref::<std::io::Error>() {
            return match io.kind() {
                std::io::ErrorKind::ConnectionRefused => "Connection refused".into(),
                std::io::ErrorKind::ConnectionReset => "Connection reset by peer".into(),
                _ => format!("Connection failed: {io}"),
            };
        }
        if error.is::<hyper::Error>() {
            return format!("Wrong response from the webhook: {error}");
        }
        source = error.source();
    }
    error.to_string()
}

/// Where a webhook's address leads, if this server may go there.
///
/// Plain HTTP is fine on this machine and its private network. `https://` on loopback is taken as plain HTTP too:
/// some libraries write nothing else, and a local bot has no certificate.
pub(crate) fn parse_url(url: &str) -> Result<Uri, String> {
    let uri: Uri = url
        .trim()
        .parse()
        .map_err(|_| "invalid webhook URL specified".to_owned())?;
    let host = uri
        .host()
        .unwrap_or_default()
        .trim_matches(['[', ']'])
        .to_ascii_lowercase();
    let (loopback, near) = match host.parse::<IpAddr>() {
        Ok(ip) if ip.is_loopback() => (true, true),
        Ok(IpAddr::V4(ip)) => (false, ip.is_private() || ip.is_link_local()),
        Ok(IpAddr::V6(ip)) => (false, ip.is_unique_local()),
        Err(_) => (
            host == "localhost" || host.ends_with(".localhost"),
            !host.is_empty() && !host.contains('.'),
        ),
    };
    match uri.scheme_str() {
        Some("http") if near || loopback => Ok(uri),
        Some("http") => Err("An HTTPS URL must be provided for webhook".into()),
        Some("https") if loopback => {
            let authority = uri.authority().map(ToString::to_string).unwrap_or_default();
            let authority = if uri.port().is_none() {
                format!("{authority}:443")
            } else {
                authority
            };
            let path = uri.path_and_query().map_or("/", |path| path.as_str());
            format!("http://{authority}{path}")
                .parse()
                .map_err(|_| "invalid webhook URL specified".to_owned())
        }
        Some("https") => {
            Err("a local server sends updates only on this machine and, by http, its private network".into())
        }
        _ => Err("unsupported URL protocol".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_webhooks_may_be() {
        for (url, leads) in [
            ("http://127.0.0.1:9000/hook", Ok("http://127.0.0.1:9000/hook")),
            ("https://localhost:8443/x?y=1", Ok("http://localhost:8443/x?y=1")),
            ("https://127.0.0.1/x", Ok("http://127.0.0.1:443/x")),
            ("http://bot:8080", Ok("http://bot:8080/")),
            ("http://[::1]:80/", Ok("http://[::1]:80/")),
            ("http://example.org/", Err(())),
            ("https://example.org/", Err(())),
            ("ftp://127.0.0.1/", Err(())),
            ("nonsense", Err(())),
            ("", Err(())),
        ] {
            assert_eq!(
                parse_url(url).map(|uri| uri.to_string()).map_err(drop),
                leads.map(str::to_owned),
                "{url}"
            );
        }
    }
}
