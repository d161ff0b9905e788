//! `answerInlineQuery`: what can be sent.

use super::Context;
use crate::bot_api::{ApiError, Reply, decode};
use ringback_botapi::AnswerInlineQuery as Asked;
use ringback_world::calls::AnswerInlineQuery;
use ringback_world::{InlineAnswer, InlineQueryId};

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let asked: Asked = context.asked()?;
    let answer = InlineAnswer {
        results: decode::inline_results(context.params)?,
        cache_time: u32::try_from(asked.cache_time.unwrap_or(300).clamp(0, i64::from(u32::MAX))).unwrap_or(300),
        is_personal: asked.is_personal.unwrap_or(false),
        next_offset: asked.next_offset.unwrap_or_default(),
        button: context.params.get("button").map(str::to_owned),
    };
    let query = InlineQueryId(decode::query_id(&asked.inline_query_id).0);
    context.call(AnswerInlineQuery { bot: context.bot, query, answer })?;
    Ok(Reply::done())
}
