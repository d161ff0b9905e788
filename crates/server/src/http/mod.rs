//! One port, HTTP on it: what a connection asks for, and who answers.

mod body;

pub(crate) use body::{Body, BodyError, full, read, stream};

use crate::app::App;
use crate::{bot_api, control, web};
use hyper::body::Incoming;
use hyper::{Method, Request, Response, StatusCode};
use std::convert::Infallible;
use std::sync::Arc;

/// Answers one request.
pub(crate) async fn serve(app: Arc<App>, request: Request<Incoming>) -> Result<Response<Body>, Infallible> {
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
            (&Method::GET, "/metrics") => full(StatusCode::OK, "text/plain; version=0.0.4", app.metrics()),
            (&Method::GET | &Method::HEAD, path) => web::serve(path, request.headers()),
            _ => full(StatusCode::NOT_FOUND, "application/json", bot_api::NOT_FOUND),
        }
    };
    // Nobody is told of anything that a crash could still undo.
    app.hub.settled().await;
    Ok(response)
}
