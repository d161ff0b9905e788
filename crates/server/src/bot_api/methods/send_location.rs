//! `sendLocation`, of a place that stays where it is: there are no live locations here.

use super::Context;
use crate::bot_api::{ApiError, Reply, decode};
use ringback_world::Content;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let point =
        decode::point(context.params)?.ok_or_else(|| ApiError::bad_request("wrong location specified"))?;
    if context.params.integer("live_period") != 0 {
        return Err(ApiError::bad_request(
            "this local server does not support live_period",
        ));
    }
    context.send(Content::Location(point))
}
