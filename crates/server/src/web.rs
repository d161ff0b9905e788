//! The page.
use crate::http::{self, Body};
use hyper::{Response, StatusCode};
pub(crate) fn serve(_: &str) -> Response<Body> { http::full(StatusCode::NOT_FOUND, "application/json", crate::bot_api::NOT_FOUND) }
