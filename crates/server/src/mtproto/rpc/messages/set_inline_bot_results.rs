//! `messages.setInlineBotResults`: a bot offers what can be sent.

use crate::mtproto::rpc::{Answer, Context, Refusal, remark};
use crate::mtproto::{decode, shown};
use ringback_tl::functions;
use ringback_world::calls::AnswerInlineQuery;
use ringback_world::{InlineAnswer, InlineQueryId};

/// Whatever brings its own text can be offered, and the bot's games; the rest is refused by name.
pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: functions::messages::SetInlineBotResults,
) -> Answer {
    let bot = context.bot()?;
    let results: Result<Vec<_>, _> = call.results.into_iter().map(decode::inline_result).collect();
    let results = results.map_err(|name| {
        let text = format!("an inline result was refused: {name} is not supported");
        remark(context.app, Some(bot), text);
        Refusal::new(400, format!("RESULT_TYPE_INVALID: {name} is not supported here"))
    })?;
    let answer = InlineAnswer {
        results,
        cache_time: u32::try_from(call.cache_time).unwrap_or(0),
        is_personal: call.private,
        next_offset: call.next_offset.unwrap_or_default(),
        button: shown::write_button(call.switch_pm, call.switch_webview),
    };
    context.lock().call(
        context.cause,
        AnswerInlineQuery {
            bot,
            query: InlineQueryId(call.query_id),
            answer,
        },
    )?;
    context.give(&true)
}
