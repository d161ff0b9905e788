//! `/openapi.json`: the control API, described.

use super::{Ask, Outcome};
use crate::app::App;
use crate::http::full;
use hyper::StatusCode;
use std::sync::Arc;

pub(super) const DOCUMENT: &str = include_str!("../../openapi.json");

/// `GET /openapi.json`
pub(super) fn document(_: &Arc<App>, _: &Ask) -> Outcome {
    Ok(full(StatusCode::OK, "application/json", DOCUMENT))
}
