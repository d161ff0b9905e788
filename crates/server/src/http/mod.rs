//! One port, HTTP on it: what a connection asks for, and who answers.

mod body;

pub(crate) use body::{Body, BodyError, full, read, stream};

use crate::app::App;
use crate::store::Unwritten;
use crate::{bot_api, control, mtproto, web};
use hyper::body::Incoming;
use hyper::{Method, Request, Response, StatusCode};
use std::convert::Infallible;
use std::sync::Arc;

/// What every request is told when the world's file cannot be written.
const UNWRITTEN: &str = r#"{"ok":false,"error_code":500,"description":"Internal Server Error: the world's file cannot be written"}"#;
/// What a request is told whose head is too large.
const TOO_LARGE: &str = r#"{"ok":false,"error_code":431,"description":"Request Header Fields Too Large"}"#;
/// The most bytes of a request's head (TBA).
pub(crate) const MAX_HEAD: usize = 256 * 1024;

/// Answers one request.
pub(crate) async fn serve(app: Arc<App>, request: Request<Incoming>) -> Result<Response<Body>, Infallible> {
    // The connection's own limit stops what never ends, but lets a head through that came in one piece.
    let head: usize = request
        .headers()
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len())
        .sum();
    if head
        + request
            .uri()
            .path_and_query()
            .map_or(0, |path| path.as_str().len())
        > MAX_HEAD
    {
        return Ok(full(
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            "application/json",
            TOO_LARGE,
        ));
    }
    let path = request.uri().path();
    let response = if path.starts_with("/bot") && path[4..].contains('/') {
        bot_api::serve(&app, request).await
    } else if path.starts_with("/file/bot") {
        bot_api::serve_file(&app, &request).await
    } else if let Some(rest) = path.strip_prefix("/_ringback/v1") {
        let route = rest.to_owned();
        control::serve(&app, &route, request).await
    } else {
        match (request.method(), path) {
            (&Method::GET | &Method::HEAD, "/livez" | "/readyz") => {
                full(StatusCode::OK, "text/plain; charset=utf-8", "ok\n")
            }
            (&Method::GET, "/apiws" | "/apiws_test") => mtproto::upgrade(&app, request),
            (&Method::GET, "/metrics") => full(StatusCode::OK, "text/plain; version=0.0.4", app.metrics()),
            (&Method::GET | &Method::HEAD, path) => web::serve(path, request.headers()),
            _ => full(StatusCode::NOT_FOUND, "application/json", bot_api::NOT_FOUND),
        }
    };
    // Nobody is told of anything that a crash could still undo.
    Ok(match app.hub.settled().await {
        Ok(()) => response,
        Err(Unwritten) => full(StatusCode::INTERNAL_SERVER_ERROR, "application/json", UNWRITTEN),
    })
}
