//! The control API.
use crate::app::App;
use crate::http::{self, Body};
use hyper::body::Incoming;
use hyper::{Request, Response, StatusCode};
use std::sync::Arc;

pub(crate) async fn serve(_: &Arc<App>, _: &str, _: Request<Incoming>) -> Response<Body> {
    http::full(StatusCode::NOT_FOUND, "application/json", "{}")
}
