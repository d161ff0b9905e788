//! `answerCallbackQuery`: the spinner stops.

use super::Context;
use crate::bot_api::{ApiError, Reply, decode};
use ringback_botapi::AnswerCallbackQuery as Asked;
use ringback_world::calls::AnswerCallbackQuery;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let asked: Asked = context.asked()?;
    context.call(AnswerCallbackQuery {
        bot: context.bot,
        query: decode::query_id(&asked.callback_query_id),
        text: asked.text,
        show_alert: asked.show_alert.unwrap_or(false),
        url: asked.url,
        cache_time: asked.cache_time.unwrap_or(0),
    })?;
    Ok(Reply::done())
}
