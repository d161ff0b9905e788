//! The control API, `/_ringback/v1`: whoever runs the local Telegram looks at it and moves it through here.
//!
//! [`routes::ROUTES`] is the one list of what there is; each resource has its own file. Bodies are JSON, errors
//! are `{"error":{"code","message","hint"}}`. `openapi.json` describes all of it.

mod ask;
mod bots;
mod button;
mod chats;
mod clock;
mod duration;
mod entry;
mod error;
mod events;
mod faults;
mod files;
mod id;
mod inline;
mod messages;
mod mtproto;
mod openapi;
mod origin;
mod presses;
mod routes;
mod settings;
mod shapes;
mod snapshot;
mod users;

use crate::app::App;
use crate::http::{self, Body, BodyError, full};
use ask::Ask;
use error::Failure;
use hyper::body::{Body as _, Incoming};
use hyper::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use hyper::{Request, Response, StatusCode};
use routes::Found;
use serde::Serialize;
use std::sync::Arc;

/// What a handler gives.
type Outcome = Result<Response<Body>, Failure>;

/// The most bytes of a request's body, unless the route says otherwise.
const MAX_BODY: usize = 1024 * 1024;

/// Answers a request whose path, without the prefix, is `route`.
pub(crate) async fn serve(app: &Arc<App>, route: &str, request: Request<Incoming>) -> Response<Body> {
    let mut response = answer(app, route, request)
        .await
        .unwrap_or_else(Failure::into_response);
    response
        .headers_mut()
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

async fn answer(app: &Arc<App>, path: &str, request: Request<Incoming>) -> Outcome {
    origin::check(app, request.headers())?;
    let (route, parts) = match routes::find(request.method().as_str(), path) {
        Found::Route(route, parts) => (route, parts),
        Found::OtherMethods(methods) => {
            let allow = methods.join(", ");
            let method = request.method();
            let failure = Failure::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "method_not_allowed",
                format!("{path} takes no {method}"),
            );
            let mut response = failure.hint(format!("It takes {allow}.")).into_response();
            if let Ok(allow) = HeaderValue::from_str(&allow) {
                response.headers_mut().insert(ALLOW, allow);
            }
            return Ok(response);
        }
        Found::Nothing(close) => {
            let message = format!("There is no {} {path} here", request.method());
            return Err(Failure::not_found(message).hint(close));
        }
    };
    let (head, body) = request.into_parts();
    let empty = body.is_end_stream();
    let body = http::read(body, route.max_body)
        .await
        .map_err(|error| match error {
            BodyError::TooLarge => {
                let message = format!("The body is longer than {} bytes", route.max_body);
                Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", message)
            }
            BodyError::Truncated => Failure::bad_request("The body stopped before its end"),
        })?;
    if !empty && !body.is_empty() {
        let content_type = head
            .headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or("none");
        if !is_json(content_type) {
            let message = format!("The body must be JSON, but its Content-Type is {content_type}");
            let failure = Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json", message);
            return Err(failure.hint("Send the header “Content-Type: application/json”."));
        }
    }
    let ask = Ask::new(parts, head.uri.query(), body, head.headers);
    route.run(app, &ask).await
}

fn is_json(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}

/// A value as the answer.
fn json<T: Serialize>(value: &T) -> Outcome {
    let body = serde_json::to_vec(value).map_err(|error| Failure::internal(&error))?;
    Ok(full(StatusCode::OK, "application/json", body))
}

/// `{"ok":true}`: it was done, and there is nothing to tell.
#[derive(Serialize)]
struct Done {
    ok: bool,
}

fn done() -> Outcome {
    json(&Done { ok: true })
}
