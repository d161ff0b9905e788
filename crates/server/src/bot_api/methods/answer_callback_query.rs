//! `answerCallbackQuery`: the spinner stops.

use super::Context;
use crate::bot_api::{ApiError, Reply};
use ringback_botapi::AnswerCallbackQuery as Asked;
use ringback_world::QueryId;
use ringback_world::calls::AnswerCallbackQuery;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let asked: Asked = context.asked()?;
    context.call(AnswerCallbackQuery {
        bot: context.bot,
        // What is no number is the number of no query.
        query: QueryId(asked.callback_query_id.trim().parse().unwrap_or(0)),
        text: asked.text,
        show_alert: asked.show_alert.unwrap_or(false),
        url: asked.url,
        cache_time: asked.cache_time.unwrap_or(0),
    })?;
    Ok(Reply::done())
}
