//! `messages.setBotCallbackAnswer`: a bot answers a press.

use crate::mtproto::rpc::{Answer, Context};
use ringback_tl::functions;
use ringback_world::calls::AnswerCallbackQuery;
use ringback_world::{Error, QueryId};

pub(in crate::mtproto::rpc) fn run(
    context: &Context<'_>,
    call: functions::messages::SetBotCallbackAnswer,
) -> Answer {
    let bot = context.me()?;
    let mut locked = context.lock();
    if locked.world().bot(bot).is_none() {
        return Err(Error::UserBotRequired.into());
    }
    locked.call(
        context.cause,
        AnswerCallbackQuery {
            bot,
            query: QueryId(call.query_id),
            text: call.message,
            show_alert: call.alert,
            url: call.url,
            cache_time: call.cache_time.into(),
        },
    )?;
    context.give(&true)
}
